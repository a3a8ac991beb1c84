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
  'what would be lost was not found out by this dry run: {0}':
    '失われる内容はこのドライランでは調べられませんでした: {0}',
  'a restore would be refused: {0}': 'リストアは拒否されます: {0}',
  '{0} has {1} left, and the copies take {2}': '{0} の空きは {1} ですが、コピーに {2} が必要です',
  'ask a backup or the present database in SQL': 'バックアップまたは現在のデータベースを SQL で調べる',
  'Answers one statement that only reads (SELECT, WITH, VALUES, EXPLAIN), on a copy that passed its checks: of a backup, or without one of the present database. It cannot write, attach or load anything, and is ended where it takes too long or too much memory. Nothing is changed beside the database or the backup. Works with the daemon down.':
    '読み取り専用の 1 文 (SELECT、WITH、VALUES、EXPLAIN) を、検査済みのコピー上で実行します。対象はバックアップ、指定しない場合は現在のデータベースです。書き込み、アタッチ、読み込みはできず、時間やメモリの上限を超えると終了します。データベースやバックアップの周囲には何も変更を加えません。デーモンが停止していても使用できます。',
  'a backup id or the name of a safety backup; the statement, where the present database is asked':
    'バックアップ ID または安全バックアップの名前。現在のデータベースを調べる場合は SQL 文',
  'the statement': 'SQL 文',
  'at most so many rows': '最大行数',
  'end it after': '打ち切るまでの時間',
  'a backup': 'バックアップを調べる',
  'the present database': '現在のデータベースを調べる',
  'for a spreadsheet': '表計算ソフト用に出力する',
  'the tables and their columns': 'テーブルと列を調べる',
  'a safety backup': '安全バックアップを取り出す',
  'a number from 1 to {0}': '1 から {0} までの数を指定してください',
  'a duration up to 1h, such as 30s or 5m': '1h までの時間を指定してください（例: 30s、5m）',
  'there are more than {0} rows: ask with LIMIT, or for more with --rows':
    '{0} 行を超えています。LIMIT を付けるか、--rows で行数を増やしてください',
  'the answer is too large and was cut: ask for fewer rows or columns':
    '結果が大きすぎるため途中で打ち切りました。行または列を減らしてください',
  'the query is refused: {0}': 'クエリを拒否しました: {0}',
  'the statement is longer than {0} letters': '文が {0} 文字を超えています',
  'there is no statement that reads': '読み取る文がありません',
  '{0} is not a statement that only reads': '{0} は読み取り専用の文ではありません',
  'the statement does not only read': '文が読み取り専用ではありません',
  'fts3_tokenizer is not for questions': 'fts3_tokenizer は使用できません',
  'one SELECT, WITH, VALUES or EXPLAIN is answered; of the schema: SELECT * FROM sqlite_schema, pragma_table_info':
    'SELECT、WITH、VALUES、EXPLAIN のいずれか 1 文を指定してください。スキーマは SELECT * FROM sqlite_schema や pragma_table_info で調べられます',
  'the query was ended: {0}': 'クエリを打ち切りました: {0}',
  'it took too much memory: {0}': 'メモリの上限を超えました: {0}',
  'ask for less (WHERE, LIMIT, fewer columns), or give it more time: --timeout 5m':
    '対象を絞る (WHERE、LIMIT、列を減らす) か、時間を延ばしてください: --timeout 5m',
  'take a backup along as one checked file': 'バックアップを検査済みの 1 ファイルとして取り出す',
  'Writes a backup to a file of your own: the set is copied, its -wal taken in, and the copy checked as a restore would check it. The file belongs to you alone (mode 0600), is whole when it has its name, and its SHA-256 is printed as sha256sum prints it. Nothing is changed beside the backup. Takes no daemon, and no rights but to read the backup.':
    'バックアップを自分のファイルに書き出します。セットをコピーし、-wal を取り込み、リストアと同じ検査を行います。ファイルは自分だけが読み書きでき (モード 0600)、その名前になった時点で完全です。SHA-256 を sha256sum と同じ形式で表示します。バックアップの周囲には何も変更を加えません。デーモンは不要で、必要な権限はバックアップの読み取りだけです。',
  'where to: a name that is free': '出力先（まだ使われていない名前）',
  'replace the file that has that name': 'その名前のファイルを置き換える',
  'to look into it with sqlite3': 'sqlite3 で中を調べる',
  '{0} was extracted to {1} ({2}); it passed every check':
    '{0} を {1} ({2}) に取り出しました。すべての検査に合格しています',
  '{0} was not sealed': '{0} は確定されていません',
  'there is no folder {0}': 'フォルダー {0} がありません',
  'make it: mkdir -p {0}': '作成してください: mkdir -p {0}',
  '{0} is the database of {1}: an extracted file never takes its place':
    '{0} は {1} のデータベースです。取り出したファイルで置き換えることはできません',
  'to put the backup back: modosu restore BACKUP --target {0}':
    'バックアップを戻すには: modosu restore BACKUP --target {0}',
  '{0} lies among the backups of {1}, where it would be taken for one':
    '{0} は {1} のバックアップの中にあり、バックアップとみなされてしまいます',
  'choose a folder of your own': '自分のフォルダーを選択してください',
  'cannot write to {0}: {1}': '{0} に書き込めません: {1}',
  '{0} lies there: SQLite would read it into the extracted file':
    '{0} があります。SQLite がその内容を取り出したファイルに読み込んでしまいます',
  'choose another name, or move it away: ls -l {0}*': '別の名前にするか、移動してください: ls -l {0}*',
  '{0} is not a regular file, and is not replaced': '{0} は通常のファイルではないため、置き換えません',
  'write the checked backup as a file into extracts.path; nothing is changed':
    '検証済みのバックアップを extracts.path にファイルとして書き出す（変更なし）',
  'the checked backup as a file of its own': '検証済みのバックアップを 1 ファイルとして取り出す',
  'the target {0} has no folder for extracts': '対象 {0} には取り出し先のフォルダが設定されていません',
  'set extracts.path of the target {0} in the configuration and reload it; or write the file yourself, without the daemon: modosu extract BACKUP --to FILE':
    '設定で対象 {0} の extracts.path を指定し、再読み込みしてください。またはデーモンを使わずに自分で取り出してください: modosu extract BACKUP --to FILE',
  'the database lies there': 'データベースと同じ場所です',
  'it lies among the backups': 'バックアップのディレクトリの中にあります',
  'give extracts.path a directory of its own, and reload the configuration':
    'extracts.path に専用のディレクトリを指定し、設定を再読み込みしてください',
  'it is no directory': 'ディレクトリではありません',
  'it does not exist': '存在しません',
  'make it, as the user of the daemon: mkdir -m 0700 {0}; or mount its file system':
    'デーモンのユーザーで作成してください: mkdir -m 0700 {0}。またはファイルシステムをマウントしてください',
  'see the way to it: namei -l {0}': '途中のディレクトリを確認してください: namei -l {0}',
  'the daemon cannot write to it ({0})': 'デーモンが書き込めません（{0}）',
  'correct its owner, mode or mount, and list it in ReadWritePaths= of the unit: ls -ld {0}':
    '所有者・権限・マウントを修正し、ユニットの ReadWritePaths= に追加してください: ls -ld {0}',
  'no file can be extracted into {0}: {1}': '{0} にファイルを取り出せません: {1}',
  'see what it is: ls -ld {0}': '確認してください: ls -ld {0}',
}
