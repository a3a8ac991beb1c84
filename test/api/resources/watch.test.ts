import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'

import type { RequestResource } from '../../../src/domain/resource-view.ts'
import { openStateStore } from '../../../src/store/store.ts'
import { Workplace } from '../../cli/workplace.ts'
import { manualApi, type ManualApi } from '../manual/manual-door.ts'
import { openStream, type Stream } from './streams.ts'

const COLLECTION = '/apis/modosu.dev/v1/restorerequests'

let place: Workplace
let api: ManualApi
let streams: Stream[]

beforeEach(async () => {
  place = new Workplace()
  streams = []
  api = await manualApi(place)
})

afterEach(async () => {
  for (const stream of streams) stream.close()
  await api.close()
  place.close()
})

interface Event {
  readonly type: string
  readonly object: RequestResource
}

async function watch(query: string, headers: Record<string, string> = {}): Promise<Stream> {
  const stream = await openStream(api.app, `${COLLECTION}?watch=true&${query}`, headers)
  streams.push(stream)
  return stream
}

async function event(stream: Stream): Promise<Event> {
  const line = await stream.next()
  assert.ok(line !== undefined, 'the stream has ended')
  return JSON.parse(line) as Event
}

async function listVersion(): Promise<string> {
  const { body } = await api.call('GET', COLLECTION)
  return (body['metadata'] as { resourceVersion: string }).resourceVersion
}

const told = ({ type, object }: Event): string => `${type} ${object.metadata.name} ${object.status.phase}`

describe('a watch', () => {
  it('tells each change after the version of a list, as it happens', async () => {
    place.request('inc-1')
    const stream = await watch(`resourceVersion=${await listVersion()}`)
    assert.equal(stream.status, 200)
    assert.match(stream.contentType, /^application\/json/)
    place.request('inc-2')
    assert.equal(told(await event(stream)), 'ADDED inc-2 Pending')
    place.walk('inc-1', ['Preflight', 'Failed'])
    assert.equal(told(await event(stream)), 'MODIFIED inc-1 Preflight')
    assert.equal(told(await event(stream)), 'MODIFIED inc-1 Failed')
  })

  it('without a version begins with everything that is there', async () => {
    place.request('inc-1')
    place.walk('inc-1', ['Preflight'])
    const stream = await watch('allowWatchBookmarks=true')
    assert.equal(told(await event(stream)), 'ADDED inc-1 Preflight')
    const mark = await event(stream)
    assert.deepEqual([mark.type, mark.object.metadata.resourceVersion], ['BOOKMARK', await listVersion()])
  })

  it('misses none of 1,000 changes over a restart of the daemon, and repeats none', async () => {
    place.request('inc-1')
    const start = await listVersion()
    const seen: string[] = []
    const change = (round: number): void => {
      place.store.commit('inc-1', { from: 'Pending', reason: 'x', message: 'x', status: { message: `round ${round}` } })
    }
    const take = async (stream: Stream, until: number): Promise<string> => {
      let last = ''
      while (seen.length < until) {
        const { object } = await event(stream)
        last = object.metadata.resourceVersion ?? ''
        seen.push(object.status.message ?? '')
      }
      return last
    }
    const first = await watch(`resourceVersion=${start}`)
    for (let round = 0; round < 500; round += 1) change(round)
    const last = await take(first, 350)
    first.close()
    await api.close()
    place.store.close()
    Object.defineProperty(place, 'store', { value: openStateStore(place.stateDir, { nowMs: () => place.nowMs }) })
    api = await manualApi(place)
    const second = await watch(`resourceVersion=${last}`)
    for (let round = 500; round < 1000; round += 1) change(round)
    await take(second, 1000)
    second.close()
    place.store.close()
    assert.deepEqual(
      seen,
      Array.from({ length: 1000 }, (_, round) => `round ${round}`),
    )
  })

  it('is refused with 410 where the version is too old or was never given', async () => {
    for (const version of ['17', 'abc', '99999999999999']) {
      const { status, body } = await api.call('GET', `${COLLECTION}?watch=true&resourceVersion=${version}`)
      assert.deepEqual([status, body['reason'], body['kind']], [410, 'ResourceExpired', 'Status'], version)
    }
  })

  it('takes an object that is not selected any more for deleted, and one that comes to be for new', async () => {
    const stream = await watch(`fieldSelector=status.phase%3DPreflight&resourceVersion=${await listVersion()}`)
    place.request('inc-1')
    place.walk('inc-1', ['Preflight', 'SafetyBackup', 'Failed'])
    place.request('inc-2')
    place.walk('inc-2', ['Preflight'])
    assert.equal(told(await event(stream)), 'ADDED inc-1 Preflight')
    assert.equal(told(await event(stream)), 'DELETED inc-1 SafetyBackup')
    assert.equal(told(await event(stream)), 'ADDED inc-2 Preflight')
  })

  it('tells that a request has left the lists', async () => {
    place.request('inc-1')
    place.walk('inc-1', ['Cancelled'])
    const stream = await watch(`resourceVersion=${await listVersion()}`)
    await api.call('POST', `${COLLECTION}/inc-1/forget`)
    assert.equal(told(await event(stream)), 'DELETED inc-1 Cancelled')
    const afresh = await watch('allowWatchBookmarks=true')
    assert.equal((await event(afresh)).type, 'BOOKMARK')
  })

  it('tells nobody of a target that is not theirs', async () => {
    const stream = await watch(`resourceVersion=${await listVersion()}`, { 'x-role': 'viewer', 'x-target': 'other' })
    place.request('inc-1')
    place.request('inc-2', { target: 'other' })
    assert.equal(told(await event(stream)), 'ADDED inc-2 Pending')
  })

  it('ends after its time with a bookmark, and when the daemon stops', async () => {
    const timed = await watch('timeoutSeconds=1&allowWatchBookmarks=true')
    assert.equal((await event(timed)).type, 'BOOKMARK')
    assert.equal((await event(timed)).type, 'BOOKMARK')
    assert.equal(await timed.next(), undefined)
    const open = await watch('timeoutSeconds=3600')
    const end = open.next()
    await api.close()
    assert.equal(await end, undefined)
  })
})

