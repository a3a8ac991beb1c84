/** Makes the strikes of several campaigns, a few installations at a time, within a bounded time. */

import { appendFileSync, existsSync, readFileSync } from 'node:fs'

import { campaignsOf, strikesOf, type Breadth, type Campaign } from './plan.ts'
import { Rig } from './rig.ts'
import { record, recordRecovery, strikeOnce, strikeRecovery, type RunResult } from './run.ts'
import type { Strike } from './strike.ts'
import { describeStrike } from './strike.ts'
import { describeCampaign, type Row } from './table.ts'

/** A campaign gives way to the next after so many strikes, so that a bounded time is shared fairly. */
const TURN = 8
const PARALLEL = 2

export interface SweepOptions {
  readonly breadth: Breadth
  /** No strike begins after this time; what is left is counted. */
  readonly endMs: number
  /** A file of earlier results: what is in it is not done again, and new ones are added to it. */
  readonly results: string | null
  /** Only campaigns whose name contains it. */
  readonly only: string
  readonly say: (line: string) => void
  readonly main?: string
}

export interface SweepReport {
  readonly rows: readonly Row[]
  readonly left: number
  /** Calls of the recorded restores. */
  readonly points: number
}

interface Work {
  readonly campaign: Campaign
  rig: Rig | null
  /** null until the campaign was recorded. */
  strikes: Strike[] | null
}

export async function sweep(options: SweepOptions): Promise<SweepReport> {
  const rows = earlier(options.results)
  const done = new Set(rows.map(({ campaign, result }) => keyOf(campaign, result.strike)))
  const queue: Work[] = campaignsOf(options.breadth)
    .filter((campaign) => nameOf(campaign).includes(options.only))
    .map((campaign) => ({ campaign, rig: null, strikes: null }))
  let points = 0
  const add = (campaign: Campaign, result: RunResult) => {
    rows.push({ campaign, result })
    if (options.results !== null) appendFileSync(options.results, `${JSON.stringify({ campaign, result })}\n`)
    tell(options, campaign, result, rows.length)
  }
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (Date.now() > options.endMs && next.strikes !== null) {
        left += next.strikes.length
        await next.rig?.remove()
        continue
      }
      points += await takeTurn(next, options, done, add)
      if (next.strikes?.length === 0) await next.rig?.remove()
      else queue.push(next)
    }
  }
  let left = 0
  await Promise.all(Array.from({ length: PARALLEL }, work))
  return { rows, left, points }
}

async function takeTurn(
  work: Work,
  { breadth, endMs, main }: SweepOptions,
  done: ReadonlySet<string>,
  add: (campaign: Campaign, result: RunResult) => void,
): Promise<number> {
  const { campaign } = work
  const { failpoint } = campaign
  const rig = (work.rig ??= new Rig(campaign.start, campaign.scenario, main === undefined ? {} : { main }))
  let recorded = 0
  try {
    if (work.strikes === null) {
      const points = failpoint === null ? await record(rig) : await recordRecovery(rig, failpoint)
      recorded = points.length
      work.strikes = strikesOf(campaign, points, breadth).filter((strike) => !done.has(keyOf(campaign, strike)))
    }
    for (let turn = 0; turn < TURN && Date.now() < endMs; turn += 1) {
      const strike = work.strikes.shift()
      if (strike === undefined) break
      add(campaign, await attempt(rig, failpoint, strike))
    }
  } finally {
    await rig.killDaemon()
  }
  return recorded
}

async function attempt(rig: Rig, failpoint: string | null, strike: Strike): Promise<RunResult> {
  try {
    return await (failpoint === null ? strikeOnce(rig, strike) : strikeRecovery(rig, failpoint, strike))
  } catch (error) {
    await rig.endTracer()
    await rig.killDaemon()
    const finding = `the run could not be judged: ${(error as Error).message.slice(0, 1500)}`
    return { strike, struck: rig.struck(), outcome: 'none', reason: '', atDeath: null, findings: [finding], tookMs: 0 }
  }
}

function tell({ say }: SweepOptions, campaign: Campaign, result: RunResult, count: number): void {
  const { findings, outcome, strike, struck, reason, tookMs } = result
  if (findings.length > 0) {
    say(`FAILURE ${nameOf(campaign)}: ${describeStrike(strike)}`)
    for (const finding of [`struck: ${struck ?? 'nothing'}`, `${outcome} ${reason}`, ...findings]) say(`  ${finding}`)
  } else if (count % 20 === 0) {
    say(`${count} runs; the last: ${nameOf(campaign)}, ${describeStrike(strike)}: ${outcome}, ${tookMs} ms`)
  }
}

function nameOf(campaign: Campaign): string {
  return `${campaign.start}: ${describeCampaign(campaign)}`
}

function keyOf(campaign: Campaign, strike: Strike): string {
  return `${nameOf(campaign)} ${describeStrike(strike)}`
}

function earlier(file: string | null): Row[] {
  if (file === null || !existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Row)
}
