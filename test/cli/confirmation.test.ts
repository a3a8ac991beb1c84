import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { BackupSet } from '../../src/catalog/contract.ts'
import { warningLines } from '../../src/cli/confirmation.ts'
import { agreedSource, sourceOf } from '../../src/cli/restore-source.ts'
import { RestoreError } from '../../src/domain/errors.ts'

const SET: BackupSet = {
  id: 'BKP-20260215-020015-daily',
  aliases: [],
  nameId: null,
  type: 'daily',
  createdAtMs: Date.parse('2026-02-15T02:00:15.000Z'),
  status: 'success',
  db: '/b/daily/app.db',
  wal: null,
  shm: null,
  sqlGz: null,
  checksumFile: null,
  sizeBytes: 3_358_720,
  dbSizeBytes: 3_358_720,
  checksums: [],
  missing: [],
  catalogRow: null,
  problems: [],
}

const NOW = Date.parse('2026-02-15T15:05:30.000Z')

describe('the warning before a restore (manual 3.2, step 4; R41)', () => {
  it('has the manual’s words for the manual’s backup', () => {
    const lines = warningLines(
      { target: 'itsm-nexus', source: SET.id, set: SET, backupCurrent: true, yes: false, language: 'ja' },
      NOW,
    ).map((line) => line.trim())
    for (const expected of [
      'WARNING: データベースリストア',
      'この操作により、現在のデータベースが以下のバックアップで上書きされます:',
      '- バックアップID: BKP-20260215-020015-daily',
      '- バックアップ種別: Daily',
      '- 作成日時: 2026-02-15 02:00:15',
      '- ファイルサイズ: 3.2 MB',
      '現在のデータベースはリストア前に自動的にバックアップされます。',
    ]) {
      assert.ok(lines.includes(expected), expected)
    }
    assert.ok(lines.some((line) => /データは失われます（作成から\d+(秒|分|時間|日)[^a-z]*経過）。$/.test(line)))
  })

  it('speaks of no present database, and of no backup of it, where there is none', () => {
    for (const language of ['ja', 'en'] as const) {
      const lines = warningLines(
        { target: 'x', source: SET.id, set: SET, backupCurrent: true, present: false, yes: true, language },
        NOW,
      ).join('\n')
      assert.doesNotMatch(lines, /自動的にバックアップ|backed up automatically|上書き|replaces the present/)
      assert.match(lines, /存在しません|There is no database yet/)
    }
  })

  it('promises no safety backup where none is made', () => {
    const lines = warningLines(
      { target: 'x', source: SET.id, set: SET, backupCurrent: false, yes: true, language: 'ja' },
      NOW,
    )
    assert.ok(!lines.join('\n').includes('自動的にバックアップされます'))
  })
})

describe('what is to be restored', () => {
  it('is an id, a safety backup, a file or the newest', () => {
    assert.deepEqual(sourceOf('BKP-20260215-020015-daily', {}), { backupId: 'BKP-20260215-020015-daily' })
    assert.deepEqual(sourceOf('backup/BKP-20260215-020015-daily', {}), { backupId: 'BKP-20260215-020015-daily' })
    const safety = 'restore_safety_20260215150530.db'
    assert.deepEqual(sourceOf(safety, {}), { safetyBackup: { name: safety } })
    assert.deepEqual(sourceOf('daily/app.db', {}), { file: { path: 'daily/app.db' } })
    assert.deepEqual(sourceOf('daily/app.sql.gz', {}), { sqlDump: { path: 'daily/app.sql.gz' } })
    assert.deepEqual(sourceOf(undefined, { latest: true, type: ['daily'] }), { latest: { types: ['daily'] } })
  })

  it('must be said, and once', () => {
    const isUsage = (error: unknown): boolean => error instanceof RestoreError && error.reason === 'UsageError'
    assert.throws(() => sourceOf(undefined, {}), isUsage)
    assert.throws(() => sourceOf('BKP-20260215-020015-daily', { latest: true }), isUsage)
    assert.throws(() => sourceOf('BKP-20260215-020015-daily', { before: '2026-01-01T00:00:00Z' }), isUsage)
  })

  it('is not a backup that was made after the question was answered', () => {
    assert.deepEqual(agreedSource({ latest: { types: ['daily'] } }, SET, false), {
      latest: { types: ['daily'], before: '2026-02-15T02:00:15.001Z' },
    })
    assert.deepEqual(agreedSource({ backupId: SET.id }, SET, false), { backupId: SET.id })
  })

  it('is the very backup that a person was asked about', () => {
    assert.deepEqual(agreedSource({ latest: { types: ['daily'] } }, SET, true), { backupId: SET.id })
  })
})
