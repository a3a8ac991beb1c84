/** Prints what a prune plan and `modosu prune --dry-run` cost over 10,000 files: `npm run build:test && node build/bench/retention-main.js`. */

import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'

import { makeYard } from './retention.ts'

const FILES = 10_000
const ROUNDS = 7
const MAIN = fileURLToPath(new URL('../src/main.js', import.meta.url))

const yard = makeYard(FILES)
try {
  const planMs: number[] = []
  let deletions = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = performance.now()
    const { plan } = await yard.plan()
    planMs.push(performance.now() - before)
    deletions = plan.decisions.filter(({ act }) => act === 'delete').length
  }
  const config = join(yard.root, 'modosu.yaml')
  const { name, database, backups } = yard.target
  writeFileSync(
    config,
    stringify({
      apiVersion: 'modosu.dev/v1',
      kind: 'Configuration',
      stateDir: yard.root,
      spool: { path: '/nonexistent' },
      retention: { backups: { enabled: true } },
      targets: [{ name, database, backups: { path: backups.path, stem: backups.stem } }],
    }),
  )
  const dryRunMs: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = performance.now()
    spawnSync(process.execPath, [MAIN, 'prune', '--dry-run', '--config', config], { stdio: 'ignore' })
    dryRunMs.push(performance.now() - before)
  }
  console.log('files | sets to delete | plan ms (median) | prune --dry-run ms (median, process included)')
  console.log([FILES, deletions, median(planMs).toFixed(0), median(dryRunMs).toFixed(0)].join(' | '))
} finally {
  yard.remove()
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
