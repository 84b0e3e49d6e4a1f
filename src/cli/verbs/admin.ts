import { Command } from 'commander'
import { embedded } from '../../app/embedded.ts'
import { init } from '../../app/init.ts'
import { portsOf, type Context } from '../context.ts'
import { brief, type CommonOptions } from '../options.ts'
import { print } from '../output.ts'
import type { Outcome } from '../outcome.ts'

/** Verbs about the workspace itself: init, embedded. */
export function adminVerbs(context: Context, _outcome: Outcome): Command[] {
  return [initVerb(context), embeddedVerb(context)]
}

function initVerb(context: Context): Command {
  return brief(new Command('init'))
    .description('write skein.yaml for the services found below this folder')
    .option('--dry-run', 'only print it')
    .action(async (options: CommonOptions & { dryRun?: boolean }) => {
      const result = await init(
        options,
        portsOf(context, () => {}),
      )
      print(context, options, result, (one) =>
        one.written ? `wrote ${one.file}: ${one.services.map((service) => service.name).join(', ') || 'no services found'}\n` : one.text,
      )
    })
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
