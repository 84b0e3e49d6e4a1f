import { describe, expect, it } from 'vitest'
import { dotDeps } from './dot.ts'
import { depsGraph } from './graph.ts'
import { mermaidDeps } from './mermaid.ts'
import { svgDeps } from './svg.ts'
import type { DepsView, MigrationView, NeedView, ServiceView } from './view.ts'

const need = (service: string, id: string | null = null, because = 'needs'): NeedView => ({ service, id, version: id, because })
const migration = (id: string, more: Partial<MigrationView> = {}): MigrationView => ({
  id,
  version: id,
  environment: null,
  documented: true,
  description: null,
  dependsOn: null,
  needs: [],
  affectsTables: [],
  estimatedMs: null,
  risk: null,
  rollbackSafe: null,
  ...more,
})
const service = (name: string, needs: NeedView[], migrations: MigrationView[] = [migration('1'), migration('2')]): ServiceView => ({
  name,
  tool: 'golang-migrate',
  tier: null,
  needs,
  files: [],
  migrations,
})
const view = (...services: ServiceView[]): DepsView => ({ environment: null, tiers: [], services, findings: [] })
const edges = (given: DepsView, migrations: boolean) =>
  depsGraph(given, migrations).edges.map((edge) => {
    const [from, to] = [edge.from, edge.to].map((key) => key.replace('\0', '@'))
    return `${from} ${edge.implied ? '-.->' : '-->'} ${to}${edge.label === '' ? '' : ` ${edge.label}`}`
  })

describe('depsGraph', () => {
  it('draws what was written down, and of what is implied only what nothing else says', () => {
    const tier = (name: string) => need(name, null, 'low < high')
    const platform = view(
      service('a', []),
      service('b', [tier('a')]),
      service('c', [need('b'), tier('a')]),
      service('d', [need('a'), need('c')]),
    )
    expect(edges(platform, false)).toEqual(['a -.-> b', 'b --> c', 'a --> d', 'c --> d'])
  })

  it('leads needs of single migrations from and to where they are', () => {
    const edge = migration('2', { dependsOn: ['1'], needs: [need('a', '1', 'dependencies.json'), need('out', '7', 'dependencies.json')] })
    const platform = view(service('a', []), service('b', [need('a')], [migration('1'), edge]), service('empty', [need('b')], []))
    expect(edges(platform, false)).toEqual(['a --> b 1 → 2', 'out --> b 7 → 2', 'b --> empty'])
    expect(edges(platform, true)).toEqual(['a@1 -.-> a@2', 'a@2 --> b@1', 'b@1 --> b@2', 'a@1 --> b@2', 'out@7 --> b@2', 'b@2 --> empty'])
    expect(depsGraph(platform, true).nodes.filter((node) => node.outside)).toMatchObject([{ title: 'out', lines: ['7'] }])
  })
})

describe('drawings', () => {
  const nasty = view(
    service('a"b\u001b[31m', [need('x<y>&')], [migration('1_\\n"`#;<script>'), migration('2', { risk: 'high', rollbackSafe: false })]),
  )

  it('escape what others wrote', () => {
    for (const draw of [mermaidDeps, dotDeps, svgDeps]) expect(draw(nasty, true)).not.toContain('\u001b')
    expect(mermaidDeps(nasty, true)).toContain('["1_#92;n#34;#96;#35;#59;#60;script#62;"]')
    expect(dotDeps(nasty, true)).toContain('[label="1_\\\\n\\"`#;<script>"]')
    expect(svgDeps(nasty, true)).toContain('1_\\n&#34;`#;&#60;script&#62;</text>')
  })

  it('are there when nothing is', () => {
    expect(mermaidDeps(view(), false)).toBe('flowchart TD\n')
    expect(dotDeps(view(), false)).toMatch(/^digraph skein \{[^]*\}\n$/)
    expect(svgDeps(view(), false)).toContain('nothing to draw')
  })

  it('in SVG need nothing from elsewhere and follow the reader’s light or dark', () => {
    const svg = svgDeps(nasty, true)
    expect(svg).toContain('@media (prefers-color-scheme:dark)')
    expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/https?:|<script|href|@import/)
  })
})
