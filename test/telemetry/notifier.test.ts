import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import type { Target } from '../../src/domain/target.ts'
import type { NotificationBody } from '../../src/telemetry/notification.ts'
import { Notifier } from '../../src/telemetry/notifier.ts'
import type { OutboxStore } from '../../src/telemetry/outbox.ts'
import { collectedLog, type CollectedLog } from './collected-log.ts'
import { valueOf } from './exposition.ts'
import { startReceiver, type Receiver } from './receiver.ts'
import { openTestStore, runRestore, scratchDirectory, telemetryOf, testTarget, type TestStore } from './restores.ts'

const RETRY = { firstDelayMs: 5, longestDelayMs: 20, giveUpAfterMs: 86_400_000 }
const DAY_MS = 86_400_000

interface Running {
  readonly notifier: Notifier
  readonly log: CollectedLog
  readonly metric: (name: string, labels?: Record<string, string>) => Promise<number | undefined>
}

function endpoint(url: string, secretFile: string | null = null): Target['notifications'][number] {
  return { url, secretFile, timeoutMs: 1000 }
}

/** Runs a notifier over the store, woken by its commits as the daemon's is. */
function notify(state: TestStore, ...notifications: Target['notifications']): Running {
  return notifyFrom(state.store, state, ...notifications)
}

function notifyFrom(store: OutboxStore, state: TestStore, ...notifications: Target['notifications']): Running {
  const targets = [testTarget('itsm-nexus', { notifications }), testTarget('wiki')]
  const log = collectedLog()
  const telemetry = telemetryOf(state, targets)
  const { clock } = state
  const notifier = new Notifier({ targets, store, telemetry, clock, log, retry: RETRY })
  state.store.onCommit(() => {
    notifier.wake()
  })
  notifier.start()
  after(() => notifier.stop())
  return {
    notifier,
    log,
    metric: async (name, labels = {}) => valueOf(await telemetry.render(), name, { target: 'itsm-nexus', ...labels }),
  }
}

function bodies(receiver: Receiver): NotificationBody[] {
  return receiver.deliveries.map(({ body }) => JSON.parse(body) as NotificationBody)
}

