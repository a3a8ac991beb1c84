import assert from 'node:assert/strict'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'

import type { RestoreManifest } from '../../src/domain/resource.ts'
import { countRows, makeBackup, sha256 } from '../support/files.ts'
import { InProcess, TESTER } from '../support/in-process.ts'
import { mountTmpfs } from '../support/mounts.ts'

const EXTRACT: Partial<RestoreManifest['spec']> = {
  mode: 'Extract',
  source: { backupId: 'BKP-20260215-020015-daily' },
}

/** Everything that a look, an opening or a write would change; the time of the last read, which the mount decides, aside. */
function traces(folder: string): unknown {
  return readdirSync(folder).map((name) => {
    const { ino, size, mtimeMs, ctimeMs } = lstatSync(join(folder, name))
    return [name, ino, size, mtimeMs, ctimeMs]
  })
}

describe('a request with mode: Extract', () => {
  let world: InProcess
  let folder: string
  let to: string

  beforeEach(() => {
    world = new InProcess({ rows: 60, uncheckpointed: true }, {})
    folder = join(world.root, 'extracts')
    to = join(folder, 'inc-1.db')
    mkdirSync(folder)
    Object.assign(world.target, { extracts: { path: folder } })
  })
  afterEach(() => world.remove())

  it('leaves one whole, checked file of the daemon’s user alone, and says which; the database is not even opened', async () => {
    const db = makeBackup(world.backups, 'daily', '20260215_020015', { rows: 40, wal: false })
    const before = traces(join(world.root, 'live'))
    const request = await world.run('inc-1', EXTRACT)
    assert.equal(request.phase, 'Succeeded', JSON.stringify(request.status))
    assert.deepEqual(readdirSync(folder), ['inc-1.db'])
    const { mode, uid, gid, size } = lstatSync(to)
    assert.deepEqual([mode & 0o7777, uid, gid], [0o600, process.geteuid?.(), process.getegid?.()])
    assert.equal(sha256(to), sha256(db))
    assert.deepEqual(request.status.extract, { path: to, sha256: sha256(db), sizeBytes: size })
    assert.deepEqual(traces(join(world.root, 'live')), before)
    assert.deepEqual(
      request.status.checks.map(({ name, result }) => [name, result]),
      [
        ['checksum', 'pass'],
        ['integrity', 'pass'],
        ['foreign_keys', 'pass'],
        ['completeness', 'pass'],
      ],
    )
    const { escalation, safetyBackup, application } = request.status
    assert.deepEqual([escalation, safetyBackup, application], [undefined, undefined, undefined])
    const [audit] = world.store.auditOf('inc-1').filter(({ operation }) => operation === 'extract')
    assert.equal(audit?.status, 'success')
  })

  it('puts a set with a -wal into one file', async () => {
    makeBackup(world.backups, 'daily', '20260215_020015', { rows: 40, uncheckpointed: true })
    const { phase, status } = await world.run('inc-1', EXTRACT)
    assert.equal(phase, 'Succeeded', JSON.stringify(status))
    assert.deepEqual(readdirSync(folder), ['inc-1.db'])
    assert.equal(countRows(to), 40)
  })

  it('takes a backup out while the directory of the database is gone', async () => {
    makeBackup(world.backups, 'daily', '20260215_020015', { rows: 40 })
    renameSync(join(world.root, 'live'), join(world.root, 'dead'))
    const { phase, status } = await world.run('inc-1', EXTRACT)
    assert.equal(phase, 'Succeeded', JSON.stringify(status))
    assert.equal(countRows(to), 40)
  })

  it('takes the next newest where the newest is bad, and leaves nothing of the bad one', async () => {
    makeBackup(world.backups, 'daily', '20260214_020015', { rows: 30, wal: false })
    const bad = makeBackup(world.backups, 'daily', '20260215_020015', { rows: 40, wal: false })
    truncateSync(bad, 8192)
    const { phase, status } = await world.run('inc-1', { ...EXTRACT, source: { latest: {} } })
    assert.equal(phase, 'Succeeded', JSON.stringify(status))
    assert.deepEqual(readdirSync(folder), ['inc-1.db'])
    assert.equal(countRows(to), 30)
  })

  it('is rejected where the target has no folder for extracts', async () => {
    makeBackup(world.backups, 'daily', '20260215_020015', { rows: 40 })
    Object.assign(world.target, { extracts: undefined })
    const { phase, status } = await world.run('inc-1', EXTRACT)
    assert.deepEqual([phase, status.reason], ['Rejected', 'ExtractsNotConfigured'])
    assert.match(status.hint ?? '', /extracts\.path of the target app/)
  })

  it('leaves alone what has its name, or would be read with it', async () => {
    makeBackup(world.backups, 'daily', '20260215_020015', { rows: 40 })
    for (const [name, other] of [
      ['inc-1', 'inc-1.db'],
      ['inc-2', 'inc-2.db-wal'],
    ] as const) {
      writeFileSync(join(folder, other), 'mine')
      const { phase, status } = await world.run(name, EXTRACT)
      assert.deepEqual([phase, status.reason], ['Failed', 'FileExists'], name)
      assert.equal(readFileSync(join(folder, other), 'utf8'), 'mine')
    }
    symlinkSync(join(world.root, 'elsewhere'), join(folder, 'inc-3.db'))
    assert.equal((await world.run('inc-3', EXTRACT)).status.reason, 'FileExists')
    assert.deepEqual(readdirSync(folder).sort(), ['inc-1.db', 'inc-2.db-wal', 'inc-3.db'])
    assert.equal(existsSync(join(world.root, 'elsewhere')), false)
    assert.equal((await world.run('inc-4', EXTRACT)).phase, 'Succeeded')
  })

  it('does not take the place of a file that comes at the last moment', async () => {
    makeBackup(world.backups, 'daily', '20260215_020015', { rows: 40 })
    world.at.set('VerifyingBackup.extractNoted', () => {
      writeFileSync(to, 'mine')
    })
    const { phase, status } = await world.run('inc-1', EXTRACT)
    assert.deepEqual([phase, status.reason], ['Failed', 'FileExists'])
    assert.deepEqual(readdirSync(folder), ['inc-1.db'])
    assert.equal(readFileSync(to, 'utf8'), 'mine')
  })

  it('fails before anything is copied where the folder cannot be used, and says why', async () => {
    makeBackup(world.backups, 'daily', '20260215_020015', { rows: 40 })
    const file = join(world.root, 'file')
    writeFileSync(file, '')
    const cases: readonly (readonly [path: string, why: RegExp])[] = [
      [join(world.root, 'nowhere'), /it does not exist/],
      [file, /it is no directory/],
      [join(world.backups, 'daily'), /it lies among the backups/],
    ]
    for (const [index, [path, why]] of cases.entries()) {
      Object.assign(world.target, { extracts: { path } })
      const { phase, status } = await world.run(`inc-${index}`, EXTRACT)
      assert.deepEqual([phase, status.reason], ['Failed', 'ExtractsUnusable'])
      assert.match(status.message ?? '', why)
      assert.match(status.hint ?? '', /mkdir|ls -ld|namei|reload/)
    }
  })

  it('fails before anything is copied where the folder may not be written', async (test) => {
    makeBackup(world.backups, 'daily', '20260215_020015', { rows: 40 })
    const readOnly = process.geteuid?.() === 0 ? mountTmpfs(folder, 64, 'ro') : null
    if (process.geteuid?.() !== 0) chmodSync(folder, 0o500)
    else if (readOnly === null) {
      test.skip('root may write everywhere, and there is no right to mount')
      return
    }
    try {
      const { phase, status } = await world.run('inc-1', EXTRACT)
      assert.deepEqual([phase, status.reason], ['Failed', 'ExtractsUnusable'])
      assert.match(status.message ?? '', /the daemon cannot write to it \((EACCES|EROFS)\)/)
    } finally {
      readOnly?.unmount()
    }
  })

  it('is refused before anything is written where the disk has no room for it', async (test) => {
    makeBackup(world.backups, 'daily', '20260215_020015', { rows: 400, wal: false })
    const small = mountTmpfs(folder, 64)
    if (small === null) {
      test.skip('no right to mount')
      return
    }
    try {
      const { phase, status } = await world.run('inc-1', EXTRACT)
      assert.deepEqual([phase, status.reason], ['Failed', 'InsufficientSpace'])
      assert.deepEqual(readdirSync(folder), [])
    } finally {
      small.unmount()
    }
  })

  it('leaves no file where it is called off while the copy is made', async () => {
    makeBackup(world.backups, 'daily', '20260215_020015', { rows: 40 })
    world.at.set('VerifyingBackup.begin', () => {
      assert.equal(readdirSync(folder).length > 0, true)
      world.controller.commands.cancel('inc-1', TESTER, 'not needed')
    })
    const { phase, status } = await world.run('inc-1', EXTRACT)
    assert.equal(phase, 'Cancelled', JSON.stringify(status))
    assert.deepEqual(readdirSync(folder), [])
  })

  it('leaves no file of a backup that is bad', async () => {
    const db = makeBackup(world.backups, 'daily', '20260215_020015', { rows: 40, wal: false })
    const bytes = readFileSync(db)
    bytes.fill(7, 4096, 6000)
    writeFileSync(db, bytes)
    const { phase, status } = await world.run('inc-1', EXTRACT)
    assert.deepEqual([phase, status.reason], ['Failed', 'ChecksumMismatch'])
    assert.deepEqual(readdirSync(folder), [])
    assert.equal(status.extract, undefined)
  })

  it('takes the name back where it ends otherwise than well, unless somebody has written to the file', async () => {
    makeBackup(world.backups, 'daily', '20260215_020015', { rows: 40 })
    world.at.set('VerifyingBackup.extractPublished', () => {
      assert.deepEqual(readdirSync(folder), ['inc-1.db'])
      throw new Error('the disk is gone')
    })
    assert.equal((await world.run('inc-1', EXTRACT)).phase, 'Failed')
    assert.deepEqual(readdirSync(folder), [])
    world.at.set('VerifyingBackup.extractPublished', () => {
      writeFileSync(join(folder, 'inc-2.db'), 'mine')
      throw new Error('the disk is gone')
    })
    assert.equal((await world.run('inc-2', EXTRACT)).phase, 'Failed')
    assert.deepEqual(readdirSync(folder), ['inc-2.db'])
  })
})
