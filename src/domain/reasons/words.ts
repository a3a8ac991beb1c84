/**
 * The other words that a person meets in a status, a table or an audit record: phases, conditions, checks, operations and
 * levels. They are no reasons, so no error carries them; `modosu explain` knows them all the same.
 */

import type { ConditionType } from '../conditions.ts'
import type { Phase } from '../phases.ts'
import type { CheckName, EscalationLevel } from '../resource.ts'
import type { ReasonEntry } from './entry.ts'

function word(en: string, ja: string, next: readonly [en: string, ja: string] = LOOK): ReasonEntry {
  return {
    exitCode: 0,
    en: { cause: en, check: 'modosu describe request NAME', remedy: [next[0]] },
    ja: { cause: ja, check: '`modosu describe request NAME`', remedy: [next[1]] },
  }
}

const LOOK = ['nothing has to be done', '対処は不要'] as const
const EXPLAIN = ['read the reason beside it: modosu explain REASON', '理由を確認する: `modosu explain REASON`'] as const
const ACK = ['modosu ack NAME once it is dealt with', '対応後に `modosu ack NAME`'] as const

const PHASE_WORDS = {
  Pending: word(
    'phase: the request waits; the reason says for what (window, approval, queue, rate limit)',
    'フェーズ: 開始待ち（理由欄が待っている内容を示す）',
    EXPLAIN,
  ),
  Preflight: word(
    'phase: backup, space, permissions and target are looked at; nothing is changed',
    'フェーズ: バックアップ・空き容量・権限・対象を確認中（変更なし）',
  ),
  SafetyBackup: word('phase [1/5]: the safety backup is made', 'フェーズ [1/5]: 安全バックアップを作成中'),
  VerifyingChecksum: word(
    'phase [2/5]: the backup is copied beside the database, and its checksums are compared',
    'フェーズ [2/5]: バックアップをデータベースの横にコピーし、チェックサムを検証中',
  ),
  VerifyingBackup: word(
    'phase [3/5]: integrity and completeness of that copy are checked',
    'フェーズ [3/5]: コピーの整合性と完全性を検証中',
  ),
  Quiescing: word(
    'phase: the application is stopped, and nobody may have the database open',
    'フェーズ: アプリケーションを停止し、データベースが開かれていないことを確認中',
  ),
  Swapping: word(
    'phase [4/5]: the verified file takes the place of the database, by one rename',
    'フェーズ [4/5]: 検証済みのファイルへ差し替え中',
  ),
  VerifyingRestored: word(
    'phase [5/5]: the restored database is checked',
    'フェーズ [5/5]: 復元後のデータベースを検証中',
  ),
  Resuming: word(
    'phase: the application is started, and its health and the smoke queries are looked at',
    'フェーズ: アプリケーションを起動し、正常性を確認中',
  ),
  RollingBack: word(
    'phase: the restore has failed after the swap; the old database is put back',
    'フェーズ: 差し替え後に失敗したため、元のデータベースに戻している',
  ),
  Succeeded: word(
    'the restore has reached its end, and every check has passed',
    'リストアが完了し、すべてのチェックに合格した',
    ACK,
  ),
  Failed: word('the restore has ended without success before the swap', '差し替え前にリストアが失敗した', EXPLAIN),
  RollbackFailed: word(
    'the restore has failed, and so has putting the old database back: act now',
    'リストアもロールバックも失敗した。直ちに対応が必要',
    [
      'modosu rollback --target TARGET (manual 7.2); call the people of level L3',
      '`modosu rollback --target TARGET`（手順書 7.2）。L3 へエスカレーション',
    ],
  ),
  Rejected: word(
    'the request was refused before it began; the database was not touched',
    'リクエストは開始前に拒否された（データベースは変更されていない）',
    EXPLAIN,
  ),
  Expired: word('the time in which the request could begin has passed', '開始できる期間が過ぎた', [
    'modosu retry NAME',
    '`modosu retry NAME`',
  ]),
} as const satisfies Partial<Readonly<Record<Phase, ReasonEntry>>>

const CONDITION_WORDS = {
  ServiceHealthy: word(
    'condition: whether the application is well after the restore',
    '状態: リストア後にアプリケーションが正常か',
    EXPLAIN,
  ),
  Reconciling: word('condition: the daemon is at work on the request', '状態: デーモンが処理中'),
  Stalled: word(
    'condition: the request does not go on until somebody acts',
    '状態: 対処されるまで処理が進まない',
    EXPLAIN,
  ),
} as const satisfies Partial<Readonly<Record<ConditionType, ReasonEntry>>>

