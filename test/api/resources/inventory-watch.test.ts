import assert from 'node:assert/strict'
import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'

import { Inventory } from '../../../src/api/resources/inventory.ts'
import type { Target } from '../../../src/domain/target.ts'
import { Workplace } from '../../cli/workplace.ts'
import { manualApi, type ManualApi } from '../manual/manual-door.ts'
import { openStream, type Stream } from './streams.ts'

const API = '/apis/modosu.dev/v1'

interface Event {
  readonly type: string
  readonly object: { readonly metadata: { readonly name: string; readonly resourceVersion: string } }
}

let place: Workplace
let api: ManualApi
let streams: Stream[]

beforeEach(async () => {
  place = new Workplace()
  place.live()
  streams = []
  api = await manualApi(place)
})

afterEach(async () => {
  for (const stream of streams) stream.close()
  await api.close()
  place.close()
})

async function watch(path: string, query = '', headers: Record<string, string> = {}): Promise<Stream> {
  const stream = await openStream(api.app, `${API}/${path}?watch=true${query}`, headers)
  streams.push(stream)
  return stream
}

async function event(stream: Stream): Promise<Event> {
  const line = await stream.next()
  assert.ok(line !== undefined, 'the stream has ended')
  return JSON.parse(line) as Event
}

async function versionOf(path: string): Promise<string> {
  const { body } = await api.call('GET', `${API}/${path}`)
  return (body['metadata'] as { resourceVersion: string }).resourceVersion
}

const told = ({ type, object }: Event): string => `${type} ${object.metadata.name}`
const MONDAY = 'BKP-20260209-030012-weekly'
const SUNDAY = 'BKP-20260215-020015-daily'

describe('a watch of backups', () => {
  it('tells what came, changed and went since the list, once each', async () => {
    const path = place.backup('daily', '20260215_020015')
    const stream = await watch('backups', `&resourceVersion=${await versionOf('backups')}`)
    place.backup('weekly', '20260209_030012')
    // Whoever lists has the disk looked at; a watch alone does it every two seconds.
    await versionOf('backups')
    assert.equal(told(await event(stream)), `ADDED ${MONDAY}`)
    for (const file of [path, path.replace(/\.db$/, '.sha256')]) rmSync(file)
    await versionOf('backups')
    const gone = await event(stream)
    assert.equal(told(gone), `DELETED ${SUNDAY}`)
    assert.equal(gone.object.metadata.resourceVersion, await versionOf('backups'))
  })

  it('begins with what is there where no version is given, and finds by itself what comes', async () => {
    place.backup('daily', '20260215_020015')
    const stream = await watch('backups', '&allowWatchBookmarks=true')
    assert.equal(told(await event(stream)), `ADDED ${SUNDAY}`)
    const mark = await event(stream)
    assert.deepEqual([mark.type, mark.object.metadata.resourceVersion], ['BOOKMARK', await versionOf('backups')])
    place.backup('weekly', '20260209_030012')
    assert.equal(told(await event(stream)), `ADDED ${MONDAY}`)
  })

  it('tells of what is selected, and of what the caller may see', async () => {
    const version = await versionOf('backups')
    const weekly = await watch('backups', `&fieldSelector=type%3Dweekly&resourceVersion=${version}`)
    place.backup('daily', '20260215_020015')
    place.backup('weekly', '20260209_030012')
    await versionOf('backups')
    assert.equal(told(await event(weekly)), `ADDED ${MONDAY}`)
    const other = await api.call('GET', `${API}/backups?watch=true`, { role: 'viewer', target: 'other' })
    assert.equal(other.status, 403)
  })

  it('tells of a verdict on one of them', async () => {
    place.backup('daily', '20260215_020015')
    const stream = await watch('backups', `&resourceVersion=${await versionOf('backups')}`)
    place.store.upkeep.recordVerification({
      target: 'shop',
      backupId: SUNDAY,
      identity: 'of other bytes',
      passed: false,
      message: 'integrity: no',
      durationMs: 1,
      check: 'integrity',
      foundBy: 'verify',
    })
    // A verdict on other bytes changes nothing; a file that comes does.
    await versionOf('backups')
    place.backup('weekly', '20260209_030012')
    await versionOf('backups')
    assert.equal(told(await event(stream)), `ADDED ${MONDAY}`)
  })
})

