import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, beforeEach, describe, it } from 'node:test'

import { verifySet } from '../../src/api/backup-verification.ts'
import { scanBackups } from '../../src/catalog/scan.ts'
import { createDatabaseOperations } from '../../src/database/client.ts'
import { BackupVerifications } from '../../src/retention/verification.ts'
import { identityOfSet, verifiedSets } from '../../src/controller/verdicts.ts'
import { makeBackup } from '../support/files.ts'
import { Yard } from './yard.ts'

const database = createDatabaseOperations({ lockFile: null })
const scratchDir = mkdtempSync(join(tmpdir(), 'modosu-verify-'))
after(async () => {
  await database.close()
  rmSync(scratchDir, { recursive: true, force: true })
})

let yard: Yard
let order: string[]
let checks: string[]
let during: ((id: string) => void) | undefined

beforeEach(() => {
  yard = new Yard()
  order = []
  checks = []
  during = undefined
})
afterEach(() => {
  yard.close()
})

const NO_STOP = new AbortController().signal

/** The job as the daemon wires it, on real children. */
function verifications(bytesPerSecond: number | null = null): BackupVerifications {
  const { store, target, clock, log } = yard
  const job = new BackupVerifications({
    targets: [target],
    store,
    list: async () => (await scanBackups(target, [])).sets,
    verify: (of, set, signal) => {
      order.push(set.id)
      during?.(set.id)
      return verifySet(of, set, { database, clock, scratchDir, signal, bytesPerSecond })
    },
    telemetry: { checkFinished: (_target, check, result) => checks.push(`${check} ${result}`) },
    changed: () => undefined,
    clock,
    log,
  })
  store.onCommit((request) => {
    job.requestCommitted(request)
  })
  return job
}

async function known(): Promise<Record<string, boolean>> {
  const { sets } = await scanBackups(yard.target, [])
  const verified = await verifiedSets(yard.store, 'app', sets)
  return Object.fromEntries([...verified].map(([id, { passed }]) => [id, passed]))
}

