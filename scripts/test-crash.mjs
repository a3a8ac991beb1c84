/**
 * `npm run test:crash`: death, faults and power cuts, in the middle of restores. What strace can do at every system call is
 * in test/crash (options: --full, --exhaustive, --power, --strikes, --minutes N, --results FILE, --only WORD); without strace,
 * or with --failpoints, the daemon is ended at each of its own named points instead. A prune is always ended at those.
 */
import { spawnSync } from 'node:child_process'

const PRUNE = 'build/test/e2e/prune.long.test.js'
const options = process.argv.slice(2)
const strace = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0

function run(...words) {
  const { status } = spawnSync(process.execPath, ['--enable-source-maps', ...words], {
    stdio: 'inherit',
    env: { ...process.env, MODOSU_CRASH_FULL: '1' },
  })
  if (status !== 0) process.exit(status ?? 1)
}

if (!strace || options.includes('--failpoints')) {
  if (!strace) process.stdout.write('strace cannot be used here: the daemon is ended at its failpoints instead\n')
  run('--test', 'build/test/e2e/restart.test.js', PRUNE)
} else {
  if (options.length === 0 || options.includes('--full')) run('--test', PRUNE)
  run('build/test/crash/crash-main.js', ...options)
}
