/** Everything that a change must pass, in the order in which it fails fastest; stops at the first failure. */
import { spawnSync } from 'node:child_process'

const steps = [
  ['format', 'npx prettier --check .'],
  ['types', 'npm run --silent build && npm run --silent build:test'],
  ['lint', 'npx eslint .'],
  ['layers', 'node scripts/layers.mjs'],
  ['dead code', 'npx knip'],
  ['generated files', 'node scripts/generate.mjs --check'],
  [
    'tests',
    'npx c8 --include "build/src/**" --reporter=text-summary --check-coverage --lines 85 node scripts/test.mjs',
  ],
]

for (const [name, command] of steps) {
  process.stdout.write(`\n== ${name}: ${command}\n`)
  const { status } = spawnSync(command, { shell: true, stdio: 'inherit' })
  if (status !== 0) {
    process.stderr.write(`\nverify: "${name}" failed\n`)
    process.exit(1)
  }
}
process.stdout.write('\nverify: everything passed\n')
