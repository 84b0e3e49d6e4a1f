import { SkeinError } from '../../model/errors.ts'
import { matchServices, selectServices } from '../../workspace/select.ts'
import type { Loaded, LoadedService } from '../load.ts'

/**
 * The service and the name out of the words of a command line. Where there is one service its name may be left out; where a name was given by an
 * option, the words are a service at most. Throws USAGE, SERVICE-UNKNOWN, SERVICE-AMBIGUOUS.
 */
export function chooseService(
  loaded: Loaded,
  { words, name }: { words: readonly string[]; name?: string },
): { one: LoadedService; name: string } {
  const services = loaded.workspace.services
  const [first, ...rest] = words
  const [only] = services
  const isNamed = first !== undefined && matchServices(services, first).length > 0
  if (services.length === 1 && only !== undefined && !isNamed) {
    if (name !== undefined && first !== undefined) selectServices(services, [first])
    return { one: loadedOf(loaded, only.name), name: given(name ?? words.join(' ')) }
  }
  if (first === undefined)
    throw new SkeinError('USAGE', {
      message: 'new needs a service and a name',
      hint: `skein new SERVICE NAME; services here: ${services.map((service) => service.name).join(', ')}`,
    })
  const [service, another] = selectServices(services, [first])
  if (service === undefined || another !== undefined)
    throw new SkeinError('USAGE', { message: `${first} means several services, and new makes one migration`, hint: 'name one of them' })
  if (name !== undefined && rest.length > 0)
    throw new SkeinError('USAGE', { message: `two names: --name ${name}, and ${rest.join(' ')}`, hint: 'leave one of them out' })
  return { one: loadedOf(loaded, service.name), name: given(name ?? rest.join(' ')) }
}

function given(name: string): string {
  if (name.trim() !== '') return name
  throw new SkeinError('USAGE', { message: 'a migration needs a name', hint: 'skein new SERVICE NAME, such as: add user preferences' })
}

function loadedOf(loaded: Loaded, name: string): LoadedService {
  return loaded.all.find((one) => one.service.name === name) as LoadedService
}
