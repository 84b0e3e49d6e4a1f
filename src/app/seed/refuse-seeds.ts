import { SkeinError } from '../../model/errors.ts'
import type { Service } from '../../model/service.ts'
import { readEnvironmentsFiles } from '../../sources/overlays/environments-file/read-file.ts'
import { openFolder } from '../../util/folder.ts'

/**
 * The files that environments.json lists for the environment in force, or else for the one that the database is `known` as (none: all). Without such a list seeds are refused where `allow_test_data` is false,
 * and in production where it is not true. Throws SEED-REFUSED.
 */
export function allowedSeeds(service: Service, root: string, known: string | undefined): string[] {
  const environment = service.environment ?? known
  if (environment === undefined) return []
  const { entries } = readEnvironmentsFiles(service.paths.map((path) => openFolder(path, root)))
  const mine = entries.filter((entry) => entry.name === environment)
  const listed = mine.flatMap((entry) => entry.seeds.map((seed) => seed.text))
  const said = mine.flatMap((entry) => entry.testData ?? [])
  const no = said.find((one) => !one.allowed)
  if (listed.length > 0) return listed
  if (no === undefined && (said.length > 0 || !/^prod(uction)?$/i.test(environment))) return []
  throw new SkeinError('SEED-REFUSED', {
    message: `${service.name}: seeds are not allowed in ${environment}${no === undefined ? '' : ` (${no.key}, ${no.place.file}:${no.place.line})`}`,
    hint: `list them: "seeds" of ${environment} in environments.json beside the migrations; nothing was run`,
    service: service.name,
    ...(no === undefined ? {} : { place: no.place }),
  })
}
