/**
 * The layers of CONTRIBUTING.md as rules. A folder may import from the layers below its own; folders of one layer are
 * strangers, and nothing imports upwards.
 */
const layers = [
  ['cli'],
  ['daemon'],
  ['spool', 'retention', 'api', 'web'],
  ['controller'],
  ['store', 'catalog', 'database', 'service', 'telemetry'],
  ['manifest', 'sandbox', 'files'],
  ['domain'],
]

const forbidden = layers.flatMap((folders, level) =>
  folders.map((folder) => {
    const below = layers.slice(level + 1).flat()
    const allowed = [folder, ...below].join('|')
    return {
      name: `${folder}-imports-down-only`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      to: { path: '^src/', pathNot: `^src/(${allowed})/` },
    }
  }),
)

module.exports = {
  forbidden: [
    ...forbidden,
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { dependencyTypes: ['npm', 'core'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js'] },
  },
}
