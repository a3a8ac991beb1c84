/** The checklists of the manual's sections 10 and 11, byte for byte, and their translation. */

import type { Language } from '../messages.ts'

/** Before a restore (manual 10), and after it (11). */
export type ChecklistName = 'pre' | 'post'

/** What the manual expects of point 1 after a restore, in both languages. */
export const SUCCESS = 'status: "success"'

export const CHECKLIST_NAMES = ['pre', 'post'] as const satisfies readonly ChecklistName[]

/** 確認項目, 確認方法, and of the second list 期待結果. */
type Row = readonly [item: string, how: string, expected?: string]

const BEFORE: Readonly<Record<Language, readonly Row[]>> = {
  ja: [
    ['admin 権限でログイン済みか', 'ユーザーメニューでロールを確認'],
    ['リストア先のバックアップを特定したか', 'バックアップ一覧でID・日時を確認'],
    ['バックアップのステータスが「成功」か', '一覧のステータス列を確認'],
    ['バックアップのファイルサイズが 0 でないか', '一覧のサイズ列を確認'],
    ['リストア後に失われるデータを把握しているか', 'バックアップ作成日時以降の変更を確認'],
    ['ユーザーへの事前通知を行ったか', 'メール・チャット等で通知'],
    ['ディスク空き容量が十分か（DB容量の2倍以上）', '`df -h` で確認'],
    ['テスト環境で事前検証を行ったか（推奨）', 'テスト環境でリストアを実施'],
    ['ロールバック手順を理解しているか', 'セクション 7 を確認'],
    ['緊急連絡先を把握しているか', 'セクション 12 を確認'],
  ],
  en: [
    ['Logged in with the role admin?', 'look at the role in the user menu'],
    ['Backup to restore from identified?', 'look up id and time in the list of backups'],
    ['Status of the backup is "success"?', 'look at the status column of the list'],
    ['File size of the backup is not 0?', 'look at the size column of the list'],
    ['Is it known which data the restore loses?', 'look at the changes since the backup was made'],
    ['Users told beforehand?', 'by mail, chat or the like'],
    ['Enough free disk space (twice the database)?', 'check with `df -h`'],
    ['Rehearsed in a test environment (recommended)?', 'run the restore in a test environment'],
    ['Rollback procedure understood?', 'read section 7'],
    ['Emergency contacts known?', 'read section 12'],
  ],
}

const AFTER: Readonly<Record<Language, readonly Row[]>> = {
  ja: [
    ['リストア成功メッセージを確認', '画面表示 / APIレスポンス', '`status: "success"`'],
    ['アプリケーションをリロード', 'ブラウザのリロードボタン', '画面が正常に表示される'],
    ['ログインが可能か', 'ログイン画面でログイン', '正常にログインできる'],
    ['インシデント一覧が表示されるか', 'インシデント管理画面を開く', 'データが表示される'],
    ['変更管理（RFC）が表示されるか', '変更管理画面を開く', 'データが表示される'],
    ['ユーザー一覧が表示されるか', 'ユーザー管理画面を開く', 'データが表示される'],
    ['新規レコードが作成可能か', 'インシデントの新規作成を試行', '正常に作成できる'],
    ['監査ログが記録されているか', '監査ログ画面を確認', 'リストア操作のログが存在する'],
    ['安全バックアップが作成されたか', '`ls backend/backups/restore_safety_*`', 'ファイルが存在する'],
    ['バックアップスケジューラが動作しているか', 'サービスログで確認', '次回実行がスケジュールされている'],
  ],
  en: [
    ['Message of success seen', 'screen / API response', '`status: "success"`'],
    ['Application reloaded', 'reload button of the browser', 'the page is shown as usual'],
    ['Login works', 'log in on the login page', 'the login succeeds'],
    ['Incidents are listed', 'open the incident page', 'data is shown'],
    ['Changes (RFC) are listed', 'open the change page', 'data is shown'],
    ['Users are listed', 'open the user page', 'data is shown'],
    ['A new record can be made', 'try to make a new incident', 'it is made'],
    ['Audit log has a record', 'look at the audit log page', 'there is a record of the restore'],
    ['Safety backup was made', '`ls backend/backups/restore_safety_*`', 'the file exists'],
    ['Backup scheduler runs', 'look at the log of the service', 'the next run is scheduled'],
  ],
}

export interface ChecklistWords {
  readonly titles: Readonly<Record<ChecklistName, string>>
  readonly done: string
  readonly open: string
  readonly optional: string
  /** Who says so. */
  readonly machine: string
  readonly person: string
  readonly count: (done: number, all: number) => string
  readonly columns: readonly string[]
}

const WORDS: Readonly<Record<Language, ChecklistWords>> = {
  ja: {
    titles: { pre: 'リストア前チェックリスト', post: 'リストア後チェックリスト' },
    done: '済',
    open: '未',
    optional: '推奨',
    machine: '自動',
    person: '手動',
    count: (done, all) => `${all} 項目中 ${done} 項目が確認済み`,
    columns: ['#', '確認項目', 'チェック', '確認', '内容'],
  },
  en: {
    titles: { pre: 'Checklist before the restore', post: 'Checklist after the restore' },
    done: 'done',
    open: 'open',
    optional: 'recommended',
    machine: 'automatic',
    person: 'by hand',
    count: (done, all) => `${done} of ${all} points are done`,
    columns: ['#', 'Point', 'Done', 'By', 'Evidence'],
  },
}

export function checklistWords(language: Language): ChecklistWords {
  return WORDS[language]
}

export interface PointWords {
  readonly item: string
  readonly how: string
  /** Of the list after a restore. */
  readonly expected?: string
}

/** Both lists have ten points. @param number from 1. */
export function pointWords(list: ChecklistName, number: number, language: Language): PointWords {
  const [item = '', how = '', expected] = (list === 'pre' ? BEFORE : AFTER)[language][number - 1] ?? []
  return expected === undefined ? { item, how } : { item, how, expected }
}
