import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'

import { Scheduler, type Job } from '../../src/retention/scheduler.ts'
import { openStateStore, type StateStore } from '../../src/store/store.ts'
import { collectedLog, type CollectedLog } from '../telemetry/collected-log.ts'

const clock = { nowMs: () => Date.now() }

let folder: string
let store: StateStore
let log: CollectedLog
let counted: string[]
let scheduler: Scheduler | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modosu-schedule-'))
  store = openStateStore(folder, clock)
  log = collectedLog()
  counted = []
})
afterEach(async () => {
  await scheduler?.stop()
  scheduler = undefined
  mock.timers.reset()
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

function start(now: string, jobs: readonly Job[], timezone = 'UTC'): Scheduler {
  mock.timers.reset()
  mock.timers.enable({ apis: ['Date', 'setTimeout'], now: Date.parse(now) })
  const telemetry = {
    cronScheduled: () => undefined,
    cronFinished: (job: string, result: string) => counted.push(`${job} ${result}`),
  }
  scheduler = new Scheduler({ jobs, timezone, store, telemetry, clock, log })
  scheduler.start()
  return scheduler
}

/** Lets time pass, hour by hour as a heartbeat does, and every run that begins meanwhile come to its end. */
async function pass(hours: number, stepMs = 900_000): Promise<void> {
  for (let passed = 0; passed < hours * 3_600_000; passed += stepMs) {
    mock.timers.tick(stepMs)
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
  }
}

function runsOf(name: string, schedule: string | null): Job & { readonly at: string[] } {
  const at: string[] = []
  const run = (): Promise<void> => {
    at.push(new Date().toISOString().slice(0, 16))
    return Promise.resolve()
  }
  return { name, schedule, run, at }
}

const announced = (): unknown[] =>
  log.lines.filter(({ message }) => message === 'next run scheduled').map(({ fields }) => fields['nextRun'])

describe('a scheduled job', () => {
  it('runs at its time, and says when it runs next at the start, after each run and when asked', async () => {
    const job = runsOf('prune', '30 3 * * *')
    const running = start('2026-02-15T00:00:00Z', [job, runsOf('off', null)])
    assert.deepEqual(announced(), ['2026-02-15T03:30:00.000Z'])
    await pass(4)
    assert.deepEqual([job.at, counted], [['2026-02-15T03:30'], ['prune success']])
    assert.deepEqual(announced(), ['2026-02-15T03:30:00.000Z', '2026-02-16T03:30:00.000Z'])
    running.announce()
    assert.equal(announced().length, 3)
    const { job: name, schedule, timezone } = log.lines.at(-1)!.fields
    assert.deepEqual([name, schedule, timezone], ['prune', '30 3 * * *', 'UTC'])
  })

  it('that fails is told as a failure, and runs again the next time', async () => {
    let attempts = 0
    const run = (): Promise<void> => {
      attempts += 1
      return attempts === 1 ? Promise.reject(new Error('no')) : Promise.resolve()
    }
    start('2026-02-15T00:00:00Z', [{ name: 'prune', schedule: '30 3 * * *', run }])
    await pass(28)
    assert.deepEqual(counted, ['prune failure', 'prune success'])
    assert.match(
      log.lines.find(({ level }) => level === 'error')?.message ?? '',
      /^the scheduled job prune failed: no$/,
    )
  })

  it('that is still under way is not begun a second time', async () => {
    let running = 0
    let most = 0
    let finish: () => void = () => undefined
    const run = (): Promise<void> => {
      running += 1
      most = Math.max(most, running)
      return new Promise((resolve) => {
        finish = () => {
          running -= 1
          resolve()
        }
      })
    }
    start('2026-02-15T00:00:00Z', [{ name: 'prune', schedule: '0 * * * *', run }])
    await pass(5)
    assert.equal(most, 1)
    assert.ok(counted.filter((line) => line === 'prune skipped').length >= 3, counted.join())
    finish()
    await pass(1)
    assert.ok(counted.includes('prune success'))
    finish()
  })

  it('is caught up with once after downtime, however often it was missed', async () => {
    const job = runsOf('prune', '30 3 * * *')
    await start('2026-02-15T00:00:00Z', [job]).stop()
    start('2026-02-19T12:00:00Z', [job])
    await pass(1)
    assert.deepEqual(job.at, ['2026-02-19T12:00'])
    await scheduler?.stop()
    start('2026-02-19T14:00:00Z', [job])
    await pass(1)
    assert.equal(job.at.length, 1)
  })

  it('was not missed under another schedule, another time zone, or none', async () => {
    const job = runsOf('prune', '30 3 * * *')
    await start('2026-02-15T00:00:00Z', [job]).stop()
    const changed = runsOf('prune', '30 4 * * *')
    await start('2026-02-19T12:00:00Z', [changed]).stop()
    const moved = runsOf('prune', '30 4 * * *')
    await start('2026-02-25T12:00:00Z', [moved], 'Asia/Tokyo').stop()
    assert.deepEqual([changed.at, moved.at], [[], []])
  })

  it('is caught up with once after the machine slept', async () => {
    const job = runsOf('prune', '30 3 * * *')
    start('2026-02-15T00:00:00Z', [job])
    mock.timers.setTime(Date.parse('2026-02-18T10:00:00Z'))
    await pass(1)
    assert.equal(job.at.length, 1, job.at.join())
  })

  it('that the end of the daemon broke off is caught up with at the next start', async () => {
    const run = (signal: AbortSignal): Promise<void> =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          reject(new Error('stopped'))
        })
      })
    start('2026-02-15T03:00:00Z', [{ name: 'verifyBackups', schedule: '30 3 * * *', run }])
    await pass(1)
    await scheduler?.stop()
    const job = runsOf('verifyBackups', '30 3 * * *')
    start('2026-02-15T06:00:00Z', [job])
    await pass(0.5)
    assert.equal(job.at.length, 1)
  })
})

describe('daylight saving', () => {
  it('leaves out a time that the spring night has not, and keeps to the wall clock afterwards', async () => {
    const job = runsOf('prune', '30 2 * * *')
    start('2026-03-07T12:00:00Z', [job], 'America/New_York')
    await pass(72)
    // 8 March has no 02:30; from then on it is an hour earlier in UTC.
    assert.deepEqual(job.at, ['2026-03-09T06:30', '2026-03-10T06:30'])
  })

  it('runs once at a time that the autumn night has twice', async () => {
    const job = runsOf('prune', '30 1 * * *')
    start('2026-10-31T12:00:00Z', [job], 'America/New_York')
    await pass(48)
    assert.deepEqual(job.at, ['2026-11-01T05:30', '2026-11-02T06:30'])
  })

  it('is no matter to a zone without it', async () => {
    const job = runsOf('prune', '30 3 * * *')
    start('2026-03-28T12:00:00Z', [job], 'Asia/Tokyo')
    await pass(48)
    assert.deepEqual(job.at, ['2026-03-28T18:30', '2026-03-29T18:30'])
  })
})
