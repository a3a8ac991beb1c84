import assert from 'node:assert/strict'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { rateVerdict } from '../../src/controller/rate-limit.ts'
import { compactTimestamp } from '../../src/domain/clock.ts'
import { RestoreError } from '../../src/domain/errors.ts'
import { SteadyClock } from '../../src/domain/steady-clock.ts'
import { Pruner } from '../../src/retention/pruner.ts'
import { DAY_MS, NOW, RULES } from './sets.ts'
import { Yard } from './yard.ts'

const HOUR_MS = 3_600_000

/** A yard whose daemon goes by a clock that may be set at any time. */
class SteppedYard extends Yard {
  offMs = 0
  readonly #uptimeAtNow = 1_000_000
  steady = new SteadyClock(this.#read(), null)
  readonly daemonClock = {
    nowMs: () => Math.round(this.steady.read(this.#read())),
    wallMs: () => this.nowMs + this.offMs,
  }
  readonly daemonPruner = new Pruner({
    store: this.store,
    targets: [this.target],
    rules: RULES,
    telemetry: { pruned: () => undefined, retentionShort: () => undefined },
    clock: this.daemonClock,
    clockDoubt: () => {
      this.daemonClock.nowMs()
      return this.steady.doubt()
    },
    log: this.log,
    reach: () => undefined,
  })

  restart(): void {
    this.steady = new SteadyClock(this.#read(), this.steady.anchor())
  }

  /** @returns whether the clock was believed. */
  async pruneAsDaemon(): Promise<boolean> {
    try {
      await this.daemonPruner.prune({ kinds: null, target: null, digest: null, actor: 'schedule' })
      return true
    } catch (error) {
      assert.ok(error instanceof RestoreError && error.reason === 'ClockImplausible', String(error))
      return false
    }
  }

  #read() {
    return { wallMs: this.nowMs + this.offMs, uptimeMs: this.#uptimeAtNow + this.nowMs - NOW, bootId: 'boot' }
  }
}

describe('pruning under a clock that is set', () => {
  it('deletes nothing for twelve seconds with the clock ten years ahead', async () => {
    const yard = new SteppedYard()
    try {
      for (const days of [1, 2, 3, 4, 5]) yard.safety(days)
      const before = readdirSync(yard.backups)
      yard.offMs = 3652 * DAY_MS
      for (let second = 0; second < 12; second += 1) {
        yard.nowMs += 1000
        assert.equal(await yard.pruneAsDaemon(), false)
      }
      yard.restart()
      assert.equal(await yard.pruneAsDaemon(), false)
      yard.offMs = 0
      assert.equal(await yard.pruneAsDaemon(), true)
      assert.deepEqual(readdirSync(yard.backups), before)
    } finally {
      yard.close()
    }
  })

  it('counts a safety backup from the one that was recorded before it, where a clock was behind', async () => {
    const yard = new Yard()
    try {
      const request = yard.request('one')
      const record = (name: string): void => {
        const path = join(yard.backups, name)
        writeFileSync(path, 'x')
        const safetyBackup = { path, name, sha256: 'a'.repeat(64), raw: false }
        yard.store.commit(request.name, { from: 'Pending', reason: 'x', message: 'x', safetyBackup })
      }
      const nameOf = (days: number): string => `restore_safety_${compactTimestamp(NOW - days * DAY_MS)}.db`
      record(nameOf(3))
      record(nameOf(400))
      record(nameOf(2))
      yard.walk('one', ['Preflight', 'Failed'])
      await yard.prune()
      assert.deepEqual(
        [3, 400, 2].map((days) => yard.has(nameOf(days))),
        [true, true, true],
      )
    } finally {
      yard.close()
    }
  })

  it('lets a backup of the future take nobody’s place, and leaves it', async () => {
    const yard = new Yard()
    try {
      const names = [-3650, 30, 40].map((days) => yard.safety(days))
      await yard.prune()
      assert.deepEqual(
        names.map((name) => yard.has(name)),
        [true, true, false],
      )
    } finally {
      yard.close()
    }
  })

  it('deletes and counts by no step of a clock, whatever its size and its time', async () => {
    const step = fc.oneof(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -4000, max: 4000 }))
    const event = fc.record({
      stepDays: step,
      passMs: fc.integer({ min: 0, max: 10 * HOUR_MS }),
      act: fc.constantFrom('prune', 'restart', 'interrupt', 'right'),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { minLength: 2, maxLength: 6 }),
        fc.array(event, { minLength: 1, maxLength: 6 }),
        async (ages, events) => {
          const yard = new SteppedYard()
          try {
            const sets = ages.map((days) => ({ name: yard.safety(days), madeMs: NOW - days * DAY_MS }))
            const interruptions: number[] = []
            for (const { stepDays, passMs, act } of events) {
              yard.offMs = act === 'right' ? 0 : yard.offMs + stepDays * DAY_MS
              yard.nowMs += passMs
              if (act === 'restart') yard.restart()
              if (act === 'interrupt') interrupt(yard, interruptions)
              await yard.pruneAsDaemon()
              for (const { name, madeMs } of sets) {
                const mayGo = yard.nowMs - madeMs > RULES.safetyBackups.maxAgeMs
                assert.ok(yard.has(name) || mayGo, `${name} was deleted too early`)
              }
              if (yard.steady.doubt()?.startsWith('the system clock was set') === true) break
              const left = rateVerdict(yard.store, yard.target, yard.daemonClock.nowMs()).remaining
              const { restores, windowMs } = yard.target.rateLimit
              const recent = interruptions.filter((atMs) => yard.nowMs - atMs < windowMs).length
              assert.equal(left, Math.max(0, restores - recent))
            }
          } finally {
            yard.close()
          }
        },
      ),
      { numRuns: 25 },
    )
  })
})

function interrupt(yard: SteppedYard, interruptions: number[]): void {
  const name = `r${interruptions.length}`
  yard.request(name)
  yard.store.commit(name, { from: 'Pending', reason: 'x', message: 'x', interruptsAtMs: yard.daemonClock.nowMs() })
  interruptions.push(yard.nowMs)
}
