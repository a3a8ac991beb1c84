/**
 * Runs the tests that were compiled to build/: all of them, or those whose path contains one of the given words. The files
 * are named to the runner one by one, because it would count a helper file as a passing test. Those that take long
 * (`*.long.test.ts`) are run by `npm run test:long`, those that boot a machine by `npm run test:systemd`.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

const words = process.argv.slice(2)

function testFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return testFiles(path)
    return entry.name.endsWith('.test.js') ? [path] : []
  })
}

const MACHINES = 'build/test/systemd/'

const files = testFiles('build/test').filter((file) =>
  words.length === 0
    ? !file.startsWith(MACHINES) && !file.endsWith('.long.test.js')
    : words.some((word) => file.includes(word)),
)
if (files.length === 0) {
  process.stderr.write(`no test file matches ${words.join(' ')}\n`)
  process.exit(1)
}
// Machines that run side by side share their control groups, and one would see processes of the other in its own.
const concurrency = files.every((file) => file.startsWith(MACHINES)) ? 1 : 4
const result = spawnSync(
  process.execPath,
  ['--enable-source-maps', '--test', `--test-concurrency=${concurrency}`, ...files],
  { stdio: 'inherit' },
)
process.exit(result.status ?? 1)
