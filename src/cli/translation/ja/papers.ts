/** Reports and checklists: commands and configuration. Their own words are in `domain/papers/`, in both languages. */

export const PAPERS = {
  'the report of a restore, ready to send': 'リストアの報告書を出力する',
  'Prints the report of a restore in the form of the manual’s section 12.2, filled in from what is recorded, and below it rows lost, checks, who did what, and the related documents of `report.links`. What is not known says so. Where the application did not work at the end, a quick look of the doctor is added. Works with the daemon down.':
    '手順書 12.2 の様式でリストアの報告書を出力します。記録から記入し、続けて失われた行、検証、実施した人、`report.links` の関連文書を示します。分からない項目は「不明」と書きます。終了時にアプリケーションが動作していなかった場合は、現在の診断結果を加えます。デーモンが停止していても使えます。',
  'leave out what modosu doctor finds now, where the application does not work':
    'アプリケーションが動作していない場合に加える modosu doctor の診断結果を省く',
  'to be pasted into a ticket or a chat': 'チケットやチャットに貼り付ける',
  'the same in English': '英語で出力する',
  'one file to print or attach': '印刷・添付用の 1 つのファイル',
  'What reports and checklists show besides what is known of a restore (manual 10, 12.2, 13).':
    'リストアの記録のほかに報告書とチェックリストに示すもの（手順書 10、12.2、13）。',
  'Related documents, such as the runbook of the application (manual 13).':
    'アプリケーションの手順書などの関連文書（手順書 13）。',
  'Its http or https address.': 'http または https のアドレス。',
  'Whom to call in an emergency (manual 10-10, 12).': '緊急時の連絡先（手順書 10-10、12）。',
  'A person or a role.': '人または役割。',
  'A telephone number, an address, a channel.': '電話番号、アドレス、チャンネル。',
  "The time zone of the times in reports, as IANA names it. Without it: that of the target's backups.":
    '報告書の時刻のタイムゾーン（IANA の名前）。省略時は対象のバックアップのタイムゾーン。',
  'the checklist before a restore, and the one after it': 'リストア前後のチェックリスト',
  'Shows the ten points of the manual’s section 10 (pre) or 11 (post) for a request. What the program can know it has judged, with what that rests on; the other points are ticked by people, and who and when is recorded. A target with `checklist: require` is not restored before the first list is complete.':
    '手順書 10章（pre）または 11章（post）の 10 項目をリクエストごとに表示します。プログラムが判定できる項目は根拠とともに自動で判定し、他の項目は担当者がチェックします。担当者と日時は記録されます。`checklist: require` の対象は、最初のリストが完了するまでリストアされません。',
  'before the restore, or after it': 'リストア前か後か',
  'points that are done: 5, or 5,6,9': '確認した項目（例: 5 または 5,6,9）',
  'points that are not done after all': '確認を取り消す項目',
  'what is to be remembered with these points': '項目に付けるメモ',
  'what is still open before the restore': 'リストア前に未確認の項目を表示する',
  'these are done': '確認した項目をチェックする',
  'login works, a record can be made': 'ログインとレコード作成を確認した',
  'ticked by mistake': '誤ったチェックを取り消す',
  'not a point of a checklist: {0}': 'チェックリストの項目ではありません: {0}',
  'the points are 1 to {0}: --tick 5,6': '項目は 1 から {0} です: --tick 5,6',
  'a note belongs to points': 'メモは項目に付けてください',
  'nobody has proven who submitted the request': 'リクエストの提出者を証明できません',
  'submitted by {0}, as proven': '{0} が提出（証明済み）',
  '{0}, made at {1}': '{0}（作成日時 {1}）',
  'changes since {0} are lost': '{0} 以降の変更が失われます',
  '{0}: {1} free, {2} needed': '{0}: 空き {1}、必要 {2}',
  'nothing was recorded: the request is in phase {0}': '記録がありません（フェーズ {0}）',
  'no drill of this backup is recorded: modosu restore --drill':
    'このバックアップの訓練の記録はありません: modosu restore --drill',
  'the drill {0} succeeded at {1}': '訓練 {0} が {1} に成功',
  'section 7 of the manual; the way back: modosu rollback --target {0}':
    '手順書 7章。元に戻す方法: modosu rollback --target {0}',
  'section 12 of the manual': '手順書 12章',
  'the request is in phase {0}': 'フェーズ {0}',
  'the health check was not asked': 'ヘルスチェックは行われていません',
  'the smoke query {0} was not asked': 'スモーククエリ {0} は実行されていません',
  'the audit log has no record of the restore': '監査ログにリストアの記録がありません',
  "the application's audit table was not written: {0}": 'アプリケーションの監査テーブルに書き込めませんでした: {0}',
  'audit record {0} of {1}': '監査記録 {0}（{1}）',
  'it is gone: {0}': '存在しません: {0}',
  'waived: backupCurrent is false': '作成しない指定（backupCurrent: false）',
  'there was no database to save': '保存するデータベースがありませんでした',
  'none was made': '作成されていません',
  'no run is scheduled; look: systemctl status modosu': '次回の実行が予定されていません。確認: systemctl status modosu',
  'the restore {0} has begun or ended ({1}): nothing is ticked before it any more':
    'リストア {0} は開始または終了しています（{1}）。リストア前の項目はチェックできません',
  'the list after it: modosu checklist post {0}': 'リストア後のリスト: modosu checklist post {0}',
  'there is no checklist of {0}: mode {1} changes nothing':
    '{0} にチェックリストはありません: モード {1} では何も変更されません',
  'there is nothing to look at after {0}: {1}, phase {2}':
    '{0} にはリストア後の確認項目がありません: {1}、フェーズ {2}',
  'how it stands: modosu describe request {0}': '現在の状態: modosu describe request {0}',
  '{0} cannot tick a checklist: nothing proves who that is': '{0} はチェックできません。本人であることを証明できません',
  'a point is ticked or unticked, not both: {0}': '同じ項目のチェックと取り消しは同時に指定できません: {0}',
  'no point is named': '項目が指定されていません',
  'there is no point {0}: the points are 1 to {1}': '項目 {0} はありません。項目は 1 から {1} です',
  'point {0} is judged by the program: {1}': '項目 {0} は自動判定です: {1}',
  'it is done, and nobody need tick it': '確認済みです。チェックは不要です',
  'mend what it names, then look again: modosu checklist {0} {1}':
    '表示された原因を取り除き、再度確認してください: modosu checklist {0} {1}',
  'for example: modosu checklist pre NAME --tick 5': '例: modosu checklist pre NAME --tick 5',
  'point {0} of the {1} checklist ticked by {2}': '{1} チェックリストの項目 {0} を {2} がチェックしました',
  'point {0} of the {1} checklist unticked by {2}': '{1} チェックリストの項目 {0} のチェックを {2} が取り消しました',
  'request {0} was edited meanwhile': 'リクエスト {0} はその間に編集されました',
  'look again: modosu checklist pre {0}': '再度確認してください: modosu checklist pre {0}',
  '{0} of {1} points of the checklist are open: {2}': 'チェックリスト {1} 項目中 {0} 項目が未確認です: {2}',
  'require lets each restore wait until the checklist of the manual 10 is complete (modosu checklist pre NAME); a request cannot waive that. Drills, dry runs, extracts and restores of a safety backup need none.':
    'require は、手順書 10章のチェックリスト（modosu checklist pre NAME）が完了するまで各リストアを待機させます。リクエストでは省略できません。訓練、ドライラン、取り出し、安全バックアップからのリストアには不要です。',
  'left the lists {0} s after its end; its record, its audit and its name stay':
    '終了から {0} 秒後に一覧から外れました。記録、監査ログ、名前は残ります',
  'requests could not be taken off the lists: {0}': 'リクエストを一覧から外せませんでした: {0}',
  'the last restore of {0}, {1}, ended {2} and nobody has acknowledged it: check the application before restoring again (modosu checklist post {3}), then: modosu ack {4}':
    '{0} の前回のリストア {1} は {2} で終了し、まだ確認されていません。再実行の前にアプリケーションの動作を確認してください（modosu checklist post {3}）。確認後: modosu ack {4}',
  'the status is {0}': 'ステータスは {0}',
  '{0} ({1} bytes)': '{0}（{1} バイト）',
} as const
