// The program of the child: answers `facts` and `run` on file descriptor 3, one JSON object a line, and ends when that closes.
// Plain JavaScript without packages: it runs as a file, in the service's folder, with whatever Node and loader the service has.
import { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { describe } from './describe.mjs'
import { load } from './load.mjs'
import { runStep } from './step.mjs'
import { working } from './watch.mjs'

// TypeORM's and pg's frames come first; the migration's would be cut off.
Error.stackTraceLimit = 50

const options = JSON.parse(process.argv[2])
const pipe = new Socket({ fd: 3, readable: true, writable: true })
const say = (message) => pipe.write(`${JSON.stringify(message)}\n`)
let loaded
const program = () => (loaded ??= load(options))

const methods = {
  async facts() {
    return (await program()).facts
  },
  async run(step) {
    const started = performance.now()
    const result = await runStep(program, step, (event, params) => say({ event, params }))
    return { ...result, ms: Math.round(performance.now() - started) }
  },
}

createInterface({ input: pipe }).on('line', (line) => void answer(JSON.parse(line)))

async function answer({ id, method, params }) {
  try {
    say({ id, result: await methods[method](params) })
  } catch (error) {
    say({ id, error: describe('load', error) })
  }
}

// Nobody is there any more, or nobody wants more. What runs is not to go on alone: the server rolls back what is open.
for (const event of ['error', 'close', 'end']) pipe.on(event, () => void leave())

let leaving = false
async function leave() {
  if (leaving) return
  leaving = true
  if (!working() && loaded) {
    setTimeout(die, 1000)
    await loaded.then((known) => known.dataSource.isInitialized && known.close?.()).catch(() => {})
  }
  die()
}

function die() {
  try {
    // The group as well: what a migration started ends with it. Exit handlers of the service could take for ever.
    process.kill(-process.pid, 'SIGKILL')
  } catch {
    process.kill(process.pid, 'SIGKILL')
  }
}