describe('a watch of safety backups and targets', () => {
  it('tells what came, and how a target has changed', async () => {
    const path = place.backup('daily', '20260215_020015')
    const safety = await watch('safetybackups', `&resourceVersion=${await versionOf('safetybackups')}`)
    const targets = await watch('targets', `&resourceVersion=${await versionOf('targets')}`)
    cpSync(path, join(place.backups, 'restore_safety_20260215150530.db'))
    place.request('inc-1')
    place.walk('inc-1', ['Preflight'])
    await versionOf('safetybackups')
    await versionOf('targets')
    assert.equal(told(await event(safety)), 'ADDED restore_safety_20260215150530.db')
    const changed = (await event(targets)) as Event & { readonly object: { readonly running?: string } }
    assert.deepEqual([told(changed), changed.object.running], ['MODIFIED shop', 'inc-1'])
  })
})

describe('an inventory', () => {
  const shop = { name: 'shop' } as Target
  const bar = { name: 'bar' } as Target
  const object = (name: string, value = 0) => ({ key: name, object: { metadata: { name }, value } })

  it('numbers each change of ten thousand objects, and lets nobody go on over a gap', async () => {
    let names = Array.from({ length: 10_000 }, (_, number) => object(`b-${number}`))
    const inventory = new Inventory(
      () => [shop],
      () => Promise.resolve({ objects: () => Promise.resolve(names) }),
    )
    const empty = inventory.version
    await inventory.refresh(shop)
    assert.equal(inventory.numberOf(inventory.version), 10_000)
    assert.equal(inventory.numberOf(empty), 0)
    names = names.map((_, number) => object(`b-${number}`, 1))
    await inventory.refresh(shop)
    assert.equal(inventory.numberOf(empty), null, 'what came first is not kept any more')
    const seen = inventory.after(19_990, 100).map(({ number, type }) => `${number} ${type}`)
    assert.deepEqual(
      seen,
      Array.from({ length: 10 }, (_, place) => `${19_991 + place} MODIFIED`),
    )
    await inventory.refresh(shop)
    assert.equal(inventory.numberOf(inventory.version), 20_000, 'nothing has changed')
  })

  it('keeps what was seen of a target that cannot be looked at, and drops one that is configured no more', async () => {
    let targets = [shop, bar]
    let isBroken = false
    const inventory = new Inventory(
      () => targets,
      ({ name }) => {
        if (isBroken && name === 'shop') return Promise.reject(new Error('no such directory'))
        return Promise.resolve({ objects: () => Promise.resolve([object(`of-${name}`)]) })
      },
    )
    await inventory.refreshAll(false)
    isBroken = true
    await inventory.refreshAll(false)
    await assert.rejects(inventory.refresh(shop), /no such directory/)
    assert.deepEqual(
      inventory.seen(null).map(({ key }) => key),
      ['of-shop', 'of-bar'],
    )
    targets = [bar]
    await inventory.refreshAll(false)
    assert.deepEqual(
      inventory.after(2, 10).map(({ type, target }) => `${type} ${target}`),
      ['DELETED shop'],
    )
  })
})

describe('checksum files', () => {
  it('are read anew once they have changed', async () => {
    const path = place.backup('daily', '20260215_020015')
    const sums = async (): Promise<unknown> => {
      const { body } = await api.call('GET', `${API}/backups/${SUNDAY}`)
      return (body['checksums'] as { sha256: string }[])[0]?.sha256
    }
    const first = await sums()
    assert.match(String(first), /^[0-9a-f]{64}$/)
    rmSync(path.replace(/\.db$/, '.sha256'))
    writeFileSync(path.replace(/\.db$/, '.sha256'), `${'0'.repeat(64)}  ${path.split('/').at(-1) ?? ''}\n`)
    assert.equal(await sums(), '0'.repeat(64))
  })
})
