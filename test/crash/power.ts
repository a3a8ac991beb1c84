/** The power-cut model over recorded restores. */

import { cutPower, type PowerReport } from './power-cut.ts'
import { Rig, type RigOptions, type Scenario } from './rig.ts'
import { recordDisk } from './run.ts'
import { START_NAMES, STARTS, type Start } from './starts.ts'

const SEED = 20_260_215

export interface PowerRow extends PowerReport {
  readonly name: string
  readonly outcome: string
}

export async function cutEach(full: boolean, say: (line: string) => void): Promise<PowerRow[]> {
  const sample: (readonly [Start, Scenario])[] = [
    ['wal', 'restore'],
    ['corrupt', 'restore'],
    ['wal', 'rollback'],
  ]
  const all = STARTS.flatMap((start) => [[start, 'restore'] as const, [start, 'rollback'] as const])
  const rows: PowerRow[] = []
  for (const [start, scenario] of full ? all : sample) {
    const report = await recordAndCut(start, scenario)
    const row = { ...report, name: `${START_NAMES[start]}, ${scenario}` }
    say(`power cuts, ${row.name}: ${row.cuts} subsets, ${row.states} states, ${row.findings.length} failures`)
    for (const finding of row.findings.slice(0, 5)) say(`  ${finding}`)
    rows.push(row)
  }
  return rows
}

/** Records one restore and cuts it off from power at every instant. */
export async function recordAndCut(start: Start, scenario: Scenario, options: RigOptions = {}) {
  const rig = new Rig(start, scenario, options)
  try {
    const { log, outcome } = await recordDisk(rig)
    return { ...cutPower(log, rig.files, rig.installation.database, SEED), outcome }
  } finally {
    await rig.remove()
  }
}

/** In Markdown. */
export function renderPower(rows: readonly PowerRow[]): string {
  const head = ['start and scenario', 'ends in', 'instants', 'subsets', 'states opened', 'OLD', 'NEW', 'failures']
  const lines = rows.map((row) =>
    [row.name, row.outcome, row.instants, row.cuts, row.states, row.old, row.new, row.findings.length].join(' | '),
  )
  return [
    `| ${head.join(' | ')} |`,
    `|${head.map(() => '---').join('|')}|`,
    ...lines.map((line) => `| ${line} |`),
  ].join('\n')
}
