import { mayImport } from './arrows.mjs'

const folders = Object.entries(mayImport).map(([folder, allowed]) => ({
  name: `${folder}-arrows`,
  comment: `src/${folder} may import: ${allowed.join(', ') || 'nothing'} (arrows.mjs)`,
  severity: 'error',
  from: { path: `^src/${folder}/`, pathNot: '\\.(test|contract)\\.ts$' },
  to: { path: '^src/', pathNot: `^src/(${[folder, ...allowed].join('|')})/` },
}))

export default {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'unknown-folder',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/', pathNot: `^src/(${Object.keys(mayImport).join('|')})/|^src/index\\.ts$` },
    },
    { name: 'bin-to-faces-only', severity: 'error', from: { path: '^bin/' }, to: { path: '^src/', pathNot: '^src/(cli|doors)/' } },
    { name: 'not-to-test', severity: 'error', from: { path: '^src/', pathNot: '\\.test\\.ts$' }, to: { path: '^test/|\\.test\\.ts$' } },
    { name: 'unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    ...folders,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Files of other tools, which import what is not installed here.
    exclude: { path: '/__fixtures__/.*\\.[cm]?[jt]s$' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.js'],
    },
  },
}
