/**
 * Long runs of what npm test samples: stories of the controller (--runs=N, --seed=N), writers beside restores
 * (--acknowledged=N), every hostile database, and a spool of 10,000 files; and the proof that the stories would notice, on
 * controllers that are broken on purpose (--broken: only that).
 */
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100' },
    seed: { type: 'string' },
    steps: { type: 'string', default: '20' },
    acknowledged: { type: 'string', default: '1000' },
    broken: { type: 'boolean', default: false },
  },
})
const env = {
  ...process.env,
  MODOSU_PROPERTY_RUNS: values.runs,
  MODOSU_PROPERTY_STEPS: values.steps,
  ...(values.seed === undefined ? {} : { MODOSU_PROPERTY_SEED: values.seed }),
  MODOSU_ACKNOWLEDGED_RUNS: values.acknowledged,
  MODOSU_SPOOL_FILES: '10000',
  MODOSU_HOSTILE_FULL: '1',
}
const longRuns = [
  'properties/state-machine.test',
  'properties/undo.test',
  'properties/acknowledged.test',
  'e2e/hostile-databases.long.test',
  'database/mutations.long.test',
  'spool/hostile.long.test',
]
const files = [...(values.broken ? [] : longRuns), 'properties/broken-builds', 'properties/broken-rows'].map(
  (name) => `build/test/${name}.js`,
)
const { status } = spawnSync(process.execPath, ['--enable-source-maps', '--test', '--test-concurrency=1', ...files], {
  stdio: 'inherit',
  env,
})
process.exit(status ?? 1)
