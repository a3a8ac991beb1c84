import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'

import { DAY_SECONDS, Ended, shrinks } from './expiry.ts'

const TTL = { ttlSecondsAfterFinished: DAY_SECONDS }

describe('requests that have ended', () => {
  let world: Ended
  const later = (days: number): void => {
    world.nowMs += days * DAY_SECONDS * 1000
  }

  beforeEach(() => {
    world = new Ended()
  })
  afterEach(() => {
    world.close()
  })

  it('shrink to those within their time, the audit log whole, and none of their files runs again', async () => {
    await shrinks(200)
  })

  it('stay until their time is over, and say what remains of them afterwards', async () => {
    world.end('first', TTL)
    later(0.99)
    assert.equal(await world.expire(), 0)
    later(0.01)
    assert.equal(await world.expire(), 1)
    assert.deepEqual(world.listed(), [])
    assert.notEqual(world.store.request('first')?.forgottenAt, null)
    const [event] = world.store.events({ request: 'first' }).slice(-1)
    assert.deepEqual(
      [event?.reason, event?.message],
      ['TTLExpired', 'left the lists 86400 s after its end; its record, its audit and its name stay'],
    )
    assert.equal(world.store.changes.after(0, 100).at(-1)?.type, 'DELETED')
  })

  it('stay while the clock is not believed, however late it says that it is', async () => {
    world.end('first', TTL)
    world.doubt = 'the system clock was set'
    later(3650)
    assert.equal(await world.expire(), 0)
    world.doubt = null
    assert.equal(await world.expire(), 1)
  })

  it('stay where a person has to look: an L2, and the last result of the target', async () => {
    world.end('failed', TTL, 'L2')
    world.end('older', TTL, 'L1')
    world.end('last', TTL, 'L1')
    later(2)
    assert.equal(await world.expire(), 1)
    assert.deepEqual(world.listed(), ['failed', 'last'])
    assert.equal(world.store.request('older')?.status.escalation?.acknowledged, false)
    for (const name of ['failed', 'last']) {
      const { phase, status } = world.store.request(name)!
      const escalation = { ...status.escalation!, acknowledged: true }
      world.store.commit(name, { from: phase, reason: 'acknowledge', message: '', status: { escalation } })
    }
    assert.equal(await world.expire(), 2)
  })

  it('are not those that wait or run', async () => {
    world.end('ended', { ...TTL, ttlSecondsAfterFinished: 0 })
    world.store.create({
      manifest: { metadata: { name: 'waits', labels: {}, annotations: {} }, spec: world.store.request('ended')!.spec },
      specHash: 'b'.repeat(64),
      origin: { kind: 'Api', client: 'tester' },
      held: false,
      events: [],
    })
    later(2)
    assert.equal(await world.expire(), 1)
    assert.deepEqual(world.listed(), ['waits'])
  })
})
