import assert from 'node:assert/strict'
import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { BackupSet, CatalogRowInput } from '../../src/catalog/contract.ts'
import { scanBackups } from '../../src/catalog/scan.ts'
import { verificationReport } from '../../src/catalog/verify.ts'
import { BackupFolder, catalogRow, sha256 } from './backup-folder.ts'

const DAILY = 'daily/itsm_nexus_daily_20260215_020015'
const AT = Date.parse('2026-02-15T15:05:30Z')
const ALL = ['file_exists', 'checksum', 'integrity'] as const

async function sealed(): Promise<{ folder: BackupFolder; set: BackupSet }> {
  const folder = new BackupFolder()
  folder.set(DAILY, ['db', 'db-wal'])
  folder.seal(DAILY, ['db', 'db-wal'])
  return { folder, set: await first(folder) }
}

async function first(folder: BackupFolder): Promise<BackupSet> {
  const [set] = (await scanBackups(folder.target, [])).sets
  return set!
}

function trueHashes(set: BackupSet) {
  return [
    { path: set.db!, sha256: sha256(`db of ${DAILY}`) },
    { path: set.wal!, sha256: sha256(`db-wal of ${DAILY}`) },
  ]
}

function statuses(set: BackupSet, evidence: Parameters<typeof verificationReport>[1]): string[] {
  return verificationReport(set, evidence, AT, ALL).checks.map((check) => check.status)
}

describe('a verification', { timeout: 60_000 }, () => {
  it('never passes a set that a restore refuses, whatever refuses it', async () => {
    const spoilers: readonly ((folder: BackupFolder) => Partial<CatalogRowInput>)[] = [
      (folder) => {
        rmSync(join(folder.path, `${DAILY}.sha256`))
        symlinkSync('elsewhere', join(folder.path, `${DAILY}.sha256`))
        return {}
      },
      (folder) => {
        folder.write(`${DAILY}.sha256`, `${'a'.repeat(128)}  itsm_nexus_daily_20260215_020015.db\n`)
        return {}
      },
      (folder) => {
        folder.write(`${DAILY}.db`, '')
        return {}
      },
      () => ({ status: 'failure' }),
      () => ({ fileSize: 1 }),
      () => ({ checksum: 'a'.repeat(64) }),
    ]
    for (const [index, spoil] of spoilers.entries()) {
      const { folder } = await sealed()
      const row = catalogRow({ filePath: join(folder.path, `${DAILY}.db`), ...spoil(folder) })
      const [set] = (await scanBackups(folder.target, [row])).sets
      assert.ok(set !== undefined && set.problems.length > 0, String(index))
      assert.ok(statuses(set, { hashes: trueHashes(set), integrity: ['ok'] }).includes('fail'), String(index))
    }
  })

  it('answers as the manual’s sample does', async () => {
    const { set } = await sealed()
    const report = verificationReport(set, { hashes: trueHashes(set) }, AT)
    assert.deepEqual(
      { ...report, checks: report.checks.map((check) => ({ ...check, message: undefined })) },
      {
        total_checks: 2,
        passed: 2,
        failed: 0,
        checks: [
          {
            check_id: 'CHK-20260215-150530-001',
            backup_id: 'BKP-20260215-020015-daily',
            check_type: 'file_exists',
            status: 'pass',
            message: undefined,
          },
          {
            check_id: 'CHK-20260215-150530-002',
            backup_id: 'BKP-20260215-020015-daily',
            check_type: 'checksum',
            status: 'pass',
            message: undefined,
          },
        ],
      },
    )
  })

  it('adds the integrity check when asked, which nothing but ok passes', async () => {
    const { set } = await sealed()
    const hashes = trueHashes(set)
    assert.deepEqual(statuses(set, { hashes, integrity: ['ok'] }), ['pass', 'pass', 'pass'])
    for (const integrity of [['*** in database main ***', 'row 3 missing'], ['ok', 'ok'], []]) {
      assert.deepEqual(statuses(set, { hashes, integrity }), ['pass', 'pass', 'fail'])
    }
  })

  it('fails on one member’s mismatch, with the manual’s text', async () => {
    const { set } = await sealed()
    const hashes = [trueHashes(set)[0]!, { path: set.wal!, sha256: 'd'.repeat(64) }]
    const check = verificationReport(set, { hashes }, AT).checks[1]
    assert.deepEqual(
      [check?.status, check?.message],
      ['fail', 'Backup file checksum mismatch. The file may be corrupted.'],
    )
  })

  it('does not pass what was not looked at', async () => {
    const { set } = await sealed()
    assert.deepEqual(statuses(set, {}), ['pass', 'fail', 'fail'])
    assert.deepEqual(statuses(set, { hashes: trueHashes(set).slice(0, 1) }), ['pass', 'fail', 'fail'])
  })

  it('skips the checksum where none is recorded', async () => {
    const folder = new BackupFolder()
    folder.set(DAILY, ['db'])
    assert.deepEqual(statuses(await first(folder), { integrity: ['ok'] }), ['pass', 'skip', 'pass'])
  })

  it('fails on a missing file and skips what needs it', async () => {
    const { folder } = await sealed()
    rmSync(join(folder.path, `${DAILY}.db`))
    const report = verificationReport(await first(folder), {}, AT, ALL)
    assert.deepEqual(
      report.checks.map(({ status }) => status),
      ['fail', 'skip', 'skip'],
    )
    assert.equal(report.checks[0]?.message, `Backup file not found: ${join(folder.path, DAILY)}.db`)
  })
})
