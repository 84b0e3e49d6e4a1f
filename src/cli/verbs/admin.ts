import { Command, InvalidArgumentError } from 'commander'
import { embedded } from '../../app/embedded.ts'
import { init, initQuestions } from '../../app/init.ts'
import { ask, canAsk } from '../confirm.ts'
import { portsOf, type Context } from '../context.ts'
import { brief, type CommonOptions } from '../options.ts'
import { print } from '../output.ts'
import type { Outcome } from '../outcome.ts'

/** Verbs about the workspace itself: init, embedded. */
export function adminVerbs(context: Context, _outcome: Outcome): Command[] {
  return [initVerb(context), embeddedVerb(context)]
}

interface InitOptions extends CommonOptions {
  dryRun?: boolean
  tool?: Record<string, string>
  yes?: boolean
}

function initVerb(context: Context): Command {
  return brief(new Command('init'))
    .description('write skein.yaml for the services found below this folder')
    .option('-d, --database <text>', 'what database: is to say: a URL, a variable as ${NAME}, or embedded; not asked then')
    .option('--tool <service=tool>', 'the tool of a service whose files fit several; repeatable; not asked then', toolOf)
    .option('--dry-run', 'only print it')
    .option('-y, --yes', 'do not ask: what is not said takes its default')
    .action(async (options: InitOptions) => {
      const ports = portsOf(context, () => {})
      const request = { dryRun: options.dryRun, database: options.database, tools: { ...options.tool } }
      if (options.yes !== true && options.json !== true && canAsk(context)) {
        for (const question of await initQuestions(request, ports)) {
          const answer = await ask(context, question)
          if (answer === undefined) continue
          if ('tool' in question.about) request.tools[question.about.tool] = answer
          else request.database = answer
        }
      }
      const result = await init(request, ports)
      print(context, options, result, (one) =>
        one.written ? `wrote ${one.file}: ${one.services.map((service) => service.name).join(', ') || 'no services found'}\n` : one.text,
      )
    })
}

/** `wallet=diesel`, added to those before it. Throws USAGE through commander. */
function toolOf(text: string, before: Record<string, string> = {}): Record<string, string> {
  const [, service, tool] = /^([^=]+)=(.+)$/.exec(text) ?? []
  if (service === undefined || tool === undefined) throw new InvalidArgumentError('it is written SERVICE=TOOL, as in wallet=diesel')
  return { ...before, [service]: tool }
}

function embeddedVerb(context: Context): Command {
  const parent = new Command('embedded').description('the PostgreSQL server of this workspace')
  const about = {
    start: 'start it',
    stop: 'stop it',
    status: 'whether it runs, and where',
    url: 'the URL of one of its databases, made when missing (it holds the password)',
    remove: 'stop it and delete its data',
  } as const
  for (const action of ['start', 'stop', 'status', 'url', 'remove'] as const) {
    const verb = brief(new Command(action)).description(about[action]).option('-f, --file <path>', 'the workspace file')
    if (action === 'url') verb.argument('[database]', 'name of the database (skein)')
    verb.action(async (...words: unknown[]) => {
      const name = action === 'url' && typeof words[0] === 'string' ? words[0] : undefined
      const options = words[action === 'url' ? 1 : 0] as CommonOptions
      const result = await embedded(
        { services: [], file: options.file, action, name },
        portsOf(context, () => {}),
      )
      print(context, options, result, (one) => {
        if (one.url !== undefined) return `${one.url}\n`
        return one.state === 'running'
          ? `running: PostgreSQL ${one.version}, 127.0.0.1:${one.port}, pid ${one.pid}, socket ${one.socketDir}\n`
          : `${one.state}\n`
      })
    })
    parent.addCommand(verb)
  }
  return parent
}
