import type { Standing } from '../model/standing.ts'

type Next = Standing['next']

/** What is sensible to type where one stands so, the most sensible first; three commands at most. Pure. */
export function nextOf(one: Omit<Standing, 'next'>): Next {
  const found = steps(one)
  // Without a file everything works for one service; a person should know that more can be said.
  const write = one.file === null && one.state !== 'no-workspace' && one.state !== 'invalid' && one.services.length > 0
  return write && found.length < 3
    ? [...found, { command: 'skein init', why: 'write skein.yaml, for more than one service or a connection of its own' }]
    : found
}

function steps({ state, services, problems }: Omit<Standing, 'next'>): Next {
  switch (state) {
    case 'no-workspace':
      if (services.length > 0)
        return [
          { command: 'skein init', why: 'write skein.yaml for them' },
          { command: 'skein init --dry-run', why: 'look at it first' },
        ]
      return [
        { command: 'skein help tools', why: 'whose migrations Skein reads' },
        { command: 'skein init', why: 'write skein.yaml here, to fill in' },
      ]
    case 'invalid':
      return problems[0]?.code === 'SOURCE-INVALID'
        ? [{ command: 'skein validate', why: 'all that is wrong with the files, with places' }]
        : [{ command: `skein help ${problems[0]?.code ?? 'errors'}`, why: 'why that is, and what to do' }]
    case 'no-database':
      return [
        { command: 'skein help connections', why: 'every way to say which database' },
        { command: 'skein plan --embedded', why: 'try it on a PostgreSQL that Skein starts here' },
        { command: 'skein validate', why: 'check the files, without a database' },
      ]
    case 'unreachable':
      return [
        { command: 'skein wait', why: 'wait until it takes connections' },
        { command: 'skein config', why: 'what is connected to, and who says so' },
      ]
    case 'not-started':
      return [
        { command: 'skein up', why: 'start it and apply what is pending' },
        { command: 'skein status', why: 'start it and see what is applied' },
      ]
    case 'broken':
      return [
        { command: 'skein repair', why: 'what is known of it, and the ways out' },
        { command: 'skein status', why: 'every service' },
      ]
    case 'pending':
      return [
        { command: 'skein plan', why: 'what would run, in which order' },
        { command: 'skein up', why: 'apply it' },
      ]
    case 'up-to-date':
      return [{ command: `skein new ${services.length === 1 ? '' : 'SERVICE '}NAME`, why: 'the next migration' }, look]
  }
}

const look = { command: 'skein status', why: 'what is applied where' }
