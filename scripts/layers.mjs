/** The layer rules of .dependency-cruiser.cjs, and the proof that they were held against something. */
import { spawnSync } from 'node:child_process'

const { stdout, stderr } = spawnSync(
  'npx',
  ['depcruise', 'src', '--config', '.dependency-cruiser.cjs', '--output-type', 'json'],
  {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  },
)
let summary
try {
  summary = JSON.parse(stdout).summary
} catch {
  process.stderr.write(`dependency-cruiser gave no answer:\n${stdout.slice(0, 2000)}\n${stderr}\n`)
  process.exit(1)
}
const { totalCruised, violations } = summary
for (const { rule, from, to } of violations) process.stderr.write(`${rule.name}: ${from} -> ${to}\n`)
if (totalCruised === 0) process.stderr.write('no module was read\n')
process.stdout.write(`${totalCruised} modules, ${violations.length} violations\n`)
process.exit(totalCruised === 0 || violations.length > 0 ? 1 : 0)
