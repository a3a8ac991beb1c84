import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { after, describe, it } from 'node:test'

import { systemClock } from '../../src/domain/clock.ts'
import { CatalogObserver, type CatalogObserverOptions } from '../../src/daemon/catalog-observer.ts'
import type { Target } from '../../src/domain/target.ts'
import { makeBackup } from '../support/files.ts'
import { collectedLog } from './collected-log.ts'
import { valueOf } from './exposition.ts'
import { createRequest, openTestStore, targetOnDisk, telemetryOf } from './restores.ts'
import { eventually } from './tools.ts'

type CatalogRows = CatalogObserverOptions['database']['catalogRows']

function observe(names: readonly string[], catalogTable: string | null = null, catalogRows?: CatalogRows) {
  const state = openTestStore()
  const targets: Target[] = names.map((name) => {
    const target = targetOnDisk(state.directory, name)
    makeBackup(target.backups.path, 'daily', '20260215_020015', { rows: 1 })
    return {
      ...target,
      backups: { ...target.backups, stem: 'app', catalogTable: name === 'first' ? catalogTable : null },
    }
  })
  const telemetry = telemetryOf(state, targets)
  const log = collectedLog()
  const database = { catalogRows: catalogRows ?? (() => Promise.resolve([])) }
  const observer = new CatalogObserver({ targets, database, store: state.store, telemetry, clock: systemClock, log })
  state.store.onCommit((request, change) => {
    observer.requestCommitted(request, change)
  })
  after(() => {
    observer.stop()
  })
  const restorable = async (target: string): Promise<number | undefined> =>
    valueOf(await telemetry.render(), 'modosu_backups_restorable', { target })
  return { state, targets, observer, restorable }
}

describe('the listing of backups', () => {
  it('begins at the start, and a directory that cannot be read does not keep it from the other targets', async () => {
    const { targets, observer, restorable } = observe(['first', 'second'])
    rmSync(targets[0]!.backups.path, { recursive: true })
    observer.start()
    assert.equal(await eventually(() => restorable('second')), 1)
    assert.equal(await restorable('first'), undefined)
  })

  it('passes over a target that a restore works on, and comes back to it at the end', async () => {
    const { state, observer, restorable } = observe(['first', 'second'])
    createRequest(state.store, 'running', { target: 'first' })
    state.store.commit('running', { from: 'Pending', to: 'Preflight', reason: 'Advanced', message: '' })
    observer.start()
    assert.equal(await eventually(() => restorable('second')), 1)
    assert.equal(await restorable('first'), undefined)
    state.store.commit('running', { from: 'Preflight', to: 'Failed', reason: 'Failed', message: '' })
    assert.equal(await eventually(() => restorable('first')), 1)
  })

  it('lets go of the application catalog as soon as a restore of its target begins', async () => {
    let opened = (): void => undefined
    const open = new Promise<void>((resolve) => {
      opened = resolve
    })
    // A reader that waits for a lock: nothing but the signal ends it.
    const waitForLock: CatalogRows = (_database, _table, { signal }) => {
      opened()
      return new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => {
          reject(new Error('interrupted'))
        })
      })
    }
    const { state, observer, restorable } = observe(['first', 'second'], 'backup_catalog', waitForLock)
    observer.start()
    await open
    createRequest(state.store, 'beginning', { target: 'first' })
    assert.equal(await restorable('second'), undefined)
    state.store.commit('beginning', { from: 'Pending', to: 'Preflight', reason: 'Advanced', message: '' })
    assert.equal(await eventually(() => restorable('second')), 1)
    assert.equal(await restorable('first'), undefined)
  })
})
