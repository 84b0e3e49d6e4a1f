import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const usage = `npm run bench -- [--sizes 100,1000,10000] [--rounds 3] [--json] [--skein PATH]

--sizes   how many migrations, one phase each
--rounds  how often each contender runs at each size; medians are told
--json    everything that was measured, as JSON on stdout
--skein   another bin/skein, to compare builds
`

/** The command line as values; prints the usage and ends the process for anything else. */
export function benchOptions(argv) {
  try {
    const { values } = parseArgs({
      args: argv,
      options: {
        sizes: { type: 'string', default: '100,1000,10000' },
        rounds: { type: 'string', default: '3' },
        json: { type: 'boolean', default: false },
        skein: { type: 'string', default: fileURLToPath(new URL('../bin/skein', import.meta.url)) },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (values.help) end(0, usage)
    const sizes = values.sizes.split(',').map(Number)
    const rounds = Number(values.rounds)
    if (![rounds, ...sizes].every((number) => Number.isInteger(number) && number > 0)) end(2, usage)
    if (!existsSync(values.skein)) end(2, `there is no ${values.skein}\n`)
    return { sizes, rounds, json: values.json, skein: values.skein }
  } catch (error) {
    return end(2, `${error.message}\n\n${usage}`)
  }
}

function end(code, text) {
  process[code === 0 ? 'stdout' : 'stderr'].write(text)
  process.exit(code)
}
