/** What a sweep found, as a table of start x fault x outcome. */

import type { Campaign } from './plan.ts'
import type { RunResult } from './run.ts'
import { START_NAMES } from './starts.ts'

export interface Row {
  readonly campaign: Campaign
  readonly result: RunResult
}

const OUTCOMES = ['Succeeded', 'RolledBack', 'Failed', 'RollbackFailed'] as const

export function describeCampaign({ scenario, failpoint, fault }: Campaign): string {
  const what = fault === 'kill' ? 'SIGKILL' : 'EIO, ENOSPC, EDQUOT, EACCES'
  if (failpoint !== null) return `${what} in the start after a death at ${failpoint}`
  return `${what} in the ${scenario}`
}

/** In Markdown, so that it can be quoted as it is. */
export function renderTable(rows: readonly Row[]): string {
  const head = ['start', 'fault', 'runs', ...OUTCOMES, 'old / new at death', 'not reached', 'failures']
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const key = `${START_NAMES[row.campaign.start]} | ${describeCampaign(row.campaign)}`
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  const lines = [...groups].map(([key, group]) => `| ${key} | ${cells(group).join(' | ')} |`)
  const total = `| all | | ${cells(rows).join(' | ')} |`
  return [`| ${head.join(' | ')} |`, `|${head.map(() => '---').join('|')}|`, ...lines, total].join('\n')
}

function cells(rows: readonly Row[]): string[] {
  const count = (is: (result: RunResult) => boolean) => String(rows.filter(({ result }) => is(result)).length)
  return [
    String(rows.length),
    ...OUTCOMES.map((outcome) => count((result) => result.outcome === outcome)),
    `${count(({ atDeath }) => atDeath === 'OLD')} / ${count(({ atDeath }) => atDeath === 'NEW')}`,
    count(({ struck }) => struck === null),
    count(({ findings }) => findings.length > 0),
  ]
}
