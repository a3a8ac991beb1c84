/** Reasons that tell how a restore goes on: nothing has failed, nothing has to be done. */

import type { ReasonEntry } from './entry.ts'

function told(en: string, ja: string): ReasonEntry {
  return {
    exitCode: 0,
    en: { cause: en, check: 'modosu describe request NAME', remedy: ['nothing has to be done'] },
    ja: { cause: ja, check: '`modosu describe request NAME`', remedy: ['対処は不要'] },
  }
}

export const PROGRESS_REASONS = {
  Created: told('the request was stored', 'リクエストを保存した'),
  Received: told('the request was received', 'リクエストを受け付けた'),
  Edited: told('the request was edited before its start', '開始前にリクエストが変更された'),
  SpecEdited: told(
    'the file was edited before the start: the new spec counts',
    '開始前にファイルが変更された（新しい内容が有効）',
  ),
  Checklist: told('somebody ticked or unticked a point of a checklist', '担当者がチェックリストの項目を更新した'),
  TTLExpired: told(
    'the request ended longer ago than its ttlSecondsAfterFinished: it left the lists, its record stays',
    '終了から ttlSecondsAfterFinished が経過したため一覧から外れた（記録は残る）',
  ),
  ResultNotAcknowledged: told(
    'nobody has acknowledged the last restore of the target: check the application before restoring again (manual Q6)',
    '対象の前回のリストアが未確認である（手順書 Q6: 十分な動作確認を行ってから再実行する）',
  ),
  EditIgnored: told('the file was edited after the start: the edit is ignored', '開始後のファイルの変更は無視された'),
  DeletionIgnored: told(
    'the file was removed after the swap had begun: nothing changes',
    '差し替え開始後のファイルの削除は無視された',
  ),
  AlreadyEnded: told(
    'the request has ended before and does not run again; use a new name, or modosu retry',
    'リクエストは終了済みで再実行されない（新しい名前を使うか modosu retry）',
  ),
  Accepted: told('nothing stands against the start', '開始条件を満たした'),
  Approved: told('a second person has approved', '別の担当者が承認した'),
  PreflightPassed: told('the checks before the restore have passed', 'リストア前の確認に合格した'),
  SafetyBackupTaken: told('the safety backup is made and proven', '安全バックアップを作成した'),
  Proven: told('the safety backup has passed its integrity check', '安全バックアップの整合性チェックに合格した'),
  Raw: told(
    'the database could not be read by SQLite: the safety backup is a byte copy of its files',
    'SQLite で読み取れないため、安全バックアップはファイルのバイトコピーで作成した',
  ),
  ChecksumVerified: told('the checksums are the recorded ones', 'チェックサムが一致した'),
  DumpVerified: told(
    'the database has the rows that its SQL dump says; its recorded -wal file is gone',
    'データベースの内容が SQL ダンプと一致した（記録された -wal ファイルはない）',
  ),
  ChecksumSkipped: told('no checksum is recorded, so none was compared', 'チェックサムの記録がないため検証を省略した'),
  BackupVerified: told('the backup has passed every check', 'バックアップの検証に合格した'),
  Verified: told('every check has passed', 'すべてのチェックに合格した'),
  CheckWarning: told('a check has found something that does not stop the restore', 'リストアを止めない警告がある'),
  SchemaDiffers: told(
    'the backup lacks tables of the present schema; the application may have to migrate (manual Q3)',
    'バックアップに現在のテーブルの一部がない（アプリケーションのマイグレーションが必要な場合がある）',
  ),
  CandidateFailed: told(
    'the newest backup failed a check; the next newest is tried (manual 7.3)',
    '最新のバックアップがチェックに失敗したため、次に新しいものを試す',
  ),
  UnknownOwner: told(
    'nobody recorded whose safety backup this is; it is restored because it was named',
    'どの対象の安全バックアップか記録がないが、名前で指定されたため使用する',
  ),
  StagedFileChanged: told(
    'the staged file is not the one that passed; it is made anew',
    'ステージングファイルが検証済みのものと異なるため、作り直す',
  ),
  Quiesced: told('nobody has the database open any more', 'データベースを開いているプロセスがなくなった'),
  Swapped: told('the verified file is at its place', '検証済みのファイルに差し替えた'),
  RestoredVerified: told('the restored database has passed its check', '復元後の整合性チェックに合格した'),
  ApplicationRunning: told('the application runs', 'アプリケーションが稼働している'),
  ApplicationDown: told('the application is down, or not healthy', 'アプリケーションが停止中、または正常ではない'),
  Unknown: told(
    'nobody can tell whether the application runs: neither a health check nor a status command is configured',
    'アプリケーションの状態は不明（ヘルスチェックも状態確認コマンドも設定されていない）',
  ),
  RestoreCompleted: told('the restore has succeeded', 'リストアが完了した'),
  DryRun: told('the plan is made; nothing was changed', '計画を作成した（変更なし）'),
  DrillSucceeded: told('the drill has passed; nothing was changed', 'リストア訓練に合格した（変更なし）'),
  ExtractSucceeded: told(
    'the checked backup lies as one file in the folder for extracts; nothing was changed',
    '検証済みバックアップを 1 ファイルとして取り出した（変更なし）',
  ),
  RolledBack: told('the database is again what it was before', 'データベースをリストア前の状態に戻した'),
  NoChangeNeeded: told(
    'there was nothing to roll back: the database was not touched',
    '変更前のためロールバックは不要',
  ),
  Recovered: told('the daemon was stopped in between and has carried on', 'デーモンの停止後に処理を再開した'),
  Noted: told('the daemon has written down what it is about to do', '次に行う処理を記録した'),
} as const satisfies Readonly<Record<string, ReasonEntry>>
