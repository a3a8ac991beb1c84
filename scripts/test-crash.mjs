/** The whole sweep of interruptions: SIGKILL and SIGTERM at every named point of a restore, of a rollback and of a prune. */
import { spawnSync } from 'node:child_process'

const files = ['restart', 'prune'].map((name) => `build/test/e2e/${name}.test.js`)
const { status } = spawnSync(process.execPath, ['--enable-source-maps', '--test', ...files], {
  stdio: 'inherit',
  env: { ...process.env, MODOSU_CRASH_FULL: '1' },
})
process.exit(status ?? 1)
