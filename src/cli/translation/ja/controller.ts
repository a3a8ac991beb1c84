/** What the controller says of requests. */

export const CONTROLLER = {
  'rows were counted and not compared, so that changed ones are not known: {0}':
    '行数を数えただけで比較していないため、変更された行は不明です: {0}',
  'what was committed between the safety backup and the stop could not be compared':
    '安全バックアップの作成から停止までに確定した変更は比較できませんでした',
  'there is no safety backup': '安全バックアップがありません',
  'the present database cannot be read, and what it held is not known: {0}':
    '現在のデータベースを読み取れないため、その内容は不明です: {0}',
  'its health check answered after {0} ms': 'ヘルスチェックが {0} ms 後に応答しました',
  '; it was down before the restore, and is left so': '。リストア前から停止していたため、停止のままにします',
  '; it was not healthy before the restore either': '。リストア前も正常ではありませんでした',
  '{0}; going on, as long as nobody has the database open': '{0}。データベースを開いているプロセスがない限り続行します',
  'the application is kept from starting until the database is right: modosu rollback --target {0}':
    'データベースが正常になるまでアプリケーションの起動を抑止しています: modosu rollback --target {0}',
  '{0}, or by hand: {1}': '{0}、または手動で: {1}',
  'does not exist': '存在しません',
  'is not the directory that this restore began in, and holds none of its files':
    'このリストアを開始したディレクトリではなく、そのファイルもありません',
  'mount its file system: findmnt -T {0}; the restore goes on by itself once it is there':
    'ファイルシステムをマウントしてください: findmnt -T {0}。使用可能になるとリストアは自動的に続行します',
  '{0} {1}: waiting for its file system': '{0}: {1}。ファイルシステムを待っています',
  'the replaced database': '置き換えたデータベース',
  '{0} is kept as {1}': '{0}を {1} として保管しています',
  'the database of before the restore is kept as {0}': 'リストア前のデータベースを {0} として保管しています',
  '{0} failed a check, the next newest is tried: {1}': '{0} がチェックに不合格のため、次に新しいものを試します: {1}',
  'the name {0} is taken by another spec': '名前 {0} は別の spec で使用済みです',
  'give this request a name of its own: metadata.name is its identity':
    'このリクエストに固有の名前を付けてください。metadata.name がリクエストを識別します',
  'submitted by {0}': '{0} が送信しました',
  'request {0} cannot be cancelled in phase {1}: the swap has begun':
    'リクエスト {0} はフェーズ {1} のため取り消せません。差し替えが始まっています',
  'let it end, then: modosu rollback --target {0}': '終了を待ってから実行してください: modosu rollback --target {0}',
  'cancelled by {0}{1}': '取り消し: {0}{1}',
  'released by {0}': '{0} が解除しました',
  'request {0} needs no approval': 'リクエスト {0} に承認は不要です',
  '{0} cannot approve this request: a second person must':
    '{0} はこのリクエストを承認できません。2 人目の承認が必要です',
  'whoever submitted or asked for it, and those who approved already, do not count (manual 2.5-4)':
    '送信者、依頼者、承認済みの人は数えません（手順書 2.5-4）',
  '{0} cannot submit a request that needs an approval: nothing proves who that is':
    '{0} は承認が必要なリクエストを送信できません。本人であることが確認できません',
  '{0} cannot approve this request: nothing proves who that is':
    '{0} はこのリクエストを承認できません。本人であることが確認できません',
  'use the modosu command on the host itself, which proves its user, or the HTTP API with a login':
    'ホスト上で modosu コマンドを使用する（ユーザーが証明されます）か、ログインして HTTP API を使用してください',
  'approved by {0}': '{0} が承認しました',
  'request {0} has started ({1}) and cannot be suspended': 'リクエスト {0} は開始済み（{1}）のため、一時停止できません',
  'suspended by {0}': '{0} が一時停止しました',
  'resumed by {0}': '{0} が再開しました',
  'request {0} is in phase {1}; only one that ended without success is retried':
    'リクエスト {0} はフェーズ {1} です。再実行できるのは成功せずに終了したものだけです',
  'to restore the same backup again, submit a request with a new name':
    '同じバックアップを再度リストアするには、新しい名前のリクエストを送信してください',
  'request {0} has no valid spec to retry': 'リクエスト {0} には再実行できる有効な spec がありません',
  'mend its file instead': '代わりにファイルを修正してください',
  'request {0} has nothing to acknowledge (phase {1})':
    'リクエスト {0} に確認済みにするものはありません（フェーズ {1}）',
  'acknowledged by {0}': '{0} が確認済みにしました',
  'unknown target: {0}': '対象が存在しません: {0}',
  'manual rollback (manual 7.2)': '手動ロールバック（手順書 7.2）',
  'undo of {0} (manual 7.2)': '{0} の取り消し（手順書 7.2）',
  'the last restore of {0} that took effect is {1} now, and {2} is what it replaced':
    '{0} で最後に反映されたリストアは現在 {1} で、置き換えられたものは {2} です',
  'look again: modosu rollback --target {0}': '再度確認してください: modosu rollback --target {0}',
  'request not found: {0}': 'リクエストが見つかりません: {0}',
  'request {0} has ended ({1})': 'リクエスト {0} は終了しています（{1}）',
  'request {0} is for {1}; this is {2}': 'リクエスト {0} は {1} 向けです。このノード: {2}',
  'submit it on that node, or leave spec.nodeName and spec.nodeSelector out; node.name and node.labels of the configuration say what this node is':
    'そのノードで送信するか、spec.nodeName と spec.nodeSelector を省いてください。このノードの名前とラベルは設定の node.name と node.labels で指定します',
  'a phase failed': 'フェーズが失敗しました',
  '{0} was opened at the moment of the swap by {1}': '差し替えの瞬間に {0} が {1} に開かれました',
  'stop that process; if it belongs to the application, check service.unit or service.command of the target':
    'そのプロセスを停止してください。アプリケーションの一部である場合は、対象の service.unit または service.command を確認してください',
  'the database was not touched': 'データベースは変更されていません',
  'no automatic rollback without a safety backup; the replaced database is kept as {0}':
    '安全バックアップがないため自動ロールバックはできません。置き換えたデータベースを {0} として保管しています',
  'no automatic rollback without a safety backup; the replaced database is kept under a .modosu- name ({0})':
    '安全バックアップがないため自動ロールバックはできません。置き換えたデータベースを .modosu- で始まる名前で保管しています（{0}）',
  'the spec was edited before the start ({0})': '開始前に spec が編集されました（{0}）',
  'the file {0} is invalid and was ignored: {1}': 'ファイル {0} は不正なため無視されました: {1}',
  'modosu validate -f {0}; mend the file and save it, it is read again':
    'modosu validate -f {0}。ファイルを修正して保存すると再読み込みされます',
  'the file was removed from the spool after the swap had begun: nothing changes':
    '差し替えの開始後にファイルがスプールから取り除かれました。処理は変わりません',
  'its file was removed from the spool': 'ファイルがスプールから取り除かれました',
  'read from {0}': '{0} から読み込みました',
  '{0} give the name {1} to different requests: none of them runs':
    '{0} が名前 {1} を異なるリクエストに付けているため、どれも実行されません',
  'leave one of them, and give the others a name of their own: metadata.name is the identity of a request':
    '1 つだけ残し、他には固有の名前を付けてください。metadata.name がリクエストを識別します',
  '{0} alone gives the name now': 'この名前を付けているのは {0} だけになりました',
  'the name {0} is taken by another spec, from {1}': '名前 {0} は {1} の別の spec で使用済みです',
  'an edit of the spec after the start is ignored ({0}); give the request a new name to restore again':
    '開始後の spec の編集は無視されます（{0}）。再度リストアするには、リクエストに新しい名前を付けてください',
  'this request has ended ({0}) and does not run again; use a new name, or modosu retry':
    'このリクエストは終了しており（{0}）、再び実行されることはありません。新しい名前を使用するか、modosu retry を実行してください',
  'line {0}, column {1}: ': '{0} 行 {1} 列: ',
  'another target': '別の対象',
  'the target {0} (restore {1})': '対象 {0}（リストア {1}）',
  '{0} is a safety backup of {1}, not of {2}': '{0} は {2} ではなく {1} の安全バックアップです',
  'those of this target: modosu get safety --target {0}': 'この対象のもの: modosu get safety --target {0}',
  ', and {0} keep theirs in {1} too': '。{0} の安全バックアップも {1} にあります',
  '{0}: the state store does not know it as a safety backup of {1}{2}; nobody can say whose it is':
    '{0}: 状態ストアに次の対象の安全バックアップとしての記録がありません: {1}{2}。どの対象のものか判断できません',
  '; it is kept as {0}, and what to do with it says: modosu describe target {1}':
    '。{0} として保管しています。対処方法の確認: modosu describe target {1}',
  'the replaced database could not be put away: {0}{1}': '置き換えたデータベースを片付けられませんでした: {0}{1}',
  'the safety backup {0} {1}, and the replaced database is gone':
    '安全バックアップ {0}: {1}。置き換えたデータベースもありません',
  'set the present database aside as {0} and rename the verified file into its place':
    '現在のデータベースを {0} に退避し、検証済みのファイルを配置する',
  'the backup': 'バックアップ',
  'not there yet': 'まだありません',
  'copy the set to {0}, verify checksum and integrity there': 'セットを {0} にコピーし、チェックサムと整合性を検証する',
  'run hook {0}': 'フック {0} を実行する',
  'stop {0}': '{0}を停止する',
  'stop nothing: nobody may have the database open':
    '何も停止しない（データベースを開いているプロセスがないことが条件）',
  'rename the verified file into its place': '検証済みのファイルを配置する',
  'check the restored database ({0})': '復元したデータベースを検査する（{0}）',
  'start {0}': '{0}を起動する',
  'smoke query {0}': 'スモーククエリ {0}',
  'make no safety backup: there is no database yet': '安全バックアップを作成しない（データベースがまだないため）',
  'make a safety backup in {0}': '{0} に安全バックアップを作成する',
  'make no safety backup: a failed restore would not be rolled back':
    '安全バックアップを作成しない（リストアに失敗してもロールバックされない）',
  'the application': 'アプリケーション',
  'the application: {0}': 'アプリケーション（{0}）',
  'expect a downtime of about {0} until the application is started, as in the last restore':
    'アプリケーションの起動までの停止時間は約 {0} の見込み（前回のリストアの実績）',
  'expect a downtime of about {0} until the application is healthy, as in the last restore ({1} until it was started)':
    'アプリケーションが正常になるまでの停止時間は約 {0} の見込み（前回のリストアの実績、起動までは {1}）',
  '{0}; nothing was touched: the state store was older than this restore':
    '{0}。何も変更されていません: 状態ストアがこのリストアより古いものでした',
  'waiting: {0} restores are running': '待機中: {0} 件のリストアを実行しています',
  'configured targets: {0}': '設定されている対象: {0}',
  '{0}; put it back into the configuration to finish this restore':
    '{0}。このリストアを完了するには設定に戻してください',
  '{0}; put it back into the configuration to finish this restore, or: modosu cancel {1}':
    '{0}。このリストアを完了するには設定に戻すか、取り消してください: modosu cancel {1}',
  'another process is restoring {0}': '別のプロセスが {0} をリストアしています',
  'this restore had stopped the application, and cannot start it without its target: start it by hand':
    'このリストアはアプリケーションを停止しましたが、対象がないため起動できません。手動で起動してください',
  'the restore did not end within activeDeadlineSeconds ({0} s)':
    'リストアが activeDeadlineSeconds（{0} 秒）以内に終了しませんでした',
  'nothing was changed; raise spec.activeDeadlineSeconds, or find out what is slow: modosu describe request':
    '何も変更されていません。spec.activeDeadlineSeconds を延ばすか、遅い箇所を確認してください: modosu describe request',
  'the application is down: {0}': 'アプリケーションが停止しています: {0}',
  'in phase {0}': 'フェーズ {0}',
  'the daemon was restarted in phase {0}': 'フェーズ {0} でデーモンが再起動されました',
  'the notes of this restore lack "{0}"': 'このリストアの記録に「{0}」がありません',
  'report this with the output of modosu describe request NAME':
    'modosu describe request NAME の出力とともに報告してください',
  'is no longer a regular file': '通常のファイルではなくなっています',
  'no longer has the bytes that were proven': '確認済みの内容ではなくなっています',
  'would be opened together with {0}': '{0} と一緒に開かれてしまいます',
  'is gone': 'なくなっています',
  'cannot be read: {0}': '読み取れません: {0}',
  'smoke query failed: {0}': 'スモーククエリが失敗しました: {0}',
  'compare the query in the configuration with what this backup should hold':
    '設定のクエリと、このバックアップに含まれるはずの内容を比較してください',
  'after records were carried over: {0}': '記録の引き継ぎ後: {0}',
  'retention is deleting it (modosu get audit); choose another: modosu get backups --target {0}':
    '保持ポリシーにより削除中です（modosu get audit）。別のものを選択してください: modosu get backups --target {0}',
  'a check failed': 'チェックが不合格でした',
  'modosu get backups --target {0}; if none is left, see section 8.2 of the manual (SQL dump)':
    'modosu get backups --target {0}。残っていない場合は手順書 8.2（SQL ダンプ）を参照してください',
  'every candidate failed its checks: {0}': 'すべての候補がチェックに不合格でした: {0}',
  '{0} has no database file': '{0} にデータベースファイルがありません',
  'the recorded checksums of {0} contradict each other': '{0} に記録されたチェックサムが互いに矛盾しています',
  'compare the .sha256 file with the catalog row, or choose another backup: modosu get backups':
    '.sha256 ファイルとカタログの行を比較するか、別のバックアップを選択してください: modosu get backups',
  '{0} is left alone: another process is restoring {1}':
    '{0} には手を付けません: 別のプロセスが {1} をリストアしています',
  'see who it is: fuser -v {0}': 'プロセスを確認: fuser -v {0}',
  'held: the state store is older than what was seen of it before, so this request may have run already':
    '保留中: 状態ストアが以前に確認された状態より古いため、このリクエストは既に実行されている可能性があります',
  'the state store is older than what was seen of it before: what may be deleted is not known':
    '状態ストアが以前に確認された状態より古いため、削除してよいものが分かりません',
  'modosu state; docs/runbooks/ModosuStateRolledBack.md': 'modosu state、docs/runbooks/ModosuStateRolledBack.md',
  'the state store is the one that was written last: there is nothing to accept':
    '状態ストアは最後に書き込まれたものです。承認するものはありません',
  'accepted an older state store: {0}': '古い状態ストアの使用を承認しました: {0}',
  'look whether it has run (modosu state); it has: {0}; it has not: modosu approve {1}':
    '実行済みか確認してください（modosu state）。実行済みの場合: {0}。未実行の場合: modosu approve {1}',
  'the replaced database failed its check and is kept as a .broken. file':
    '置き換えたデータベースはチェックに不合格のため、.broken. ファイルとして保管しています',
  'the safety backup {0} {1}, and the replaced database failed its check: it is kept as a .broken. file':
    '安全バックアップ {0}: {1}。置き換えたデータベースもチェックに不合格のため、.broken. ファイルとして保管しています',
  'the safety backup {0} {1}; the replaced database itself took its place: {2}':
    '安全バックアップ {0}: {1}。置き換えたデータベース自体を代わりに保管しました: {2}',
  'something was written to the replaced database after the swap; it is the safety backup {0}':
    '差し替え後に、置き換えたデータベースへの書き込みがありました。安全バックアップ {0} として保管しています',
  'the copy differs from the original': 'コピーが元のものと異なります',
  'commits made after the safety backup are kept beside the database as a .broken. file: {0}':
    '安全バックアップの後のコミットを、データベースの隣に .broken. ファイルとして保管しています: {0}',
  'the lock file {0} could not be removed, and locks nothing: {1}':
    'ロックファイル {0} を削除できませんでした（ロックの効力はありません）: {1}',
  'no restore of it is known now': '現在、リストアの記録はありません',
  'the last one is {0} now': '現在の最後のものは {0} です',
  '{0} is no longer the last restore of {1} that took effect: {2}':
    '{0} は、{1} で最後に反映されたリストアではなくなりました: {2}',
  'look what happened: modosu get requests; then: modosu rollback --target {0}':
    '状況を確認してください: modosu get requests。その後: modosu rollback --target {0}',
  '{0} is not as it was when it was put aside: it was written or replaced since':
    '{0} は退避した時点の状態ではありません。その後に書き込まれたか、置き換えられています',
  'look at it on a copy with sqlite3; other ways back: modosu get safety --target {0}':
    'コピーを sqlite3 で確認してください。他に戻せるもの: modosu get safety --target {0}',
  'there was no database before it': 'それ以前にデータベースはありませんでした',
  'it was made without a safety backup, and what it replaced is not there any more':
    '安全バックアップなしで実行され、置き換えたものは既にありません',
  'nothing else of what it replaced is there': '置き換えたものは他に残っていません',
  'what else is there: {0}': '他に残っているもの: {0}',
  'what {0} replaced cannot be put back: {1} is gone; {2}': '{0} が置き換えたものは戻せません: {1}がありません。{2}',
  'its safety backup': '安全バックアップ',
  'when it was deleted: modosu get audit; {0}': '削除された時期の確認: modosu get audit。{0}',
  'modosu rollback --target {0} --to {1}; {2}': 'modosu rollback --target {0} --to {1}。{2}',
  "the last restore of {0}, {1}, was one of {2}; the target's database is {3} now":
    '{0} の最後のリストア {1} は {2} に対するものでしたが、対象のデータベースは現在 {3} です',
  'the state store knows of no restore of {0} that took effect':
    '状態ストアに、{0} で反映されたリストアの記録がありません',
  'what {0} replaced cannot be put back: {1}': '{0} が置き換えたものは戻せません: {1}',
  'restore {0} of {1} is running: what can be undone is known when it has ended':
    '{1} のリストア {0} を実行中です。取り消せる内容は終了後に分かります',
  'modosu wait {0}; then: modosu rollback --target {1}': 'modosu wait {0}。その後: modosu rollback --target {1}',
  'name one yourself: modosu get safety --target {0}, then modosu rollback --target {1} --to NAME; or restore a backup (manual 7.3): modosu restore --latest --target {2}':
    '自分で指定する場合: modosu get safety --target {0} で確認し、modosu rollback --target {1} --to NAME。またはバックアップからリストアしてください（手順書 7.3）: modosu restore --latest --target {2}',
  'restore {0} ({1}) into {2} ({3})': '{0}（{1}）を {2}（{3}）にリストアする',
  'wait for {0}': '{0} を待つ',
  'request {0} ended {1} ({2}) and is not acknowledged':
    'リクエスト {0} は {1} で終了し（{2}）、確認済みにされていません',
  'look: modosu describe request {0}; then: modosu ack {1}':
    '確認: modosu describe request {0}。その後: modosu ack {1}',
  'forgotten by {0}{1}': '一覧から除外: {0}{1}',
  ', or restore it with the application’s own means, which have its key':
    '。または、鍵を持つアプリケーション自身の手段でリストアしてください',
  'the backup {0} cannot be restored: {1}': 'バックアップ {0} をリストアできません: {1}',
  'take the next older backup: modosu get backups --target {0}{1}':
    '次に古いバックアップを使用してください: modosu get backups --target {0}{1}',
  'the restored database was written to before it was rolled back':
    '復元したデータベースがロールバック前に書き込まれました',
  '{0}; it is kept as {1}': '{0}。{1} として保管しています',
  'the verified file stood at the path for a moment, and somebody wrote to it':
    '検証済みのファイルが一時的にパスに置かれ、その間に書き込みがありました',
  'backup set is incomplete: {0}, which is recorded, is gone, and the database is not what its dump says: {1}':
    'バックアップセットが不完全です: 記録にある {0} がなく、データベースがダンプの内容と一致しません: {1}',
  'put {0} back from where the backup was copied, or choose another backup: modosu get backups --target {1}':
    '{0} をコピー元から戻すか、別のバックアップを選択してください: modosu get backups --target {1}',
  ', for which no checksum is recorded': '（チェックサムの記録なし）',
  '{0}, which is recorded, was absorbed by a program that opened the backup: its {1} {2} with {3} rows are those of its dump {4}{5}':
    '記録にある {0} は、バックアップを開いたプログラムに取り込まれています。{2} {1} 個、{3} 行がダンプ {4}{5} と一致します',
  'the application does not run, and servicePolicy None leaves it so':
    'アプリケーションは稼働しておらず、servicePolicy が None のためそのままです',
  '{0} was written to at the last moment before the rollback: {1}':
    'ロールバックの直前に {0} への書き込みがありました: {1}',
  '{0} cannot be removed again: {1}': '{0} を削除できません: {1}',
  'the dump is not the one whose checksum is recorded': 'ダンプのチェックサムが記録と一致しません',
  table: 'テーブル',
  'copy the set to {0}, compare it with {1} ({2}, which is recorded, is gone), verify integrity there':
    'セットを {0} にコピーし、{1} と比較し（記録にある {2} がないため）、整合性を検証する',
} as const satisfies Readonly<Record<string, string>>
