import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'

import { toVersionedResource } from '../../src/domain/resource-view.ts'
import { openStateReader } from '../../src/store/reader.ts'
import { openStateStore, type StateStore } from '../../src/store/store.ts'
import { manifest, Workplace } from '../cli/workplace.ts'

let place: Workplace

beforeEach(() => {
  place = new Workplace()
})
afterEach(() => {
  place.close()
})

const versions = (store: Pick<StateStore, 'changes'>, from: number): number[] =>
  store.changes.after(from, 10_000).map(({ version }) => version)

describe('the changes of requests', () => {
  it('are numbered upwards and hold the object as it was', () => {
    const start = place.store.changes.version()
    place.request('inc-1')
    place.request('inc-2')
    place.walk('inc-1', ['Preflight', 'Failed'])
    const changes = place.store.changes.after(start, 100)
    assert.deepEqual(
      changes.map(({ type, object }) => [type, object.metadata.name, object.status.phase]),
      [
        ['ADDED', 'inc-1', 'Pending'],
        ['ADDED', 'inc-2', 'Pending'],
        ['MODIFIED', 'inc-1', 'Preflight'],
        ['MODIFIED', 'inc-1', 'Failed'],
      ],
    )
    for (const { version, object } of changes) assert.equal(object.metadata.resourceVersion, String(version))
    const last = changes.at(-1)
    assert.ok(last !== undefined)
    assert.deepEqual(last.object, JSON.parse(JSON.stringify(toVersionedResource(place.store.request('inc-1')!))))
    assert.equal(place.store.changes.before('inc-1', last.version)?.object.status.phase, 'Preflight')
  })

  it('go on over a restart, and begin above everything when an older store was put back', () => {
    const start = place.store.changes.version()
    place.request('inc-1')
    place.walk('inc-1', ['Preflight'])
    const seen = versions(place.store, start)
    place.store.close()
    const again = openStateStore(place.stateDir, { nowMs: () => place.nowMs })
    try {
      assert.deepEqual(versions(again, start), seen)
      again.commit('inc-1', { from: 'Preflight', to: 'Failed', reason: 'x', message: 'x' })
      const all = versions(again, start)
      assert.deepEqual(all.slice(0, 2), seen)
      assert.equal(all.length, 3)
      assert.ok((all[2] ?? 0) > (seen[1] ?? 0))
    } finally {
      again.close()
    }
    const later = openStateStore(place.stateDir, { nowMs: () => place.nowMs + 3_600_000 })
    try {
      assert.ok(later.changes.version() >= place.nowMs + 3_600_000)
      assert.equal(later.changes.knows(later.changes.version() - 1), false)
    } finally {
      later.close()
    }
  })

  it('are kept up to a number, and what is gone is known to be gone', () => {
    place.store.close()
    const store = openStateStore(place.stateDir, { nowMs: () => place.nowMs }, 20)
    try {
      const start = store.changes.version()
      store.create({
        manifest: manifest('a'),
        specHash: 'a'.repeat(64),
        origin: { kind: 'Api', client: 'x' },
        held: false,
        events: [],
      })
      for (let round = 0; round < 600; round += 1) {
        store.commit('a', { from: 'Pending', reason: 'x', message: String(round) })
      }
      assert.equal(store.changes.knows(start), false)
      const left = versions(store, 0)
      assert.ok(left.length >= 20 && left.length < 600, String(left.length))
      assert.equal(left.at(-1), store.changes.version())
      assert.ok(left.every((version) => store.changes.knows(version)))
    } finally {
      store.close()
    }
  })

  it('are read beside the daemon', () => {
    place.request('inc-1')
    const reader = openStateReader(place.stateDir)
    try {
      assert.equal(reader.changes.version(), place.store.changes.version())
      assert.equal(reader.request('inc-1')?.resourceVersion, place.store.changes.version())
    } finally {
      reader.close()
    }
  })
})
