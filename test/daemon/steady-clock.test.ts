import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { CLOCK_SKEW_MS } from '../../src/domain/clock.ts'
import { SteadyClock, type ClockAnchor, type ClockReading } from '../../src/domain/steady-clock.ts'

const SECOND = 1000
const HOUR = 3_600_000
const DAY = 24 * HOUR
const START = Date.parse('2026-02-15T03:00:00Z')

/** A machine whose true time the test knows, with a clock that anybody may set. */
class Machine {
  trueMs = START
  offMs = 0
  bootId = 'boot-1'
  #bootedMs = START - DAY

  pass(ms: number): this {
    this.trueMs += ms
    return this
  }

  step(ms: number): this {
    this.offMs += ms
    return this
  }

  reboot(offForMs: number): this {
    this.trueMs += offForMs
    this.#bootedMs = this.trueMs
    this.bootId += '+'
    return this.pass(10 * SECOND)
  }

  read(): ClockReading {
    return { wallMs: this.trueMs + this.offMs, uptimeMs: this.trueMs - this.#bootedMs, bootId: this.bootId }
  }
}

function running(anchor: ClockAnchor | null = null) {
  const machine = new Machine()
  return { machine, clock: new SteadyClock(machine.read(), anchor) }
}

describe('the daemon’s clock', () => {
  for (const jump of [10 * 365 * DAY, -10 * 365 * DAY, 3 * HOUR, -3 * HOUR, 20 * 60 * SECOND]) {
    it(`does not go along with a jump of ${jump / HOUR} h, nor does the next run of the daemon`, () => {
      const { machine, clock } = running()
      const before = clock.read(machine.read())
      machine.step(jump).pass(12 * SECOND)
      assert.equal(clock.read(machine.read()) - before, 12 * SECOND)
      assert.notEqual(clock.doubt(), null)
      const next = new SteadyClock(machine.pass(SECOND).read(), clock.anchor())
      assert.equal(next.read(machine.read()) - before, 13 * SECOND)
      assert.notEqual(next.doubt(), null)
      machine.step(-jump)
      assert.equal(next.read(machine.read()) - before, 13 * SECOND)
      assert.equal(next.doubt(), null)
    })
  }

  it('never believes ten years because they stand for long', () => {
    const { machine, clock } = running()
    machine.step(10 * 365 * DAY)
    for (let hour = 0; hour < 48; hour += 1) clock.read(machine.pass(HOUR).read())
    assert.equal(clock.read(machine.read()), machine.trueMs)
    assert.match(clock.doubt() ?? '', /3650 days ahead/)
  })

  it('goes along after an hour with what a pause of the machine explains, and still vouches for nothing', () => {
    const { machine, clock } = running()
    machine.step(8 * HOUR)
    for (let minute = 0; minute < 62; minute += 1) clock.read(machine.pass(60 * SECOND).read())
    assert.equal(clock.read(machine.read()), machine.trueMs + 8 * HOUR)
    assert.match(clock.doubt() ?? '', /was set by 8 hours/)
    assert.match(new SteadyClock(machine.read(), clock.anchor()).doubt() ?? '', /was set by 8 hours/)
    clock.trust(machine.read())
    assert.equal(clock.doubt(), null)
  })

  it('makes up for seconds so slowly that nothing measured notices', () => {
    const { machine, clock } = running()
    machine.step(-60 * SECOND)
    const before = clock.read(machine.read())
    const measured = clock.read(machine.pass(10 * SECOND).read()) - before
    assert.ok(measured > 9.8 * SECOND && measured <= 10 * SECOND, String(measured))
    for (let minute = 0; minute < 120; minute += 1) clock.read(machine.pass(60 * SECOND).read())
    assert.equal(clock.read(machine.read()), machine.trueMs - 60 * SECOND)
    assert.equal(clock.doubt(), null)
  })

  it('takes the clock’s word for how long the machine was off, up to a weekend', () => {
    const { machine, clock } = running()
    clock.read(machine.read())
    const weekend = new SteadyClock(machine.reboot(2 * DAY).read(), clock.anchor())
    assert.deepEqual([weekend.read(machine.read()), weekend.doubt()], [machine.trueMs, null])
    const month = new SteadyClock(machine.reboot(30 * DAY).read(), weekend.anchor())
    assert.equal(month.read(machine.read()), machine.trueMs)
    assert.match(month.doubt() ?? '', /30 days have passed since the last run/)
  })

  it('is no earlier after a boot with an empty battery than before it, and right as soon as the clock is', () => {
    const { machine, clock } = running()
    const before = clock.read(machine.read())
    machine.reboot(HOUR).step(-START)
    const next = new SteadyClock(machine.read(), clock.anchor())
    assert.ok(next.read(machine.read()) >= before)
    assert.match(next.doubt() ?? '', /earlier than the end of the last run/)
    const again = new SteadyClock(machine.pass(SECOND).read(), next.anchor())
    assert.match(again.doubt() ?? '', /earlier than the end of the last run/)
    machine.step(START)
    assert.deepEqual([again.read(machine.read()), again.doubt()], [machine.trueMs, null])
  })

  it('is right within minutes whenever it is not doubted, whatever steps the system’s clock makes and whenever the daemon restarts', () => {
    const ms = fc.oneof(fc.integer({ min: -400_000, max: 400_000 }), fc.integer({ min: -4e11, max: 4e11 }))
    const event = fc.oneof(
      fc.record({ step: ms }),
      fc.record({ pass: fc.integer({ min: 0, max: 2 * HOUR }) }),
      fc.constant({ restart: true }),
    )
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const { machine, clock: first } = running()
        let clock = first
        let lastMs = clock.read(machine.read())
        for (const each of events) {
          if ('step' in each) machine.step(each.step)
          else if ('pass' in each) machine.pass(each.pass)
          else clock = new SteadyClock(machine.read(), clock.anchor())
          const nowMs = clock.read(machine.read())
          const doubt = clock.doubt()
          if (doubt === null) {
            const driftMs = CLOCK_SKEW_MS + (machine.trueMs - START) * 0.01
            assert.ok(Math.abs(nowMs - machine.trueMs) <= driftMs, `${nowMs - machine.trueMs} ms off`)
          }
          // only what was followed after an hour goes back, and that is doubted
          assert.ok(nowMs >= lastMs || doubt !== null, 'went back')
          lastMs = nowMs
        }
      }),
      { numRuns: 300 },
    )
  })
})
