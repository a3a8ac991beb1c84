/** The whole sweep of interruptions: SIGKILL and SIGTERM at every named point of a restore and of a rollback. */
import { spawnSync } from 'node:child_process'

const { status } = spawnSync(process.execPath, ['--enable-source-maps', '--test', 'build/test/e2e/restart.test.js'], {
  stdio: 'inherit',
  env: { ...process.env, MODOSU_CRASH_FULL: '1' },
})
process.exit(status ?? 1)
