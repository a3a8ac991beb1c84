/**
 * The proofs of "old or new, never neither", run by `npm run test:crash`: a sample without options; with `--full` every call
 * that changes names, lengths or durability and every start of the power-cut model; with `--exhaustive` every write too.
 */

import { parseArgs } from 'node:util'

import { cutEach, renderPower } from './power.ts'
import { cutForReal } from './real-cut.ts'
import { testItself } from './self-test.ts'
import { STARTS } from './starts.ts'
import { straceProblem } from './strace.ts'
import { sweep } from './sweep.ts'
import { renderTable } from './table.ts'

const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    exhaustive: { type: 'boolean', default: false },
    /** Only the power cuts, or only the strikes. */
    power: { type: 'boolean', default: false },
    strikes: { type: 'boolean', default: false },
    minutes: { type: 'string' },
    results: { type: 'string' },
    only: { type: 'string', default: '' },
  },
})
const full = values.full || values.exhaustive
const began = Date.now()
const minutes = () => ((Date.now() - began) / 60_000).toFixed(1)
let passed = 0
let failed = 0

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function count(good: number, bad: number): void {
  passed += good
  failed += bad
}

async function strikes(): Promise<void> {
  const breadth = values.exhaustive ? 'exhaustive' : values.full ? 'full' : 'sample'
  const endMs = values.minutes === undefined ? Number.POSITIVE_INFINITY : began + Number(values.minutes) * 60_000
  const { rows, left, points } = await sweep({
    breadth,
    endMs,
    results: values.results ?? null,
    only: values.only,
    say,
  })
  const failures = rows.filter(({ result }) => result.findings.length > 0).length
  say(`\n${renderTable(rows)}\n`)
  say(`${points} calls recorded; ${rows.length} strikes, ${left} left for want of time; ${minutes()} minutes`)
  count(rows.length - failures, failures)
}

async function powerCuts(): Promise<void> {
  const rows = await cutEach(full, say)
  const real = await cutForReal(full ? STARTS.filter((start) => start !== 'none') : ['wal'], say)
  const tests = await testItself(say)
  say(`\n${renderPower(rows)}\n`)
  for (const row of rows) count(row.findings.length === 0 ? 1 : 0, row.findings.length)
  if (real.skipped !== null) say(`no power cut on a real file system: ${real.skipped}`)
  for (const finding of real.findings) say(`FAILURE ${finding}`)
  count(real.cuts - Math.min(real.cuts, real.findings.length), real.findings.length)
  for (const { found } of tests) count(found > 0 ? 1 : 0, found > 0 ? 0 : 1)
  say(`power cuts: ${real.cuts} on ext4; ${tests.length} looks at builds broken on purpose; ${minutes()} minutes`)
}

const problem = straceProblem()
if (problem !== null) {
  say(`strikes at system calls and power cuts are left out: ${problem}; the failpoints were swept`)
} else {
  if (!values.power) await strikes()
  if (!values.strikes) await powerCuts()
  say(`${passed} passed, ${failed} failed`)
  process.exitCode = failed === 0 ? 0 : 1
}
