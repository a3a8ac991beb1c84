import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { verificationReport, type VerificationEvidence } from '../../src/catalog/verify.ts'
import { BackupFolder, onlySet, reasons, sha256 } from './backup-folder.ts'

const DAILY = 'daily/itsm_nexus_daily_20260215_020015'
const ALL = ['db', 'db-wal', 'db-shm', 'sql.gz'] as const

describe('a set that is not whole', { timeout: 60_000 }, () => {
  it('is refused when its checksum file names a -wal that is missing', async () => {
    const folder = new BackupFolder()
    folder.set(DAILY, ALL)
    folder.seal(DAILY, ['db', 'db-wal'])
    for (const member of ['db-wal', 'sql.gz']) rmSync(join(folder.path, `${DAILY}.${member}`))
    const set = await onlySet(folder)
    assert.deepEqual(reasons(set), ['BackupIncomplete'])
    assert.deepEqual(set.missing, ['itsm_nexus_daily_20260215_020015.db-wal'])
    assert.equal(set.absorbed, null)
  })

  it('may hold what was in a missing -wal, where there is a dump to compare it with', async () => {
    for (const listed of [ALL, ['db', 'db-wal']]) {
      const folder = new BackupFolder()
      folder.set(DAILY, ALL)
      folder.seal(DAILY, listed)
      rmSync(join(folder.path, `${DAILY}.db-wal`))
      const set = await onlySet(folder)
      const dump = join(folder.path, `${DAILY}.sql.gz`)
      const dumpSha256 = listed === ALL ? sha256(`sql.gz of ${DAILY}`) : null
      assert.deepEqual(reasons(set), [])
      assert.deepEqual(set.absorbed, { wal: 'itsm_nexus_daily_20260215_020015.db-wal', dump, dumpSha256 })
      assert.match(
        set.remarks?.join() ?? '',
        /\.db-wal, which is recorded, is gone: .* a verification and a restore tell which/,
      )
      // Of the database's own bytes nothing is attested any more.
      assert.deepEqual(
        set.checksums.map(({ file }) => file),
        listed === ALL ? [dump] : [],
      )
      const hashes = [{ path: dump, sha256: dumpSha256 ?? '' }]
      const said = (evidence: VerificationEvidence): string =>
        verificationReport(set, { hashes, integrity: ['ok'], ...evidence }, 0)
          .checks.map(({ status, message }) => `${status}: ${message}`)
          .join()
      assert.match(said({}), /fail: .* is gone, and .*\.sql\.gz was not compared/)
      assert.match(said({ absorption: { proven: false, message: 'rows differ' } }), /fail: rows differ/)
      assert.match(said({ absorption: { proven: true, message: 'rows are equal' } }), /pass: rows are equal/)
    }
  })

  it('is refused where more than its -wal is gone', async () => {
    const folder = new BackupFolder()
    folder.set(DAILY, [...ALL, 'db-journal'])
    folder.seal(DAILY, [...ALL, 'db-journal'])
    for (const member of ['db-wal', 'db-journal']) rmSync(join(folder.path, `${DAILY}.${member}`))
    assert.deepEqual(reasons(await onlySet(folder)), ['BackupIncomplete'])
  })

  it('is whole without its -shm and without its dump', async () => {
    const folder = new BackupFolder()
    folder.set(DAILY, ALL)
    folder.seal(DAILY, ALL)
    rmSync(join(folder.path, `${DAILY}.db-shm`))
    rmSync(join(folder.path, `${DAILY}.sql.gz`))
    const set = await onlySet(folder)
    assert.deepEqual(set.problems, [])
    assert.equal(set.missing.length, 2)
    assert.equal(set.checksums.length, 2)
  })

  it('tells that its .db is missing with the manual’s text, the path in it', async () => {
    const folder = new BackupFolder()
    folder.set(DAILY, ['sql.gz'])
    const set = await onlySet(folder)
    assert.equal(set.db, null)
    const [problem] = set.problems
    assert.equal(problem?.message, `Backup file not found: ${join(folder.path, DAILY)}.db`)
    assert.match(problem.hint ?? '', /sqlDump/)
  })

  it('is refused when its .db is empty', async () => {
    const folder = new BackupFolder()
    folder.write(`${DAILY}.db`, '')
    assert.deepEqual(reasons(await onlySet(folder)), ['BackupFileEmpty'])
  })

  it('is refused with a -wal that came after the checksums, not with an empty one', async () => {
    const folder = new BackupFolder()
    folder.set(DAILY, ['db'])
    folder.seal(DAILY, ['db'])
    folder.write(`${DAILY}.db-wal`, '')
    assert.deepEqual(reasons(await onlySet(folder)), [])
    folder.write(`${DAILY}.db-wal`, 'frames')
    assert.deepEqual(reasons(await onlySet(folder)), ['BackupUnlisted'])
  })

  it('takes an unlisted -wal where nothing attests the .db', async () => {
    const folder = new BackupFolder()
    folder.set(DAILY, ['db', 'db-wal'])
    assert.deepEqual(reasons(await onlySet(folder)), [])
  })

  it('is refused with a rollback journal beside it, not with one that is over', async () => {
    const folder = new BackupFolder()
    folder.set(DAILY, ['db'])
    const magic = Buffer.from('d9d505f920a163d7', 'hex')
    // What journal_mode TRUNCATE and PERSIST leave after a commit.
    const zeroedHeader = Buffer.concat([Buffer.alloc(512), Buffer.alloc(600, 7)])
    for (const cold of [Buffer.alloc(0), Buffer.alloc(512), zeroedHeader, Buffer.alloc(3)]) {
      folder.write(`${DAILY}.db-journal`, cold)
      assert.deepEqual(reasons(await onlySet(folder)), [])
    }
    for (const hot of [Buffer.from('hot'), Buffer.concat([magic, Buffer.alloc(1000)]), Buffer.alloc(900, 1), magic]) {
      folder.write(`${DAILY}.db-journal`, hot)
      assert.deepEqual(reasons(await onlySet(folder)), ['BackupIncomplete'])
    }
  })

  it('misses no file that was empty when it was listed, and takes an emptied -wal for a missing one', async () => {
    const folder = new BackupFolder()
    folder.set(DAILY, ['db'])
    folder.write(`${DAILY}.db-wal`, '')
    folder.seal(DAILY, ['db', 'db-wal'])
    assert.deepEqual([reasons(await onlySet(folder)), (await onlySet(folder)).wal], [[], null])
    rmSync(join(folder.path, `${DAILY}.db-wal`))
    assert.deepEqual(reasons(await onlySet(folder)), [])
    folder.write(`${DAILY}.db-wal`, 'frames')
    folder.seal(DAILY, ['db', 'db-wal'])
    folder.write(`${DAILY}.db-wal`, '')
    assert.deepEqual(reasons(await onlySet(folder)), ['BackupIncomplete'])
  })

  for (const [what, content] of [
    ['garbled', 'ab12\n'],
    ['empty', ''],
    ['of another backup', `${'a'.repeat(64)}  itsm_nexus_daily_20260214_020014.db\n`],
  ] as const) {
    it(`is refused when its checksum file is ${what}`, async () => {
      const folder = new BackupFolder()
      folder.set(DAILY, ['db'])
      folder.write(`${DAILY}.sha256`, content)
      const set = await onlySet(folder)
      assert.deepEqual(reasons(set), ['ChecksumFileUnreadable'])
      assert.deepEqual(set.checksums, [])
    })
  }

  it('accepts a checksum file that lists itself, as a shell’s glob makes it', async () => {
    const folder = new BackupFolder()
    folder.set(DAILY, ['db'])
    folder.write(`${DAILY}.sha256`, '')
    folder.seal(DAILY, ['db', 'sha256'])
    const set = await onlySet(folder)
    assert.deepEqual(set.problems, [])
    assert.deepEqual(
      set.checksums.map(({ file }) => file),
      [set.db],
    )
  })

  it('also reads NAME.db.sha256, and refuses two records that contradict each other', async () => {
    const folder = new BackupFolder()
    folder.set(DAILY, ['db'])
    const name = 'itsm_nexus_daily_20260215_020015.db'
    folder.write(`${DAILY}.db.sha256`, `${sha256(`db of ${DAILY}`)}  ${name}\n`)
    const set = await onlySet(folder)
    assert.deepEqual([set.checksums.length, set.problems.length], [1, 0])
    folder.write(`${DAILY}.sha256`, `${'a'.repeat(64)}  ${name}\n`)
    const contradicted = await onlySet(folder)
    assert.deepEqual(
      contradicted.problems.map(({ message }) => message),
      ['Backup file checksum mismatch. The file may be corrupted.'],
    )
  })
})
