/** What is said of database files. */

export const DATABASE = {
  '{0} cannot be given the owner and mode {1}: it has {2}': '{0} に所有者とモード {1} を設定できません（現在: {2}）',
  'run the daemon as the owner of the database, or with CAP_CHOWN and CAP_FOWNER':
    'デーモンをデータベースの所有者、または CAP_CHOWN と CAP_FOWNER を持つユーザーで実行してください',
  'this build of better-sqlite3 has no backup object of the known kind':
    'この better-sqlite3 には既知のバックアップオブジェクトがありません',
  'install the version that package-lock.json names: npm ci':
    'package-lock.json に記載のバージョンをインストールしてください: npm ci',
  'the lock has no process': 'ロックを保持するプロセスがありません',
  '{0} was written to while it was read': '{0} は読み取り中に書き込まれました',
  'its -wal cannot be checkpointed': '-wal をチェックポイントできません',
  '{0} appeared: somebody has opened the database meanwhile': '{0} が現れました。その間にデータベースが開かれています',
  'a gzip file': 'gzip ファイル',
  'a Zstandard file': 'Zstandard ファイル',
  'an xz file': 'xz ファイル',
  'an LZ4 file': 'LZ4 ファイル',
  'an age-encrypted file': 'age で暗号化されたファイル',
  'an SQL dump': 'SQL ダンプ',
  'its page size is impossible': 'ページサイズが不正です',
  'it is {0}': '{0}です',
  'it does not begin like one': '先頭が SQLite データベースの形式ではありません',
  'its header asks for file format {0}/{1}, known are 1 and 2':
    'ヘッダーのファイル形式が {0}/{1} です（既知の形式は 1 と 2）',
  'its header asks for schema format {0}, known are 1 to 4':
    'ヘッダーのスキーマ形式が {0} です（既知の形式は 1 から 4）',
  'table {0}: {1}': 'テーブル {0}: {1}',
  'restore {0} left files beside {1}: {2}': 'リストア {0} のファイルが {1} の隣に残っています: {2}',
  "nothing stands at the database's path, and {0} is the whole database from before":
    'データベースのパスには何もなく、{0} が以前の完全なデータベースです',
  '{0} is a second name of the database, which is the one from before that restore':
    '{0} はデータベースの別名です。データベースはそのリストア前のものです',
  'the swap was broken off before its rename; the database is the old, damaged one, and {0} belongs to it; keep the application stopped until it is back in its place':
    '差し替えはファイル名の変更前に中断されました。データベースは以前の破損したもので、{0} はその一部です。元の場所に戻すまでアプリケーションを停止しておいてください',
  'the database is neither the old nor the restored one: somebody else put it there':
    'データベースは以前のものでも復元したものでもありません。他の誰かが置いたものです',
  'the database is the restored one, which had passed every check before it was put in place':
    'データベースは復元したもので、配置前にすべてのチェックに合格しています',
  '{0}; {1} is the whole one from before: keep it as a safety backup, to which modosu can go back':
    '{0}。{1} は以前の完全なデータベースです。安全バックアップとして保管すれば、後で戻せます',
  'modosu rollback --target {0} --to {1}   # only to go back to it':
    'modosu rollback --target {0} --to {1}   # それに戻す場合だけ',
  '{0} is a second name of the database, which is the restored one; there was none before':
    '{0} はデータベースの別名です。データベースは復元したもので、以前は存在しませんでした',
  '{0} is a copy that never came into use; the database is the one from before that restore':
    '{0} は使用されなかったコピーです。データベースはそのリストア前のものです',
  '{0} is a link of user {1} that leads to {2}, which belongs to user {3}':
    '{0} はユーザー {1} のリンクで、ユーザー {3} が所有する {2} を指しています',
  'if the link is right, give it to root: chown -h root {0}; else configure the file itself':
    'リンクが正しい場合は所有者を root にしてください: chown -h root {0}。そうでなければファイル自体を設定してください',
  'ELOOP: too many links, {0}': 'ELOOP: リンクが多すぎます: {0}',
  '{0}: no such table with {1} in both databases; its rows were not carried over':
    '{0}: {1} を持つテーブルが両方のデータベースに揃っていないため、行は引き継がれませんでした',
  '{0}: it has no {1}; {2} was not recorded in it': '{0}: {1} がないため、{2}は記録されませんでした',
  '{0}: there is no user {1}; {2} was not recorded in it; {3}':
    '{0}: ユーザー {1} が存在しないため、{2}は記録されませんでした。{3}',
  'a restore of the target is under way': '対象のリストアが進行中です',
  'another process restores the target': '別のプロセスが対象をリストアしています',
  'nobody is seen to have the database open': 'データベースを開いているプロセスが見当たりません',
  'this restore': 'このリストア',
  'this verification': 'この検証',
  'set backups.auditUser': 'backups.auditUser を設定してください',
  'nor is there {0} (backups.auditUser)': '{0} もありません（backups.auditUser）',
  '{0}: no such table with a {1} in both databases; its rows were not carried over':
    '{0}: {1} を持つテーブルが両方のデータベースに揃っていないため、行は引き継がれませんでした',
  'it is a view': 'ビューです',
  'it has the trigger {0}': 'トリガー {0} があります',
  'it is a virtual table': '仮想テーブルです',
  '{0} calls {1}': '{0}が {1} を呼び出します',
  'its index {0}': 'インデックス {0}',
  'its schema': 'スキーマ',
  'it has more than {0} rows; none were carried over': '行数が {0} を超えるため、引き継がれませんでした',
  '{0}: {1} rows were left out: {2}': '{0}: {1} 行を除外しました: {2}',
  'there is no user {0}': 'ユーザー {0} が存在しません',
  'the time for it was up': '制限時間を超えました',
  '{0}: {1} rows were not written: {2}': '{0}: {1} 行を書き込みませんでした: {2}',
  'it holds the application up for too long': 'アプリケーションを長時間待たせるため',
  'writing it changes other rows as well': '書き込むと他の行も変更されます',
  'the replaced database cannot be read, its newer records stay there: {0}':
    '置き換えたデータベースを読み取れないため、新しい記録はそちらに残ります: {0}',
  '{0}: {1}; nothing was written to it': '{0}: {1}。何も書き込まれませんでした',
  '{0} exists already': '{0} は既に存在します',
  'nothing is ever overwritten: move it away': '上書きは行われません。別の場所に移動してください',
  '{0} came back': '{0} が再び現れました',
  'no file to copy': 'コピーするファイルがありません',
  'it is a byte copy of a database that cannot be read': '読み取れないデータベースのバイト単位のコピーです',
  'see who has it open: fuser -v on the database and its -wal':
    '開いているプロセスを確認してください: データベースとその -wal に対して fuser -v',
  'look at the disk (dmesg), then restore from a backup':
    'ディスクを確認し（dmesg）、バックアップからリストアしてください',
  'it is empty or another kind of file: see file(1) and ls -l':
    '空か、別の種類のファイルです。file(1) と ls -l で確認してください',
  'a writer died in a transaction; whoever opens the database next for writing, its application too, rolls that back':
    '書き込み中のプロセスがトランザクションの途中で終了しています。次に書き込みで開いたもの（アプリケーションを含む）がロールバックします',
  'see what uses the space: modosu disk, df -h': '使用状況を確認してください: modosu disk、df -h',
  'the daemon needs to read and write the file and its directory':
    'デーモンがファイルとそのディレクトリを読み書きできる必要があります',
  'look at the disk: dmesg, smartctl': 'ディスクを確認してください: dmesg、smartctl',
  'look at the directory: ls -l': 'ディレクトリを確認してください: ls -l',
  'nothing is ever overwritten: move that file away': '上書きは行われません。そのファイルを別の場所に移動してください',
  'it needs a collation, function, tokenizer or module that this program lacks: see verification.allowUnverifiable':
    'このプログラムにない照合順序、関数、トークナイザー、モジュールが必要です。verification.allowUnverifiable を参照してください',
  'it may be encrypted (SQLCipher, SEE), which nobody can look into without its key: see file(1) and the application’s settings':
    '暗号化されている可能性があり（SQLCipher、SEE）、鍵なしでは内容を確認できません。file(1) とアプリケーションの設定を確認してください',
  '{0} is damaged: {1}': '{0} は破損しています: {1}',
  '{0} is no SQLite database: {1}': '{0} は SQLite データベースではありません: {1}',
  '{0} is in use: {1}': '{0} は使用中です: {1}',
  '{0} needs recovery and is written to at the same time': '{0} は復旧が必要で、同時に書き込まれています',
  'see who has it open: fuser -v {0}': '開いているプロセスを確認: fuser -v {0}',
  '{0} is not a regular file': '{0} は通常のファイルではありません',
  'links, pipes and devices are never followed: put the file itself there':
    'リンク、パイプ、デバイスは使用されません。ファイル自体を置いてください',
  'its files can be kept as they are; the disk may be failing: dmesg':
    'ファイルをそのまま保管できます。ディスク障害の可能性があります: dmesg',
  'the copy of {0} has {1} bytes instead of {2}': '{0} のコピーが {2} バイトではなく {1} バイトです',
  'it stayed locked for {0} s': '{0} 秒間ロックされたままでした',
  'the query does not only read': 'クエリが読み取り専用ではありません',
  'answered {0}': '結果: {0}',
  'answered {0}, which is no number': '結果が数値ではありません: {0}',
  'answered {0}, expected at least {1}': '結果: {0}（期待値: {1} 以上）',
  'answered {0}, expected at most {1}': '結果: {0}（期待値: {1} 以下）',
  '{0} is being written; wait until the backup has ended': '{0} は書き込み中です。バックアップの完了を待ってください',
  'its {0} bytes do not begin like a -wal: it is damaged': '{0} バイトの先頭が -wal の形式ではありません（破損）',
  'it is damaged: a frame does not check out and commits lie behind it':
    '破損しています: 不正なフレームの後にコミットがあります',
  'it holds no committed transaction': 'コミット済みのトランザクションがありません',
  'its pages have {0} bytes, those of the database {1}':
    'ページサイズが {0} バイトですが、データベースは {1} バイトです',
  'it holds frames, and the header of the database says that it has no -wal':
    'フレームがありますが、データベースのヘッダーは -wal がないことを示しています',
  'it is of a database of {0} pages, this one has {1}':
    '{0} ページのデータベースのものですが、このデータベースは {1} ページです',
  'page {0} is of another kind in it than in the database': 'ページ {0} の種類がデータベースと異なります',
  'page {0} of the database is in no state that it had in it':
    'データベースのページ {0} が、この -wal に含まれるどの状態とも一致しません',
  'the database holds a part of its transactions, {0} pages are behind':
    'データベースにはトランザクションの一部しか含まれておらず、{0} ページ遅れています',
  'it begins at change {0} of its database, this one is at change {1}':
    'データベースの変更 {0} から始まりますが、このデータベースは変更 {1} です',
  'its schema is older ({0}) than that of the database ({1})':
    'スキーマ（{0}）がデータベースのもの（{1}）より古くなっています',
  'it is of a database with another schema': 'スキーマの異なるデータベースのものです',
  'no checksum is recorded for {0}: that it was made together with the database is likely, not proven':
    '{0} のチェックサムの記録がありません。データベースと同時に作成された可能性は高いものの、証明されていません',
  '{0} may not belong to its database: {1}; the checksum file lists both, so it is used':
    '{0} はこのデータベースのものではない可能性があります: {1}。チェックサムファイルに両方が記載されているため使用します',
  'move it away if the database is complete without it, or choose another backup':
    'それがなくてもデータベースが完全な場合は別の場所に移動するか、別のバックアップを選択してください',
  'choose another backup; if you know that both files were copied at one moment, write their checksums beside them: sha256sum NAME.db NAME.db-wal > NAME.sha256':
    '別のバックアップを選択してください。両方のファイルが同時にコピーされたと分かっている場合は、隣にチェックサムを書いてください: sha256sum NAME.db NAME.db-wal > NAME.sha256',
  'the -wal is not of this backup: {0}: {1}': '-wal がこのバックアップのものではありません: {0}: {1}',
  'its header is plain and what follows it looks random': 'ヘッダーは平文ですが、以降は乱数のように見えます',
  '{0} (this SQLite cannot read that part; the pages of the file are sound)':
    '{0}（この SQLite ではその部分を読み取れませんが、ファイルのページは正常です）',
  'its bytes look random from the first on': '先頭から乱数のように見えます',
  '{0} is encrypted, or no SQLite database: {1}': '{0} は暗号化されているか、SQLite データベースではありません: {1}',
  'the dump is far larger than the database': 'ダンプがデータベースよりはるかに大きくなっています',
  'the dump is damaged: {0}': 'ダンプが破損しています: {0}',
  'the dump ends in the middle of a statement': 'ダンプが文の途中で終わっています',
  'the dump has another schema: it lacks {0}': 'ダンプのスキーマが異なります: ダンプに {0} がありません',
  'the dump has another schema: the database lacks {0}':
    'ダンプのスキーマが異なります: データベースに {0} がありません',
  'table {0} has {1} rows, and {2} in the dump': 'テーブル {0} は {1} 行ですが、ダンプでは {2} 行です',
  'rows of table {0} are not those of the dump': 'テーブル {0} の行がダンプと一致しません',
  'the dump has a statement that cannot be compared: {0}': 'ダンプに比較できない文があります: {0}',
  'the dump cannot be read: {0}: {1}': 'ダンプを読み取れません: {0}: {1}',
  'table {0} cannot be compared: {1}': 'テーブル {0} を比較できません: {1}',
  'the dump holds a statement that is too long to compare': 'ダンプに長すぎて比較できない文があります',
  'there is no table {0} with a column {1}': '列 {1} を持つテーブル {0} がありません',
  'the table {0} is not read: {1}': 'テーブル {0} は読み取りません: {1}',
} as const satisfies Readonly<Record<string, string>>
