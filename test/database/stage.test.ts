import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { StageRequest } from '../../src/database/contract.ts'
import { ERRORS } from '../../src/domain/messages.ts'
import { database, filled, rejection, sha256, snapshot, SOON, world } from './world.ts'

const { operations, folder } = world('stage')
const isRoot = process.getuid?.() === 0

interface Ground {
  readonly home: string
  readonly backups: string
  readonly request: StageRequest
}

/** A set of `.db` and `-wal` whose checksums are recorded, and a place for it. */
function ground(): Ground {
  const [home, backups] = [folder(), folder()]
  const [db, wal] = [join(backups, 'b.db'), join(backups, 'b.db-wal')]
  database(db, filled('items', 500))
  writeFileSync(wal, 'frames')
  chmodSync(db, 0o644)
  const request: StageRequest = {
    db,
    wal,
    staged: join(home, 'app.db.modosu-r.new'),
    expectedDb: sha256(db),
    expectedWal: sha256(wal).toUpperCase(),
    others: [],
    attributesOf: null,
    ownership: null,
  }
  return { home, backups, request }
}

describe('staging a backup', { timeout: 60_000 }, () => {
  it('copies database and -wal, proves their checksums and leaves the set alone', async () => {
    const { home, backups, request } = ground()
    const before = snapshot(backups)
    const { mismatches, hashes, bytesCopied } = await operations.stage(request, SOON)
    assert.deepEqual(mismatches, [])
    assert.deepEqual(
      hashes.map(({ path, sha256: hash }) => [path, hash]),
      [
        [request.db, sha256(request.staged)],
        [request.wal, sha256(`${request.staged}-wal`)],
      ],
    )
    assert.equal(bytesCopied, statSync(request.db).size + 6)
    assert.deepEqual(readdirSync(home), ['app.db.modosu-r.new', 'app.db.modosu-r.new-wal'])
    for (const name of readdirSync(home)) assert.equal(statSync(join(home, name)).mode & 0o7777, 0o600, name)
    assert.deepEqual(snapshot(backups), before)
  })

  it('names every file that is not what was recorded', async () => {
    const { backups, request } = ground()
    const other = join(backups, 'b.sql.gz')
    writeFileSync(other, 'dump')
    const others = [{ path: other, expected: '0'.repeat(64) }]
    const wrong = { ...request, expectedDb: '0'.repeat(64), others }
    const { mismatches } = await operations.stage(wrong, SOON)
    assert.deepEqual(mismatches, [request.db, other])
    const unrecorded = await operations.stage({ ...request, expectedDb: null, expectedWal: null }, SOON)
    assert.deepEqual(unrecorded.mismatches, [])
  })

  it('begins anew over what an attempt that died left', async () => {
    const { home, request } = ground()
    for (const suffix of ['', '-wal', '-shm', '-journal']) writeFileSync(`${request.staged}${suffix}`, 'old')
    await operations.stage({ ...request, wal: null }, SOON)
    assert.deepEqual(readdirSync(home), ['app.db.modosu-r.new'])
    assert.equal(sha256(request.staged), sha256(request.db))
  })

  it('gives the copy the mode of the database that it will replace', async () => {
    const { home, request } = ground()
    const old = join(home, 'app.db')
    writeFileSync(old, 'old', { mode: 0o640 })
    chmodSync(old, 0o660)
    await operations.stage({ ...request, attributesOf: old }, SOON)
    assert.equal(statSync(request.staged).mode & 0o7777, 0o660)
    assert.ok(Date.now() - statSync(request.staged).mtimeMs < 60_000, 'its time is its own')
  })

  it(
    'gives the copy the owner of the database that it will replace, or the one asked for',
    { skip: !isRoot },
    async () => {
      const { home, request } = ground()
      const old = join(home, 'app.db')
      writeFileSync(old, 'old', { mode: 0o600 })
      chownSync(old, 4321, 1234)
      await operations.stage({ ...request, attributesOf: old }, SOON)
      const owner = (): number[] => [statSync(request.staged).uid, statSync(request.staged).gid]
      assert.deepEqual(owner(), [4321, 1234])
      await operations.stage({ ...request, ownership: { uid: 4322, gid: 1235, mode: 0o600 } }, SOON)
      assert.deepEqual(owner(), [4322, 1235])
    },
  )

  it('is refused where the owner cannot be given', { skip: isRoot }, async () => {
    const { request } = ground()
    const ownership = { uid: 4322, gid: 1235, mode: 0o600 }
    await assert.rejects(operations.stage({ ...request, ownership }, SOON), rejection('OwnershipNotPreserved'))
  })

  it('follows no link and waits for no pipe', async () => {
    const { backups, request } = ground()
    const link = join(backups, 'link.db')
    symlinkSync('b.db', link)
    const pipe = join(backups, 'pipe.db')
    execFileSync('mkfifo', [pipe])
    mkdirSync(join(backups, 'folder.db'))
    for (const db of [link, pipe, join(backups, 'folder.db')]) {
      await assert.rejects(operations.stage({ ...request, db }, SOON), rejection('PermissionDenied', new RegExp(db)))
    }
    await assert.rejects(operations.stage({ ...request, wal: link }, SOON), rejection('PermissionDenied'))
  })

  it('names a file that is gone, in the manual’s words', async () => {
    const { backups, request } = ground()
    const wal = join(backups, 'gone.db-wal')
    await assert.rejects(operations.stage({ ...request, wal }, SOON), (error: unknown) => {
      assert.ok(rejection('BackupFileNotFound')(error))
      assert.equal((error as Error).message, ERRORS.backupFileNotFound(wal))
      return true
    })
  })

  it('is refused while the backup still grows', async () => {
    const { backups, request } = ground()
    const db = join(backups, 'growing.db')
    writeFileSync(db, Buffer.alloc(30_000_000, 1))
    const endless = 'while :; do printf x; done >> "$0"'
    const writer = spawn('sh', ['-c', endless, db], { stdio: 'ignore' })
    try {
      while (statSync(db).size === 30_000_000) await new Promise((resolve) => setImmediate(resolve))
      await assert.rejects(
        operations.stage({ ...request, db }, SOON),
        rejection('BackupInProgress', /Status: in_progress/),
      )
    } finally {
      writer.kill('SIGKILL')
      await once(writer, 'exit')
    }
  })
})
