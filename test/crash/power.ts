/** The power-cut model over recorded restores, and the proof that it would notice: builds without their precautions. */

import { BREAKAGES, breakBuild } from './broken-build.ts'
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

async function recordAndCut(start: Start, scenario: Scenario, options: RigOptions = {}) {
  const rig = new Rig(start, scenario, options)
  try {
    const { log, outcome } = await recordDisk(rig)
    return { ...cutPower(log, rig.files, rig.installation.database, SEED), outcome }
  } finally {
    await rig.remove()
  }
}

export interface SelfTest {
  readonly breakage: string
  /** What the model found wrong with the broken build: none would mean that it is blind. */
  readonly found: number
  readonly example: string
}

/** Each broken build must be found out. */
export async function testItself(say: (line: string) => void): Promise<SelfTest[]> {
  const results: SelfTest[] = []
  for (const [breakage, patches] of Object.entries(BREAKAGES)) {
    const broken = breakBuild(patches)
    try {
      // Without a -wal in the backup, nothing but the program's own sync makes the staged file sure.
      const unsynced = breakage === 'no sync of the staged file'
      const start = unsynced ? 'delete' : 'wal'
      const options = { main: broken.main, backupWal: !unsynced }
      const { findings, outcome } = await recordAndCut(start, 'restore', options)
      results.push({ breakage, found: findings.length, example: findings[0] ?? '' })
      const blind = findings.length === 0 ? `: BLIND (${outcome})` : `, such as: ${findings[0] ?? ''}`
      say(`broken on purpose, ${breakage}: ${findings.length} failures found${blind}`)
    } finally {
      broken.remove()
    }
  }
  return results
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
