/** What the catalog of backups and retention say. */

export const CATALOG = {
  'choose another backup: modosu get backups': '別のバックアップを選択してください: modosu get backups',
  'choose a backup whose status is success: modosu get backups':
    'ステータスが success のバックアップを選択してください: modosu get backups',
  'a file of the backup is {0}: {1}': 'バックアップのファイルが{0}です: {1}',
  'put the file itself in its place, or {0}': 'ファイル自体を配置するか、{0}',
  ', or restore its dump with spec.source.sqlDump ({0})':
    '、または spec.source.sqlDump（{0}）でダンプからリストアしてください',
  'look whether the file was moved, {0}{1}': 'ファイルが移動されていないか確認するか、{0}{1}',
  'backup file is empty: {0}': 'バックアップファイルが空です: {0}',
  'copy {0} and its -journal to another folder, open the copy with sqlite3 (that rolls the transaction back), put it into the backup directory and restore it with spec.source.file':
    '{0} とその -journal を別のフォルダーにコピーし、コピーを sqlite3 で開いて（トランザクションがロールバックされます）バックアップディレクトリに置き、spec.source.file でリストアしてください',
  'the database': 'データベース',
  'backup was taken in the middle of a transaction: {0} lies beside it':
    'トランザクションの途中で取得されたバックアップです: {0} が隣にあります',
  'backup was taken in the middle of a transaction, and its journal is damaged: {0}: {1}':
    'トランザクションの途中で取得されたバックアップで、ジャーナルも破損しています: {0}: {1}',
  'whether the database is whole cannot be told: {0}': 'データベースが完全かどうか判断できません: {0}',
  'backup set is incomplete: the catalog records {0} bytes and {1} has {2}':
    'バックアップセットが不完全です: カタログの記録は {0} バイト、{1} は {2} バイトです',
  'compare it with the place it was copied from, or {0}': 'コピー元と比較するか、{0}',
  'expected is HEX, two spaces, NAME, as sha256sum writes it':
    'sha256sum の形式（16進数、空白 2 つ、ファイル名）である必要があります',
  'it is no text: it holds NUL bytes': 'テキストではありません（NUL バイトを含む）',
  'line {0} ({1}) cannot be understood; {2}': '{0} 行目（{1}）を解釈できません。{2}',
  'line {0} gives {1} a second checksum': '{0} 行目に {1} の 2 つ目のチェックサムがあります',
  'line {0} gives a checksum of another kind ({1})': '{0} 行目は別の種類のチェックサムです（{1}）',
  '{0}, which is not used': '{0}。使用されません',
  '{0}; expected is SHA-256, 64 hexadecimal digits': '{0}。SHA-256（16進数 64 桁）である必要があります',
  'line {0} is no checksum: {1}': '{0} 行目はチェックサムではありません: {1}',
  'line {0} speaks of {1} and gives no checksum: {2}':
    '{0} 行目は {1} に言及していますが、チェックサムがありません: {2}',
  'it is no regular file': '通常のファイルではありません',
  'it is larger than {0} bytes': '{0} バイトを超えています',
  'something of {0} digits': '{0} 桁の値',
  'something of {0} bytes': '{0} バイトの値',
  '{0} is dated in the future: {1}': '{0} の日時が未来です: {1}',
  'names in local time: set backups.timezone of the target; else a clock was wrong then: name this backup by its id to restore it':
    '名前がローカル時刻の場合は対象の backups.timezone を設定してください。そうでなければ作成時に時計が誤っていたため、リストアするには ID を指定してください',
  'it has only {0} bytes': '{0} バイトしかありません',
  'it does not begin like a journal': 'ジャーナルの先頭ではありません',
  'the names of the backups of {0} look like local time ({1} is {2} from its catalog row): set backups.timezone, such as Asia/Tokyo':
    '{0} のバックアップの名前はローカル時刻のようです（{1} はカタログの行と {2} ずれています）。backups.timezone（例: Asia/Tokyo）を設定してください',
  'a symbolic link': 'シンボリックリンク',
  'backup directory cannot be read: {0}': 'バックアップディレクトリを読み取れません: {0}',
  "check that {0} is mounted and that the daemon's user may read it":
    '{0} がマウントされ、デーモンのユーザーが読み取れることを確認してください',
  'it is empty': '空です',
  'it names no file of this backup': 'このバックアップのファイル名がありません',
  'its checksum is no SHA-256': 'チェックサムが SHA-256 ではありません',
  'its checksum is no SHA-256 but {0}': 'チェックサムが SHA-256 ではなく {0} です',
  'backup set is incomplete: its checksum file lists {0}, which is missing or empty':
    'バックアップセットが不完全です: チェックサムファイルにある {0} が存在しないか空です',
  'backup set has a file that its checksum file does not list: {0}':
    'チェックサムファイルにないファイルがバックアップセットにあります: {0}',
  'the file came later, perhaps from a program that opened the backup: move it away, or choose another backup':
    '後から作成されたファイルです（バックアップを開いたプログラムなど）。別の場所に移動するか、別のバックアップを選択してください',
  '{0} and {1} record different checksums of {2}: sha256sum it by hand, or choose another backup':
    '{0} と {1} で {2} のチェックサムが異なります。手動で sha256sum を実行して確認するか、別のバックアップを選択してください',
  "the application's catalog": 'アプリケーションのカタログ',
  'recorded checksum cannot be used: {0}: {1}': '記録されたチェックサムを使用できません: {0}: {1}',
  'write it anew with sha256sum if the backup is known to be good, or choose another backup: modosu get backups':
    'バックアップが正常と分かっている場合は sha256sum で作り直してください。そうでなければ別のバックアップを選択してください: modosu get backups',
  'did you mean {0}? ': 'もしかして: {0}。',
  '{0}list them with: modosu get backups --target {1}': '{0}一覧を確認: modosu get backups --target {1}',
  'backup id {0} names {1} backups: {2}': 'バックアップID {0} に該当するバックアップが {1} 件あります: {2}',
  'name the file instead: spec.source.file.path': '代わりにファイルを指定してください: spec.source.file.path',
  'spec.source.latest.before is no time: {0}': 'spec.source.latest.before が時刻ではありません: {0}',
  'write it as 2026-02-15T03:00:00Z': '次の形式で記述してください: 2026-02-15T03:00:00Z',
  'is no .db or .sql.gz file inside the backup directory':
    'バックアップディレクトリ内の .db または .sql.gz ファイルではありません',
  'is in no folder of the backup directory': 'バックアップディレクトリのどのフォルダーにもありません',
  'the backup is {0}: {1}': 'バックアップが{0}です: {1}',
  'put the file itself in its place: neither a link nor a pipe is followed':
    'ファイル自体を配置してください。リンクやパイプは使用されません',
  'list the backups with: modosu get backups --target {0}': 'バックアップの一覧を確認: modosu get backups --target {0}',
  'list the dumps with: modosu get backups -o wide': 'ダンプの一覧を確認: modosu get backups -o wide',
  'path {0}: {1}': 'パス {0}: {1}',
  'give the path relative to the backup directory, such as daily/NAME.db':
    'バックアップディレクトリからの相対パスで指定してください（例: daily/NAME.db）',
  'list the safety backups with: modosu get safety --target {0}':
    '安全バックアップの一覧を確認: modosu get safety --target {0}',
  'safety backup has a rollback journal beside it, which cannot be restored unattended: {0}-journal':
    '安全バックアップの隣にロールバックジャーナルがあり、自動ではリストアできません: {0}-journal',
  'open a copy of both files with sqlite3, which rolls the journal back, and restore that copy with spec.source.file':
    '両方のファイルのコピーを sqlite3 で開き（ジャーナルがロールバックされます）、そのコピーを spec.source.file でリストアしてください',
  'no free name for a safety backup: {0}.db and {1} more exist':
    '安全バックアップに使用できる名前がありません: {0}.db ほか {1} 件が存在します',
  'remove old safety backups: modosu prune --kind safety --dry-run':
    '古い安全バックアップを削除してください: modosu prune --kind safety --dry-run',
  'a catalog row without a file': 'ファイルのないカタログの行',
  'interrupted while waiting for the backup to settle': 'バックアップの書き込み完了を待機中に中断されました',
  'its files are still being written: wait until the backup has finished and ask again':
    'ファイルが書き込み中です。バックアップの完了後に再度実行してください',
  'there is no file to hash': 'ハッシュを計算するファイルがありません',
  'no checksum is recorded': 'チェックサムの記録がありません',
  'was not hashed: {0}': 'ハッシュを計算していません: {0}',
  '{0} recorded, all equal': '記録 {0} 件、すべて一致',
  'there is no file to check': '検査するファイルがありません',
  'was not checked': '検査していません',
  'scheduled rehearsal': '定期訓練',
  '{0} cannot be read: {1}': '{0} を読み取れません: {1}',
  "check that it is mounted and that the daemon's user may read it":
    'マウントされ、デーモンのユーザーが読み取れることを確認してください',
  'it is what the last restore of {0} ({1}) replaced: modosu rollback puts it back':
    '{0} の最後のリストア（{1}）が置き換えたもので、modosu rollback で戻されます',
  'the drill': '訓練',
  'the request': 'リクエスト',
  '{0} {1} needs it ({2})': '{0} {1} が必要としています（{2}）',
  'the request {0} ended {1} ({2}) and is not acknowledged: modosu ack {3}':
    'リクエスト {0} は {1} に終了し（{2}）、確認済みにされていません: modosu ack {3}',
  'the request that it belongs to is not known: nobody can say what it is worth':
    '属するリクエストが不明なため、価値を判断できません',
  'dated in the future ({0}): nobody can say how old it is': '日時が未来のため（{0}）、古さを判断できません',
  'manual backups are never deleted': '手動バックアップは削除されません',
  'older than {0}': '作成から {0} を超過',
  'younger than {0}': '作成から {0} 未満',
  'not older than {0}': '作成から {0} 以内',
  'the rest of a copy that was never finished': '完了しなかったコピーの残り',
  'the newest that passed its checks': 'チェックに合格した最新のもの',
  'the newest': '最新のもの',
  'the newest {0} backup': '最新の {0} バックアップ',
  'one of the newest {0}': '最新の {0} 件の 1 つ',
  'free space is short: the oldest goes first': '空き容量不足のため古いものから削除',
  'nothing is deleted for its age while the clock is not believed: {0}':
    '時計が信頼できない間は、古さを理由に何も削除されません: {0}',
  'its files have changed since the plan': '計画の後にファイルが変更されました',
  '{0}, which was to stay in its place, is gone': '代わりに残るはずの {0} がなくなりました',
  'deleting {0}: {1}': '削除中 {0}: {1}',
  '; left alone, for they are other files by now: {0}': '。既に別のファイルになっているため残しました: {0}',
  'deleted {0}: {1}{2}': '削除 {0}: {1}{2}',
  'cannot delete {0}: {1}': '{0} を削除できません: {1}',
  '{0}; it will be tried again': '{0}。再試行されます',
  '{0} (interrupted, finished later)': '{0}（中断の後に完了）',
  'what would be deleted is no longer what was shown': '削除される内容が表示したものと変わっています',
  'look again: modosu prune --dry-run; after a change of the configuration restart the daemon first':
    '再度確認してください: modosu prune --dry-run。設定を変更した場合は先にデーモンを再起動してください',
  ' (and {0} more)': '（ほか {0} 件）',
  '{0} could not be pruned: {1}{2}': '{0} を削除できませんでした: {1}{2}',
  'modosu get audit shows each; check the permissions of the folder, then: modosu prune':
    'それぞれの確認: modosu get audit。フォルダーの権限を確認し、その後: modosu prune',
  '{0} is another folder by now: {1}': '{0} は別のフォルダーになっています: {1}',
  'look who moved it or put a link in its place; the next prune looks again':
    '移動した者、またはリンクを置いた者を確認してください。次の削除時に再度確認されます',
  '{0} backups verified, {1} failed': 'バックアップ {0} 件を検査、失敗 {1} 件',
  '{0} failed its verification: {1}': '{0} は検査に不合格でした: {1}',
  '{0} of {1} not listed as backups: {2}': '{1} の{0}はバックアップとして一覧に表示されません: {2}',
  '{0} files': 'ファイル {0} 件',
  'backups lie in daily, weekly, monthly or manual, not directly in the backup directory':
    'バックアップは daily、weekly、monthly、manual のいずれかに置かれ、バックアップディレクトリの直下には置かれません',
  'backups lie in daily, weekly, monthly or manual, in no other folder of the backup directory':
    'バックアップは daily、weekly、monthly、manual のいずれかに置かれ、他のフォルダーには置かれません',
  'links are not followed': 'リンクは使用されません',
  'the name is not that of a backup of this target': 'この対象のバックアップの名前ではありません',
  'the name of a backup ends in .db': 'バックアップの名前は .db で終わります',
  'to have it listed, name it as in {0}; or restore it as it is: modosu restore {1} --target {2}':
    '一覧に表示するには {0} のように名前を付けてください。そのままリストアする場合: modosu restore {1} --target {2}',
  'to have it listed, name it as in {0}': '一覧に表示するには {0} のように名前を付けてください',
  'to have them listed, name each as in {0}; or restore one by its path: modosu restore {1}/NAME.db --target {2}':
    '一覧に表示するにはそれぞれ {0} のように名前を付けてください。パスを指定してリストアする場合: modosu restore {1}/NAME.db --target {2}',
  'put the file or folder itself in its place; a folder of another file system can be bind-mounted there':
    'ファイルまたはフォルダー自体を配置してください。別のファイルシステムのフォルダーはバインドマウントできます',
  'unpack it where it is packed, and name it as in {0}': '圧縮されている場合は展開し、{0} のように名前を付けてください',
  '{0} ({1} files)': '{0}（{1} ファイル）',
  ' and {0} more': ' ほか {0} 件',
  '1 file': 'ファイル 1 件',
  '{0}, which is recorded, is gone: a program that opened the backup has absorbed it, or it is lost; a verification and a restore tell which by comparing the database with its dump {1}':
    '記録にある {0} がありません。バックアップを開いたプログラムに取り込まれたか、失われています。どちらかは、検証またはリストアの際にデータベースをダンプ {1} と比較して判定されます',
  'put the missing file back from where the backup was copied, or choose another backup: modosu get backups; a -wal may have been absorbed by a program that opened the backup, which only an SQL dump of it beside it could prove':
    '欠けているファイルをコピー元から戻すか、別のバックアップを選択してください: modosu get backups。-wal はバックアップを開いたプログラムに取り込まれた可能性がありますが、それを証明できるのは隣にある SQL ダンプだけです',
  '{0}, which is recorded, is gone, and {1} was not compared': '記録にある {0} がなく、{1} との比較も行われていません',
} as const satisfies Readonly<Record<string, string>>
