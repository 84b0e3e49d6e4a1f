import type { Finding } from '../../model/finding.ts'
import { finding } from '../rules.ts'
import { findCircle } from './find-circle.ts'
import { type Node, parentsOf, withAncestors } from './order.ts'
import type { RevisionFile } from './revision-file.ts'

/** The revisions as a graph: `depends_on` resolved, what is named but not there left out and found fault with. */
export interface RevisionGraph {
  nodes: Node[]
  findings: Finding[]
  /** Something stands in a circle, so there is no order. */
  isCircular: boolean
}

/**
 * Makes the graph as Alembic's revision map does (1.16.5 script/revision.py). `isWhole` false: some file's id is only known to the runtime, so a
 * name that nobody has may be that one.
 */
export function graphOf(files: readonly RevisionFile[], isWhole: boolean): RevisionGraph {
  const findings: Finding[] = []
  const ids = new Set(files.map((file) => file.revision))
  const labels = labelsOf(files, ids, findings)
  const known = (file: RevisionFile, named: readonly string[], what: string, resolve: (name: string) => string | undefined) =>
    named.flatMap((name) => {
      const id = resolve(name)
      if (id === undefined && isWhole) findings.push(unknownRevision(file, name, what, ids, labels))
      return id === undefined ? [] : [id]
    })
  const nodes = files.map(
    (file): Node => ({
      revision: file.revision,
      downs: known(file, file.downs, 'down_revision', (name) => (ids.has(name) ? name : undefined)),
      depends: known(file, file.dependsOn, 'depends_on', (name) => (ids.has(name) ? name : labels.get(name))),
    }),
  )
  const circle = findCircle(nodes)
  if (circle !== undefined) {
    findings.push(circleFinding(circle, files))
    return { nodes, findings, isCircular: true }
  }
  const normal = withoutImplied(nodes)
  if (isWhole) findings.push(...severalHeads(normal))
  return { nodes: normal, findings, isCircular: false }
}

/** A branch label is a further name of its revision. */
function labelsOf(files: readonly RevisionFile[], ids: ReadonlySet<string>, findings: Finding[]): Map<string, string> {
  const labels = new Map<string, string>()
  for (const { revision, labels: own, file } of files) {
    for (const label of own) {
      const taken = labels.get(label) ?? (ids.has(label) ? label : undefined)
      if (taken === undefined) labels.set(label, revision)
      else {
        const message = `the branch label ${label} of ${revision} is a name of ${taken} already: Alembic stops with "already used"`
        findings.push(
          finding({ rule: 'ALEMBIC-LABEL', severity: 'error', message, remedy: 'call one of them otherwise' }, file.file, revision),
        )
      }
    }
  }
  return labels
}

/** What an ancestor by `down_revision` depends on already need not be said again (_normalize_depends_on). */
function withoutImplied(nodes: readonly Node[]): Node[] {
  const byId = new Map(nodes.map((node) => [node.revision, node]))
  return nodes.map((node) => {
    if (node.depends.length === 0) return node
    const below = withAncestors(node.revision, byId, ({ downs }) => downs)
    below.delete(node.revision)
    const implied = new Set([...below].flatMap((id) => byId.get(id)?.depends ?? []))
    return { ...node, depends: node.depends.filter((id) => !implied.has(id)) }
  })
}

function unknownRevision(
  { revision, file }: RevisionFile,
  name: string,
  what: string,
  ids: ReadonlySet<string>,
  labels: ReadonlyMap<string, string>,
): Finding {
  const fits = name === '' ? [] : [...ids].filter((id) => id.startsWith(name))
  const meant = labels.get(name) ?? (fits.length === 1 ? fits[0] : undefined)
  const why = labels.has(name)
    ? 'which is a branch label'
    : meant === undefined
      ? 'which no file has'
      : `which is only the beginning of ${meant}`
  return finding(
    {
      rule: 'ALEMBIC-PARENT',
      severity: 'error',
      message: `${what} of ${revision} names ${name === '' ? '""' : name}, ${why}: Alembic stops at it`,
      remedy: meant === undefined ? 'bring the missing file back, or correct the name' : `write the id out: ${meant}`,
    },
    file.file,
    revision,
  )
}

function circleFinding(circle: readonly string[], files: readonly RevisionFile[]): Finding {
  const [first = ''] = circle
  return finding(
    {
      rule: 'ALEMBIC-CYCLE',
      severity: 'error',
      message: circle.length === 2 ? `${first} stands on itself` : `these revisions stand on each other in a circle: ${circle.join(' → ')}`,
      remedy: 'correct one down_revision or depends_on of them',
    },
    files.find((file) => file.revision === first)?.file.file,
    first,
  )
}

/** Several heads are allowed; `alembic upgrade head` refuses them. Heads as Alembic counts them: by `down_revision` alone. */
function severalHeads(nodes: readonly Node[]): Finding[] {
  const below = new Set(nodes.flatMap((node) => node.downs))
  const heads = nodes.filter((node) => !below.has(node.revision)).map((node) => node.revision)
  if (heads.length < 2) return []
  const isJoined = nodes.flatMap(parentsOf).some((id) => heads.includes(id))
  const message = `there are ${heads.length} heads: ${heads.join(', ')}; all of them are run, and "alembic upgrade head" refuses them`
  const remedy = isJoined
    ? 'nothing to do where branches are meant'
    : "join them with skein new SERVICE 'merge heads' --merge, or leave them where branches are meant"
  return [finding({ rule: 'ALEMBIC-HEADS', severity: 'note', message, remedy })]
}
