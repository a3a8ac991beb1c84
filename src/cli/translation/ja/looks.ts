/** What the commands say that look into a backup or a database, and what they find there. */

export const LOOKS = {
  'what a restore would take away, bring back and change': 'リストアで消える行・戻る行・変わる行を表示する',
  'Compares a backup with the present database, row by row and by primary key: how many rows a restore would take away (VANISH), bring back (RETURN) and set back to an older content (CHANGE), with some of them to look at. Both are read from checked copies; nothing is changed beside the database or the backup. Works with the daemon down.':
    'バックアップと現在のデータベースを主キーで 1 行ずつ比較します。リストアで消える行 (VANISH)、戻る行 (RETURN)、古い内容に戻る行 (CHANGE) の数と、その例を表示します。どちらも検査済みのコピーから読み取り、データベースやバックアップの周囲には何も変更を加えません。デーモンが停止していても使用できます。',
  'only these tables': 'このテーブルのみ',
  'so many rows of each kind are shown for each table': 'テーブルと種類ごとに表示する行数',
  'before a restore': 'リストアの前に確認する',
  'more rows of one table': '1 つのテーブルの行をさらに表示する',
  'before a restore is undone': 'リストアを取り消す前に確認する',
  'a number from 0 to {0}': '0 から {0} までの数を指定してください',
  'neither the database nor the backup has a table {0}': 'データベースにもバックアップにもテーブル {0} がありません',
  'leave --table away to see all of them': '--table を省くとすべてのテーブルを表示します',
  'the only table is the same': '唯一のテーブルの行は同じです',
  'all {0} tables have the same rows': '{0} 個のテーブルすべてで行が同じです',
  'no table has the same rows': '行が同じテーブルはありません',
  '1 other table has the same rows': 'ほかの 1 個のテーブルは行が同じです',
  '{0} other tables have the same rows': 'ほかの {0} 個のテーブルは行が同じです',
  'only in the present database': '現在のデータベースにのみ存在します',
  'only in the backup': 'バックアップにのみ存在します',
  'only now: {0}': '現在のみ: {0}',
  'only in the backup: {0}': 'バックアップのみ: {0}',
  'defined otherwise': '定義が異なります',
  'Schema:': 'スキーマ:',
  '{0}: {1} of {2} rows that would vanish': '{0}: リストアで消える行（{2} 行中 {1} 行）',
  '{0}: {1} of {2} rows that would return': '{0}: リストアで戻る行（{2} 行中 {1} 行）',
  '{0}: {1} of {2} rows that would change (now -> backup)':
    '{0}: リストアで変わる行（{2} 行中 {1} 行、現在 -> バックアップ）',
  'the catalog of {0} cannot be read, its files alone are used: {1}':
    '{0} のカタログを読み取れないため、ファイルのみを使用します: {1}',
  'there is no database at {0}: a restore would bring back all of the backup':
    '{0} にデータベースがありません。リストアするとバックアップの内容がすべて戻ります',
  'look whether its file system is mounted: df {0}': 'ファイルシステムがマウントされているか確認してください: df {0}',
  'a copy takes {0}, and {1} has {2} left': 'コピーに {0} が必要ですが、{1} の空きは {2} です',
  'make room, or have the copy made elsewhere: TMPDIR=/path/with/room, as another user than the daemon’s':
    '空き容量を確保するか、コピー先を変更してください: TMPDIR=/path/with/room（デーモンとは別のユーザーで実行）',
  'its -wal file may be missing: ls -l {0}*; choose another backup: modosu get backups':
    '-wal ファイルが欠けている可能性があります: ls -l {0}*。別のバックアップを選択してください: modosu get backups',
  'the copy of {0} changed while it was checked': '{0} のコピーが検査中に変化しました',
  'try again; where it stays so, look at the disk: dmesg':
    '再実行してください。繰り返す場合はディスクを確認してください: dmesg',
  'not compared: the time was up': '時間切れのため比較していません',
  'cannot be compared: {0}': '比較できません: {0}',
  'its primary key holds NULL: rows are told apart by their number':
    '主キーに NULL があるため、行番号 (rowid) で対応付けています',
  'not compared: its columns rowid, _rowid_ and oid hide the number of a row, and it has no primary key':
    '列 rowid、_rowid_、oid が行番号を隠しており主キーもないため、比較していません',
  'not compared: a virtual table of the module {0}, which keeps no rows that are known here':
    'モジュール {0} の仮想テーブルで、独自の行を持つか不明なため、比較していません',
  'not compared: a full-text index that keeps no text of its own (contentless)':
    '本文を持たない全文索引 (contentless) のため、比較していません',
  'not compared: a full-text index of {0}, whose rows are compared where they are':
    '{0} の全文索引のため、比較していません（行は {0} で比較しています）',
  'not compared row by row: its primary key is another one in the backup':
    'バックアップと主キーが異なるため、行ごとの比較はしていません',
  '{0} is not whole without {1}': '{0} は {1} がないと完全ではありません',
  'whoever opens the database next for writing, its application too, takes in what lies beside it':
    '次にデータベースを書き込み用に開いたプログラム（アプリケーションを含む）が、隣のファイルの内容を取り込みます',
}
