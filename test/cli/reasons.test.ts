import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { explain } from '../../src/cli/commands/explain.ts'
import type { Condition } from '../../src/domain/conditions.ts'
import { ACTIVE_PHASES, TERMINAL_PHASES } from '../../src/domain/phases.ts'
import { exitCodeFor, exitCodeOfReason, exitCodeOfTimeout, findReason, REASONS } from '../../src/domain/reasons.ts'

describe('the catalogue of reasons', () => {
  it('says cause, check and remedy of each in both languages (R71)', () => {
    for (const [reason, entry] of Object.entries(REASONS)) {
      for (const { cause, check, remedy } of [entry.en, entry.ja]) {
        assert.ok(cause !== '' && check !== '' && remedy.length > 0 && !remedy.includes(''), reason)
      }
      assert.doesNotMatch(JSON.stringify(entry.en), /[ぁ-んァ-ン]/, reason)
      assert.match(JSON.stringify(entry.ja), /[ぁ-んァ-ン]/, reason)
    }
  })

  it('repeats the manual’s own words where the manual has them (8.1)', () => {
    assert.deepEqual(REASONS['BackupNotFound']?.ja, {
      cause: '指定されたバックアップIDが存在しない',
      check: 'バックアップIDのスペルを確認。`GET /api/v1/backups` で一覧を取得',
      remedy: ['正しいバックアップIDを使用してリストアを再実行'],
    })
    assert.equal(
      REASONS['ChecksumMismatch']?.ja.cause,
      'バックアップファイルの SHA-256 チェックサムが記録値と一致しない',
    )
    assert.deepEqual(REASONS['IntegrityCheckFailed']?.ja.remedy, [
      '別のバックアップを使用してリストア',
      '`.sql.gz`（SQLダンプ）からの復旧を検討（セクション 8.2 参照）',
    ])
    assert.equal(REASONS['ConfirmationRequired']?.ja.remedy[0], 'リクエストボディに `"confirm": true` を追加')
  })

  it('promises no rollback for what is found out before the swap', () => {
    for (const reason of ['ChecksumMismatch', 'IntegrityCheckFailed']) {
      const { en, ja } = REASONS[reason]!
      assert.match(en.automatic!, /not changed/, reason)
      assert.doesNotMatch(ja.automatic!, /ロールバックが実行される/, reason)
    }
  })

  it('sends nobody who is out of space to prune without a look at what that would free', () => {
    for (const reason of ['InsufficientSpace', 'DiskFull']) {
      const { en, ja } = REASONS[reason]!
      assert.match([en.check, ...en.remedy].join(' '), /modosu disk/, reason)
      assert.match([ja.check, ...ja.remedy].join(' '), /modosu disk/, reason)
    }
  })

  it('finds a reason however it is cased, and explains it line by line', () => {
    assert.equal(findReason('checksummismatch')?.reason, 'ChecksumMismatch')
    assert.equal(findReason('nonsense'), undefined)
    assert.deepEqual(explain('BackupNotFound', 'ja'), [
      'BackupNotFound',
      '',
      '原因:         指定されたバックアップIDが存在しない',
      '確認:         バックアップIDのスペルを確認。`GET /api/v1/backups` で一覧を取得',
      '対処:         正しいバックアップIDを使用してリストアを再実行',
      '終了コード:   5',
    ])
  })
})

describe('the exit code of a request (R164)', () => {
  function condition(type: Condition['type'], status: Condition['status']): Condition {
    return { type, status, reason: '', message: '', lastTransitionTime: '', observedGeneration: 1 }
  }

  it('is 0 for Succeeded alone', () => {
    for (const phase of [...ACTIVE_PHASES, ...TERMINAL_PHASES]) {
      assert.equal(exitCodeFor(phase, 'Anything') === 0, phase === 'Succeeded', phase)
    }
  })

  it('tells how a restore ended', () => {
    assert.equal(exitCodeFor('RolledBack', 'ChecksumMismatch'), 10)
    assert.equal(exitCodeFor('RollbackFailed', 'SafetyBackupCorrupt'), 11)
    assert.equal(exitCodeFor('Cancelled', 'Cancelled'), 12)
    assert.equal(exitCodeFor('Expired', 'WindowClosed'), 12)
    assert.equal(exitCodeFor('Rejected', 'ConfirmationRequired'), 7)
    assert.equal(exitCodeFor('Rejected', 'BackupNotFound'), 5)
    assert.equal(exitCodeFor('Swapping', 'Swapped'), 3)
  })

  it('of a failure depends on how far it came', () => {
    const taken = condition('SafetyBackupTaken', 'True')
    assert.equal(exitCodeFor('Failed', 'InsufficientSpace'), 7)
    assert.equal(exitCodeFor('Failed', 'DatabaseInUse'), 6)
    assert.equal(exitCodeFor('Failed', 'ChecksumMismatch', [taken]), 10)
    assert.equal(exitCodeFor('Failed', 'HealthCheckFailed', [condition('RolledBack', 'False')]), 11)
    assert.equal(exitCodeFor('Failed', 'DatabaseInUse', [taken, condition('RolledBack', 'False')]), 11)
  })

  it('of one that is given up on is 6 where it could not begin, else 3', () => {
    const at = (phase: 'Pending' | 'Swapping', reason: string) =>
      exitCodeOfTimeout({ phase, status: { observedGeneration: 1, phase, reason, checks: [], conditions: [] } })
    assert.equal(at('Pending', 'RateLimited'), 6)
    assert.equal(at('Pending', 'Queued'), 6)
    assert.equal(at('Pending', 'ApprovalRequired'), 3)
    assert.equal(at('Swapping', 'Swapped'), 3)
  })
})

it('no error ends a command with 0, and one that nobody knows ends it with 1', () => {
  for (const reason of Object.keys(REASONS)) assert.notEqual(exitCodeOfReason(reason), 0, reason)
  assert.equal(exitCodeOfReason('NeverHeardOf'), 1)
})
