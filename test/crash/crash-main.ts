/**
 * The proofs of "old or new, never neither", run by `npm run test:crash`. Without options a sample; `--full` strikes every
 * call that changes names, lengths or durability, `--exhaustive` every write too.
 */

import { parseArgs } from 'node:util'

import { straceProblem } from './strace.ts'
import { sweep } from './sweep.ts'
import { renderTable } from './table.ts'

const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    exhaustive: { type: 'boolean', default: false },
    minutes: { type: 'string' },
    results: { type: 'string' },
    only: { type: 'string', default: '' },
  },
})

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const problem = straceProblem()
if (problem !== null) {
  say(`the sweep of system calls is left out: ${problem}`)
} else {
  const breadth = values.exhaustive ? 'exhaustive' : values.full ? 'full' : 'sample'
  const began = Date.now()
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
  const minutes = ((Date.now() - began) / 60_000).toFixed(1)
  say(`${points} calls recorded; ${rows.length} runs in ${minutes} minutes; ${left} strikes left for want of time`)
  say(`${rows.length - failures} passed, ${failures} failed`)
  process.exitCode = failures === 0 ? 0 : 1
}