/** Waits for a state of affairs that no event announces. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let waits = 0; !(await holds()); waits += 1) {
    assert.ok(waits < 4000, `waited in vain until ${holds.toString()}`)
    await sleep(5)
  }
}

describe('a webhook', () => {
  it('is told of each terminal outcome of its target, in order', async () => {
    const receiver = await startReceiver()
    const state = openTestStore()
    const { metric } = notify(state, endpoint(receiver.url))
    runRestore(state, 'first', { end: 'RolledBack', seconds: 40, downtimeMs: 900, level: 'L2' })
    runRestore(state, 'elsewhere', { target: 'wiki', end: 'Succeeded' })
    runRestore(state, 'refused', { end: 'Rejected', at: 'Pending' })
    await receiver.received(2)
    const [first, second] = bodies(receiver)
    const { id, uid, at, ...rest } = first!
    assert.deepEqual(rest, {
      apiVersion: 'modosu.dev/v1',
      kind: 'RestoreOutcome',
      request: 'first',
      target: 'itsm-nexus',
      mode: 'Restore',
      source: 'backupId',
      result: 'RolledBack',
      reason: 'RolledBack',
      level: 'L2',
      responder: 'システム管理者',
      timeFrame: '30分〜2時間',
      durationSeconds: 40,
      downtimeSeconds: 0.9,
      application: null,
      applicationDowntimeSeconds: null,
      text: '[L2] itsm-nexus: Restore first RolledBack (RolledBack)',
    })
    assert.equal(id, `${uid}-1`)
    assert.equal(state.source.outcomesAfter(0)[0]?.at, at)
    assert.deepEqual([second?.request, second?.level, second?.durationSeconds], ['refused', null, null])
    await until(async () => (await metric('modosu_notifications_pending')) === 0)
    assert.equal(await metric('modosu_notifications_total', { result: 'delivered' }), 2)
    assert.equal(receiver.deliveries.length, 2)
  })

  it('is told again of an L1 that nobody has acknowledged within 30 minutes, and of no other result', async () => {
    const receiver = await startReceiver()
    const state = openTestStore()
    const { notifier } = notify(state, endpoint(receiver.url))
    runRestore(state, 'seen', { end: 'Succeeded', level: 'L1' })
    runRestore(state, 'grave', { end: 'RolledBack', level: 'L2' })
    runRestore(state, 'open', { end: 'Succeeded', level: 'L1' })
    await receiver.received(3)
    const escalation = { level: 'L1', acknowledged: true } as const
    state.store.commit('seen', { from: 'Succeeded', reason: 'acknowledge', message: '', status: { escalation } })
    state.clock.timeMs += 29 * 60_000
    notifier.wake()
    runRestore(state, 'later', { end: 'Cancelled', at: 'Pending' })
    await receiver.received(4)
    state.clock.timeMs += 60_000
    notifier.wake()
    await receiver.received(5)
    const told = bodies(receiver)[4]!
    assert.deepEqual(
      [told.kind, told.request, told.level, told.responder, told.timeFrame],
      ['RestoreEscalation', 'open', 'L2', 'システム管理者', '30分〜2時間'],
    )
    assert.equal(told.id, `${told.uid}-1-escalation`)
    assert.match(told.text, /nobody has acknowledged it within 30 minutes$/)
    notifier.wake()
    runRestore(state, 'last', { end: 'Cancelled', at: 'Pending' })
    await receiver.received(6)
    assert.equal(receiver.deliveries.length, 6)
  })

  it('can prove by the signature that the body and its time are ours', async () => {
    const secretFile = join(scratchDirectory(), 'key')
    writeFileSync(secretFile, 'hush-key\n', { mode: 0o600 })
    const receiver = await startReceiver()
    const state = openTestStore()
    notify(state, endpoint(receiver.url, secretFile))
    runRestore(state, 'ok', { end: 'Succeeded' })
    await receiver.received(1)
    const { headers, body } = receiver.deliveries[0]!
    const timestamp = headers['x-modosu-timestamp'] as string
    const expected = createHmac('sha256', 'hush-key').update(`${timestamp}.${body}`).digest('hex')
    assert.equal(headers['x-modosu-signature'], `sha256=${expected}`)
    assert.equal(Number(timestamp), Math.floor(state.clock.timeMs / 1000))
    assert.equal(headers['x-modosu-delivery'], (JSON.parse(body) as NotificationBody).id)
    assert.equal(headers['content-type'], 'application/json; charset=utf-8')
  })

  it('gets nothing unsigned when its key cannot be read, and everything when it can again', async () => {
    const secretFile = join(scratchDirectory(), 'key')
    const receiver = await startReceiver()
    const state = openTestStore()
    const { metric } = notify(state, endpoint(receiver.url, secretFile))
    runRestore(state, 'ok', { end: 'Succeeded' })
    await until(async () => (await metric('modosu_notification_attempt_failures_total'))! > 0)
    assert.equal(receiver.deliveries.length, 0)
    writeFileSync(secretFile, 'key')
    await receiver.received(1)
    assert.ok(receiver.deliveries[0]?.headers['x-modosu-signature'])
  })

  it('is tried again until it takes the message, and told nothing twice', async () => {
    const receiver = await startReceiver()
    receiver.answer = { status: 503 }
    const state = openTestStore()
    const { metric } = notify(state, endpoint(receiver.url))
    runRestore(state, 'ok', { end: 'Succeeded' })
    await receiver.received(3)
    assert.equal(await metric('modosu_notifications_pending'), 1)
    receiver.answer = { status: 200 }
    await until(async () => (await metric('modosu_notifications_total', { result: 'delivered' })) === 1)
    const attempts = receiver.deliveries.length
    runRestore(state, 'next', { end: 'Succeeded' })
    await receiver.received(attempts + 1)
    assert.equal(new Set(bodies(receiver).map(({ id }) => id)).size, 2)
    assert.equal(bodies(receiver).at(-1)?.request, 'next')
  })

  it('is not followed to another address', async () => {
    const elsewhere = await startReceiver()
    const receiver = await startReceiver()
    receiver.answer = { status: 307, headers: { location: elsewhere.url } }
    const state = openTestStore()
    notify(state, endpoint(receiver.url))
    runRestore(state, 'ok', { end: 'Succeeded' })
    await receiver.received(2)
    assert.equal(elsewhere.deliveries.length, 0)
  })

  it('holds up no other webhook when it does not answer', async () => {
    const dead = await startReceiver()
    dead.answer = null
    const receiver = await startReceiver()
    const state = openTestStore()
    notify(state, endpoint(dead.url), endpoint(receiver.url))
    runRestore(state, 'one', { end: 'Succeeded' })
    runRestore(state, 'two', { end: 'Succeeded' })
    await receiver.received(2)
    assert.deepEqual(new Set(bodies(dead).map(({ request }) => request)), new Set(['one']))
  })

  it('is given up on a day later, which needs a person, and told the next outcome', async () => {
    const receiver = await startReceiver()
    receiver.answer = { status: 410 }
    const state = openTestStore()
    const { metric, log } = notify(state, endpoint(receiver.url))
    runRestore(state, 'lost', { end: 'Succeeded' })
    await receiver.received(1)
    state.clock.timeMs += DAY_MS + 1
    await until(async () => (await metric('modosu_notifications_total', { result: 'abandoned' })) === 1)
    const error = log.lines.find(({ level }) => level === 'error')
    assert.deepEqual([error?.fields['request'], error?.fields['component']], ['lost', 'notifier'])
    receiver.answer = { status: 204 }
    runRestore(state, 'next', { end: 'Succeeded' })
    await until(() => bodies(receiver).some(({ request }) => request === 'next'))
  })

  it('has its path, which may be a secret, in no log', async () => {
    const receiver = await startReceiver()
    receiver.answer = { status: 500 }
    const state = openTestStore()
    const { log } = notify(state, endpoint(receiver.url), endpoint('http://127.0.0.1:1/hook/hush-path'))
    runRestore(state, 'ok', { end: 'Succeeded' })
    await until(() => log.lines.length > 4)
    const said = log.lines.map(
      ({ message, fields }) => `${message} ${JSON.stringify(fields)} ${String(fields['error'])}`,
    )
    assert.doesNotMatch(said.join('\n'), /hush/)
    assert.match(said.join('\n'), /127\.0\.0\.1/)
  })
})

describe('the outbox', () => {
  it('delivers after a restart what could not be delivered before', async () => {
    const receiver = await startReceiver()
    receiver.answer = { status: 503 }
    const before = openTestStore()
    const { notifier } = notify(before, endpoint(receiver.url))
    runRestore(before, 'missed', { end: 'Succeeded' })
    await receiver.received(1)
    await notifier.stop()
    before.close()
    receiver.answer = { status: 204 }
    const seen = receiver.deliveries.length
    const after = openTestStore(before.directory, before.clock)
    const { metric } = notify(after, endpoint(receiver.url))
    await receiver.received(seen + 1)
    assert.equal(bodies(receiver).at(-1)?.request, 'missed')
    await until(async () => (await metric('modosu_notifications_pending')) === 0)
  })

  it('repeats nothing after a restart', async () => {
    const receiver = await startReceiver()
    const before = openTestStore()
    const { notifier, metric } = notify(before, endpoint(receiver.url))
    runRestore(before, 'one', { end: 'Succeeded' })
    await until(async () => (await metric('modosu_notifications_total', { result: 'delivered' })) === 1)
    await notifier.stop()
    before.close()
    const after = openTestStore(before.directory, before.clock)
    notify(after, endpoint(receiver.url))
    runRestore(after, 'two', { end: 'Succeeded' })
    await receiver.received(2)
    assert.deepEqual(
      bodies(receiver).map(({ request }) => request),
      ['one', 'two'],
    )
  })

  it('is told of what recovery ends after the start, and not of the history before the webhook was configured', async () => {
    const receiver = await startReceiver()
    const state = openTestStore()
    runRestore(state, 'history', { end: 'Succeeded' })
    notify(state, endpoint(receiver.url))
    runRestore(state, 'recovered', { end: 'Failed', at: 'Preflight' })
    await receiver.received(1)
    assert.deepEqual(
      bodies(receiver).map(({ request }) => request),
      ['recovered'],
    )
  })

  it('goes on when a delivery cannot be noted, and says so', async () => {
    const receiver = await startReceiver()
    const state = openTestStore()
    const source = {
      outcomesAfter: (rowid: number) => state.store.outcomesAfter(rowid),
      request: (name: string) => state.store.request(name),
      meta: (key: string) => state.store.meta(key),
      setMeta: (key: string, value: string) => {
        if (value !== '0') throw new Error('disk full')
        state.store.setMeta(key, value)
      },
    }
    const { log } = notifyFrom(source, state, endpoint(receiver.url))
    runRestore(state, 'one', { end: 'Succeeded' })
    runRestore(state, 'two', { end: 'Succeeded' })
    await receiver.received(2)
    await until(() => log.lines.filter(({ level }) => level === 'warn').length === 2)
    assert.deepEqual(
      bodies(receiver).map(({ request }) => request),
      ['one', 'two'],
    )
  })

  it('stops at once although a webhook does not answer', async () => {
    const dead = await startReceiver()
    dead.answer = null
    const state = openTestStore()
    const { notifier, metric } = notify(state, { ...endpoint(dead.url), timeoutMs: 3_600_000 })
    runRestore(state, 'one', { end: 'Succeeded' })
    await dead.received(1)
    await notifier.stop()
    assert.equal(await metric('modosu_notification_attempt_failures_total'), 0)
  })
})