const CHECK_WORDS = {
  file_exists: word('check: the files of the backup are there and not empty', 'チェック: バックアップファイルの存在'),
  file_size: word('check: the backup is not empty', 'チェック: バックアップが空でない'),
  checksum: word('check: the SHA-256 is the recorded one', 'チェック: SHA-256 チェックサム'),
  integrity: word('check: PRAGMA integrity_check on the copy of the backup', 'チェック: バックアップの整合性'),
  tables: word('check: the backup holds tables', 'チェック: テーブルの存在'),
  foreign_keys: word('check: PRAGMA foreign_key_check', 'チェック: 外部キー'),
  completeness: word(
    'check: the backup holds what the catalog and the present schema expect',
    'チェック: バックアップの完全性',
  ),
  restored_identity: word(
    'check: what lies at the database path is what was verified',
    'チェック: 検証済みファイルとの一致',
  ),
  restored_integrity: word('check: PRAGMA integrity_check on the restored database', 'チェック: 復元後の整合性'),
  health: word('check: the health check of the application', 'チェック: アプリケーションの正常性'),
  smoke: word('check: a smoke query of the target', 'チェック: スモーククエリ'),
  login: word(
    'check: a login at the application, for the checklist alone',
    'チェック: アプリケーションへのログイン（チェックリスト用）',
  ),
  safety_integrity: word('check: the integrity of the safety backup', 'チェック: 安全バックアップの整合性'),
} as const satisfies Readonly<Record<CheckName | 'file_size' | 'tables', ReasonEntry>>

const LEVEL_WORDS = {
  L1: word('level 1: for the operators (manual 12.1)', 'レベル1: 運用担当者（手順書 12.1）', ACK),
  L2: word('level 2: for the administrators (manual 12.1)', 'レベル2: 管理者（手順書 12.1）', ACK),
  L3: word('level 3: for management and vendor (manual 12.1)', 'レベル3: 経営層・ベンダー（手順書 12.1）', ACK),
} as const satisfies Readonly<Record<EscalationLevel, ReasonEntry>>

/** Of an audit record, and the event of what a person did. */
const OPERATION_WORDS = {
  restore: word('audit: a restore has ended', '監査: リストアの終了'),
  drill: word('audit: a drill has ended; nothing was changed', '監査: リストア訓練の終了（変更なし）'),
  'dry-run': word('audit: a dry run has ended; nothing was changed', '監査: ドライランの終了（変更なし）'),
  extract: word(
    'audit: the extraction of a backup has ended; nothing was changed',
    '監査: バックアップ取り出しの終了（変更なし）',
  ),
  prune: word('audit: retention has deleted files', '監査: 保持ポリシーによる削除'),
  verify: word('audit: a backup was verified', '監査: バックアップの検証'),
  'accept-state': word(
    'audit: a person has accepted a state store that is older than the world',
    '監査: 古い状態ストアを担当者が承認した',
  ),
  Cancel: word('a person has called the request off', '担当者がリクエストを取り消した'),
  Submit: word(
    'audit: somebody has submitted a request, or edited it before its start',
    '監査: リクエストが送信された、または開始前に変更された',
  ),
  Login: word('audit: a user has logged in to the API', '監査: API へのログイン'),
  Logout: word('audit: a user has logged out of the API', '監査: API からのログアウト'),
  Refused: word(
    'audit: the API has refused a call; of a flood at most 30 a minute are recorded',
    '監査: API が呼び出しを拒否した（多数の場合、記録は1分間に30件まで）',
  ),
  Reload: word('audit: the configuration was read anew', '監査: 設定の再読み込み'),
  Reauth: word('audit: a user has given the password again for a restore', '監査: リストアのためのパスワード再入力'),
  Call: word('audit: a call of the API that changes something', '監査: 変更を伴う API 呼び出し'),
  Approve: word('a person has approved or released the request', '担当者がリクエストを承認した'),
  Suspend: word('a person keeps the request from starting', '担当者が開始を保留した', [
    'modosu resume NAME',
    '`modosu resume NAME`',
  ]),
  Resume: word('a person lets the request start', '担当者が保留を解除した'),
  Acknowledge: word(
    'a person has seen the result and dealt with it: its alert resolves',
    '担当者が結果を確認した（アラートが解消される）',
  ),
  expire: word(
    'audit: the request left the lists, its ttlSecondsAfterFinished is over; its record and its name stay',
    '監査: ttlSecondsAfterFinished の経過によりリクエストが一覧から外れた（記録と名前は残る）',
  ),
  Forget: word(
    'a person has had the request leave the lists; its record and its name stay',
    '担当者がリクエストを一覧から除いた（記録と名前は残る）',
  ),
} as const

export const WORDS: Readonly<Record<string, ReasonEntry>> = {
  ...PHASE_WORDS,
  ...CONDITION_WORDS,
  ...CHECK_WORDS,
  ...LEVEL_WORDS,
  ...OPERATION_WORDS,
}