describe('scheduled verification', () => {
  it('takes every set, newest first, and remembers which bytes passed and which did not', async () => {
    const good = makeBackup(yard.backups, 'daily', '20260213_020000', { rows: 20 })
    const bad = makeBackup(yard.backups, 'daily', '20260214_020000', { rows: 20, uncheckpointed: true })
    appendFileSync(`${bad}-wal`, 'x')
    await verifications().run(NO_STOP)
    assert.deepEqual(order, ['BKP-20260214-020000-daily', 'BKP-20260213-020000-daily'])
    assert.deepEqual(await known(), { 'BKP-20260214-020000-daily': false, 'BKP-20260213-020000-daily': true })
    assert.ok(checks.includes('checksum fail') && checks.includes('integrity pass'), checks.join())
    const [event] = yard.store.events()
    assert.equal(event?.reason, 'BackupVerifyFailed')
    assert.match(event.message, /^BKP-20260214-020000-daily failed its verification: checksum: /)
    assert.deepEqual(
      yard.store.audit().map(({ operation, status, message }) => [operation, status, message]),
      [['verify', 'failure', '2 backups verified, 1 failed']],
    )
    // Said once, not each night; forgotten when the files go or change.
    for (const path of [good, good.replace('.db', '.sha256')]) rmSync(path)
    await verifications().run(NO_STOP)
    assert.equal(yard.store.events().length, 1)
    assert.equal(yard.store.upkeep.verifications('app').length, 1)
    appendFileSync(bad, 'x')
    assert.deepEqual(await known(), {})
  })

  it('stands back at once when a restore begins, and begins again with the same set when it has ended', async () => {
    makeBackup(yard.backups, 'daily', '20260214_020000', { rows: 2000 })
    yard.request('inc-1', { target: 'other' })
    during = () => {
      during = undefined
      yard.walk('inc-1', ['Preflight'])
      setTimeout(() => {
        assert.equal(order.length, 1, 'nothing is verified while the restore runs')
        yard.walk('inc-1', ['Failed'])
      }, 300)
    }
    // So slow that it could not be done with before the restore begins.
    await verifications(1_000_000).run(NO_STOP)
    assert.deepEqual(order, ['BKP-20260214-020000-daily', 'BKP-20260214-020000-daily'])
    assert.deepEqual(await known(), { 'BKP-20260214-020000-daily': true })
    assert.ok(yard.log.lines.some(({ message }) => message === 'verification stands back: a restore has begun'))
  })

  it('ends when the daemon stops, and has recorded nothing of what it broke off', async () => {
    makeBackup(yard.backups, 'daily', '20260214_020000', { rows: 2000 })
    const stop = new AbortController()
    during = () => {
      stop.abort()
    }
    await assert.rejects(verifications(1_000_000).run(stop.signal))
    assert.deepEqual(yard.store.upkeep.verifications('app'), [])
  })

  it('of a backup that has just appeared comes in its turn, once, and says who found it', async () => {
    const bad = makeBackup(yard.backups, 'daily', '20260214_020000', { rows: 20 })
    makeBackup(yard.backups, 'daily', '20260213_020000', { rows: 20 })
    appendFileSync(bad, 'x')
    const sets = (await scanBackups(yard.target, [])).sets
    const job = verifications()
    await Promise.all([...sets, ...sets].map((set) => job.arrived(yard.target, set, NO_STOP)))
    assert.deepEqual(order, ['BKP-20260214-020000-daily', 'BKP-20260213-020000-daily'])
    assert.deepEqual(await known(), { 'BKP-20260214-020000-daily': false, 'BKP-20260213-020000-daily': true })
    assert.deepEqual(
      yard.store.upkeep.verifications('app').map(({ foundBy }) => foundBy),
      ['arrival', 'arrival'],
    )
    assert.deepEqual(
      yard.store.events().map(({ reason }) => reason),
      ['BackupVerifyFailed'],
    )
  })

  it('of an arrival waits for a pass that runs, and finds nothing left to do', async () => {
    makeBackup(yard.backups, 'daily', '20260214_020000', { rows: 20 })
    const [set] = (await scanBackups(yard.target, [])).sets
    assert.ok(set !== undefined)
    const job = verifications()
    await Promise.all([job.run(NO_STOP), job.arrived(yard.target, set, NO_STOP)])
    assert.deepEqual(order, ['BKP-20260214-020000-daily'])
    assert.equal(yard.store.upkeep.verifications('app')[0]?.foundBy, 'schedule')
  })

  it('of an arrival stands back while a restore runs', async () => {
    makeBackup(yard.backups, 'daily', '20260214_020000', { rows: 20 })
    const [set] = (await scanBackups(yard.target, [])).sets
    assert.ok(set !== undefined)
    yard.request('inc-1', { target: 'other' })
    yard.walk('inc-1', ['Preflight'])
    const done = verifications().arrived(yard.target, set, NO_STOP)
    await new Promise((resolve) => setImmediate(resolve))
    assert.deepEqual(order, [])
    yard.walk('inc-1', ['Failed'])
    await done
    assert.deepEqual(await known(), { 'BKP-20260214-020000-daily': true })
  })

  it('reads no faster than it may', async () => {
    makeBackup(yard.backups, 'daily', '20260214_020000', { rows: 3000 })
    const [set] = (await scanBackups(yard.target, [])).sets
    const bytesPerSecond = 2 * (set?.sizeBytes ?? 0)
    const before = performance.now()
    await verifications(bytesPerSecond).run(NO_STOP)
    // Copied and hashed: twice its size at twice its size a second.
    assert.ok(performance.now() - before >= 950, `${performance.now() - before} ms`)
    assert.deepEqual(await known(), { [set?.id ?? '']: true })
  })

  it('that cannot do its work says so, and goes on with the others', async () => {
    makeBackup(yard.backups, 'daily', '20260214_020000', { rows: 20 })
    const newest = makeBackup(yard.backups, 'daily', '20260215_020000', { rows: 20 })
    during = (id) => {
      if (id.startsWith('BKP-20260215')) rmSync(newest)
    }
    await assert.rejects(verifications().run(NO_STOP), { reason: 'BackupFileNotFound' })
    assert.deepEqual(await known(), { 'BKP-20260214-020000-daily': true })
  })
})

describe('retention', () => {
  it('keeps the last set that passed, whatever is newer', async () => {
    const paths = ['10', '11', '12'].map((day) =>
      makeBackup(yard.backups, 'daily', `202602${day}_020000`, { rows: 20 }),
    )
    assert.equal(paths.length, 3)
    for (const set of (await scanBackups(yard.target, [])).sets) {
      const passed = set.id === 'BKP-20260210-020000-daily'
      const identity = await identityOfSet(set)
      const verdict = { target: 'app', backupId: set.id, identity, passed, message: '', durationMs: 1 }
      yard.store.upkeep.recordVerification(verdict)
    }
    const { deleted } = await yard.prune()
    assert.deepEqual(
      deleted.map(({ name }) => name),
      ['BKP-20260211-020000-daily'],
    )
  })
})
