/** What the manual prints of the page (3.2, steps 4, 7 and 8), to hold the page against. */

export const DIALOG = `
  WARNING: データベースリストア
  この操作により、現在のデータベースが以下のバックアップで
  上書きされます:

  - バックアップID: BKP-20260215-020015-daily
  - バックアップ種別: Daily
  - 作成日時: 2026-02-15 02:00:15
  - ファイルサイズ: 3.2 MB

  現在のデータベースはリストア前に自動的にバックアップされます。

  本当にリストアを実行しますか?
`

export const PROGRESS = `
リストア実行中...
  [1/5] 安全バックアップを作成中...     完了
  [2/5] チェックサムを検証中...         完了
  [3/5] 整合性チェックを実行中...       完了
  [4/5] データベースを差し替え中...     完了
  [5/5] 復元後の整合性チェック中...     実行中 ...
`

/** The name of the safety backup is the time of the restore. */
export function result(safetyBackup: string): string {
  return `
リストアが完了しました

リストア元: BKP-20260215-020015-daily
安全バックアップ: ${safetyBackup}
整合性チェック: 合格

アプリケーションをリロードしてください。
リロード
`
}

/** Where lines break is for the width of the window to say; every other character counts. */
export function characters(text: string): string {
  return text.replaceAll(/\s+/g, '')
}