describe('the progress of a request', () => {
  async function follow(lastSeen?: string): Promise<Stream> {
    const stream = await openStream(api.app, `${COLLECTION}/inc-1/events`, {
      accept: 'text/event-stream',
      ...(lastSeen === undefined ? {} : { 'last-event-id': lastSeen }),
    })
    streams.push(stream)
    return stream
  }

  async function told(stream: Stream): Promise<{ event: string; id: string; data: RequestResource }> {
    const fields = new Map<string, string>()
    while (!fields.has('data')) {
      const line = await stream.next()
      assert.ok(line !== undefined)
      const [, name = '', value = ''] = /^(\w+): ?(.*)$/.exec(line) ?? []
      fields.set(name, value)
    }
    const data = JSON.parse(fields.get('data') ?? '') as RequestResource
    return { event: fields.get('event') ?? '', id: fields.get('id') ?? '', data }
  }

  it('is told as server-sent events until the end', async () => {
    place.request('inc-1')
    const stream = await follow()
    assert.equal(stream.contentType, 'text/event-stream')
    assert.equal((await told(stream)).data.status.phase, 'Pending')
    place.walk('inc-1', ['Preflight', 'Failed'])
    assert.equal((await told(stream)).data.status.phase, 'Preflight')
    assert.equal((await told(stream)).data.status.phase, 'Failed')
    const end = await told(stream)
    assert.equal(end.event, 'end')
    assert.equal(await stream.next(), undefined)
    const again = await api.call('GET', `${COLLECTION}/inc-1`)
    assert.equal((again.body['metadata'] as { resourceVersion: string }).resourceVersion, end.id)
  })

  it('goes on from the event that was seen last, and has nothing to tell after the end', async () => {
    place.request('inc-1')
    const first = await follow()
    const { id } = await told(first)
    first.close()
    place.walk('inc-1', ['Preflight', 'Failed'])
    const second = await follow(id)
    assert.equal((await told(second)).data.status.phase, 'Preflight')
    const last = await told(second)
    const over = await follow(last.id)
    assert.equal(over.status, 204)
    const lost = await follow('17')
    assert.equal((await told(lost)).data.status.phase, 'Failed')
  })

  it('is a list of events for who does not ask for a stream', async () => {
    place.request('inc-1')
    const { body } = await api.call('GET', `${COLLECTION}/inc-1/events`)
    assert.equal(body['kind'], 'EventList')
    assert.equal((body['items'] as { reason: string }[])[0]?.reason, 'Received')
    assert.equal((await api.call('GET', `${COLLECTION}/inc-2/events`)).status, 404)
  })
})
