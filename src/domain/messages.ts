/**
 * The texts of the operations manual OP-BKP-RST-001, byte for byte, and their English counterparts. Error texts and log
 * lines stay English in both languages, as the manual prints them.
 */

import type { ProgressStep } from './phases.ts'

export type Language = 'ja' | 'en'

interface Texts {
  readonly progressHeading: string
  readonly steps: Readonly<Record<ProgressStep, string>>
  readonly stepDone: string
  readonly stepRunning: string
  readonly completed: string
  readonly restoredFrom: string
  readonly safetyBackup: string
  readonly integrityCheck: string
  readonly passed: string
  readonly none: string
  readonly reload: string
  readonly reloadButton: string
}

interface Warning {
  readonly heading: string
  /** The manual breaks the line there. */
  readonly overwritten: readonly [string, string]
  readonly backupId: string
  readonly backupType: string
  readonly createdAt: string
  readonly fileSize: string
  readonly automaticBackup: string
  readonly question: string
  readonly cancel: string
  readonly execute: string
}

/** Manual 3.2, step 4: the warning before a restore. */
export const WARNING: Readonly<Record<Language, Warning>> = {
  ja: {
    heading: 'WARNING: データベースリストア',
    overwritten: ['この操作により、現在のデータベースが以下のバックアップで', '上書きされます:'],
    backupId: 'バックアップID:',
    backupType: 'バックアップ種別:',
    createdAt: '作成日時:',
    fileSize: 'ファイルサイズ:',
    automaticBackup: '現在のデータベースはリストア前に自動的にバックアップされます。',
    question: '本当にリストアを実行しますか?',
    cancel: 'キャンセル',
    execute: '実行',
  },
  en: {
    heading: 'WARNING: database restore',
    overwritten: ['This replaces the present database by the following', 'backup:'],
    backupId: 'Backup ID:',
    backupType: 'Backup type:',
    createdAt: 'Created:',
    fileSize: 'File size:',
    automaticBackup: 'The present database is backed up automatically before the restore.',
    question: 'Really restore?',
    cancel: 'Cancel',
    execute: 'Restore',
  },
}

/** Manual 3.2, steps 7 and 8. */
export const TEXTS: Readonly<Record<Language, Texts>> = {
  ja: {
    progressHeading: 'リストア実行中...',
    steps: {
      1: '[1/5] 安全バックアップを作成中...',
      2: '[2/5] チェックサムを検証中...',
      3: '[3/5] 整合性チェックを実行中...',
      4: '[4/5] データベースを差し替え中...',
      5: '[5/5] 復元後の整合性チェック中...',
    },
    stepDone: '完了',
    stepRunning: '実行中 ...',
    completed: 'リストアが完了しました',
    restoredFrom: 'リストア元:',
    safetyBackup: '安全バックアップ:',
    integrityCheck: '整合性チェック:',
    passed: '合格',
    none: 'なし',
    reload: 'アプリケーションをリロードしてください。',
    reloadButton: 'リロード',
  },
  en: {
    progressHeading: 'Restore in progress...',
    steps: {
      1: '[1/5] Creating the safety backup...',
      2: '[2/5] Verifying checksums...',
      3: '[3/5] Checking integrity...',
      4: '[4/5] Replacing the database...',
      5: '[5/5] Checking the restored database...',
    },
    stepDone: 'done',
    stepRunning: 'running ...',
    completed: 'Restore completed',
    restoredFrom: 'Restored from:',
    safetyBackup: 'Safety backup:',
    integrityCheck: 'Integrity check:',
    passed: 'passed',
    none: 'none',
    reload: 'Please reload the application.',
    reloadButton: 'Reload',
  },
}

/** Manual 8.1: the error texts. */
export const ERRORS = {
  backupNotFound: (backupId: string) => `Backup not found: ${backupId}`,
  backupNotAvailable: (status: string) => `Backup is not available for restore. Status: ${status}`,
  backupFileNotFound: (path: string) => `Backup file not found: ${path}`,
  checksumMismatch: 'Backup file checksum mismatch. The file may be corrupted.',
  backupIntegrityFailed: 'Backup file integrity check failed. The backup may be corrupted.',
  restoredIntegrityFailed: 'Restored database integrity check failed',
  confirmationRequired: 'Confirmation required',
} as const

/** Manual 4.2 and 7.1, 8.3: the log lines and the success texts. */
export const LOG_LINES = {
  rollbackCompleted: '[Restore] Rollback completed from safety backup',
  rollbackFailed: (message: string) => `[Restore] Rollback failed: ${message}`,
  restoreCompleted: 'Restore completed successfully',
  pleaseReload: 'Database restored successfully. Please reload the application.',
} as const
