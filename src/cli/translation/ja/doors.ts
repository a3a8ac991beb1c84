/** What the doors say: the HTTP API, the spool, the state store with its audit log. */

export const DOORS = {
  'the header {0} must name who acts': 'ヘッダー {0} に操作者を指定する必要があります',
  'send the login name, percent-encoded: {0}: ops-oncall':
    'ログイン名をパーセントエンコードして送信してください: {0}: ops-oncall',
  'no verdict on {0}': '{0} の検査結果がありません',
  'there is nothing to check': '検査する対象がありません',
  'there is no file': 'ファイルがありません',
  'there is nothing to count': '数える対象がありません',
  '{0} tables': 'テーブル {0} 個',
  'the body is not valid JSON': '本文が正しい JSON ではありません',
  'the body must be a JSON object': '本文は JSON オブジェクトである必要があります',
  '{0} must be a text of at most {1} characters': '{0} は {1} 文字以内のテキストである必要があります',
  'no such route: {0} {1}': '該当する経路がありません: {0} {1}',
  'this daemon does not reload its configuration': 'このデーモンは設定を再読み込みしません',
  'the body is larger than {0} KiB': '本文が {0} KiB を超えています',
  'the body must be JSON or YAML': '本文は JSON または YAML である必要があります',
  'send Content-Type: application/json': 'Content-Type: application/json を送信してください',
  'this daemon prunes nothing': 'このデーモンは削除を行いません',
  'kinds must be a list of kinds of files': 'kinds はファイルの種類のリストである必要があります',
  'kinds are: {0}': '指定できる種類: {0}',
  'send it once; a name that holds a comma is sent percent-encoded':
    '一度だけ送信してください。カンマを含む名前はパーセントエンコードしてください',
  'the header {0} was sent more than once': 'ヘッダー {0} が複数回送信されました',
  'restore request not found: {0}': 'リストアリクエストが見つかりません: {0}',
  'list them: modosu get requests': '一覧を確認: modosu get requests',
  "longer than the {0} bytes that a unix socket's path may have": 'Unix ソケットのパスの上限 {0} バイトを超えています',
  'cannot listen on {0}: {1}': '{0} で待ち受けできません: {1}',
  'set api.socket to a path of your own in the configuration': '設定の api.socket に専用のパスを指定してください',
  'something that is not a socket is there': 'ソケットではないものがあります',
  'another daemon answers on it': '別のデーモンが応答しています',
  'this daemon verifies no backups on demand': 'このデーモンは要求に応じたバックアップの検査を行いません',
  'run it beside the files: modosu verify BACKUP': 'ファイルのあるマシンで実行してください: modosu verify BACKUP',
  'no file of the spool holds this request any more': 'このリクエストを含むスプールのファイルはもうありません',
  '{0} is changing': '{0} は変更中です',
  '{0} holds no valid request of this name now: mend it, or remove it to cancel':
    '{0} に、この名前の有効なリクエストがありません。修正するか、取り消す場合は削除してください',
  '{0} arrived too and is not read yet': '{0} も置かれましたが、まだ読み込まれていません',
  '{0} is open for writing by process {1} ({2})': '{0} はプロセス {1}（{2}）が書き込み用に開いています',
  'it was replaced while it was being read': '読み取り中に差し替えられました',
  'was replaced by an empty one': '空のものに置き換えられました',
  'the spool directory {0} {1}': 'スプールディレクトリ {0}: {1}',
  'is it mounted, and may the daemon read it? until then nothing counts as deleted':
    'マウントされ、デーモンが読み取れるか確認してください。それまでは、どのファイルも削除されたとは見なされません',
  'a named pipe': '名前付きパイプ',
  'the file name contains control characters or is not UTF-8':
    'ファイル名に制御文字が含まれているか、UTF-8 ではありません',
  'rename the file': 'ファイル名を変更してください',
  'is {0}, not a regular file': '通常のファイルではなく{0}です',
  'remove it from the spool': 'スプールから取り除いてください',
  "is owned by user {0}; requests belong to root or to the daemon's user":
    'ユーザー {0} が所有しています。リクエストは root またはデーモンのユーザーが所有する必要があります',
  'chown the file': 'ファイルの所有者を変更してください（chown）',
  'has {0} hard links: it may be a file from elsewhere, and may be changed from there':
    'ハードリンクが {0} 個あります。別の場所のファイルで、そこから変更される可能性があります',
  'copy the request into the spool instead of linking it': 'リンクではなく、リクエストをスプールにコピーしてください',
  'everybody may write to the file': '誰でもファイルに書き込めます',
  'chmod o-w the file': 'chmod o-w をファイルに実行してください',
  'is a link that leads in a circle': '循環するリンクです',
  'is a link that leads nowhere': 'リンク先が存在しません',
  'copy the request into the spool': 'リクエストをスプールにコピーしてください',
  'is a link that leads out of the spool': 'スプールの外を指すリンクです',
  'the daemon may not read the file': 'デーモンがファイルを読み取れません',
  'chmod or chown the file': 'ファイルのモードか所有者を変更してください（chmod、chown）',
  'edit or remove the file in the spool; it is read again at once. Check it with: {0}':
    'スプールのファイルを編集するか取り除いてください。直ちに再読み込みされます。検査: {0}',
  'the spool cannot be read now, so nobody knows whether the file of this request still holds it':
    'スプールを読み取れないため、このリクエストのファイルがまだあるか分かりません',
  '{0} (document {1})': '{0}（文書 {1}）',
  'record {0} is missing: it was removed, and record {1} comes in its place':
    '記録 {0} がありません。削除され、記録 {1} がその位置にあります',
  'record {0} does not follow the one before it: one of them was edited, removed or reordered':
    '記録 {0} が直前の記録に続いていません。どちらかが編集、削除、または並べ替えられています',
  'record {0} was edited: its content does not have the hash that it carries':
    '記録 {0} が編集されています。内容がハッシュと一致しません',
  'the audit log cannot be read: {0}': '監査ログを読み取れません: {0}',
  'look at the files, and keep them: ls -l {0}': 'ファイルを確認し、保管してください: ls -l {0}',
  'the file audit.heads, which witnesses every record from record 1 on, is missing':
    '記録 1 以降のすべての記録を証明する audit.heads がありません',
  'line {0} of audit.heads was edited': 'audit.heads の {0} 行目が編集されています',
  'the line of record {0} was removed from audit.heads': '記録 {0} の行が audit.heads から削除されています',
  'record {0}, written at {1}, is missing: it was removed or the log was cut off':
    '{1} に書き込まれた記録 {0} がありません。削除されたか、ログが切り詰められています',
  'record {0} is not the one that was written at {1}: it was replaced or edited':
    '記録 {0} は {1} に書き込まれたものではありません。置換または編集されています',
  'record {0} is missing: the log was cut off, it reached record {1}':
    '記録 {0} がありません。ログが切り詰められています（記録 {1} までありました）',
  'the state store has schema version {0}, this program knows up to {1}':
    '状態ストアのスキーマバージョンは {0} ですが、このプログラムは {1} まで対応しています',
  'install the version that wrote it, or a newer one': '書き込んだバージョン、またはそれ以降をインストールしてください',
  'the state store {0} cannot be read: {1}': '状態ストア {0} を読み取れません: {1}',
  'it is damaged, or no state store: docs/state-store-lost.md tells how to go on without it':
    '破損しているか、状態ストアではありません。それなしで続ける手順: docs/state-store-lost.md',
  'run the command as root or as a member of the group that owns the state directory':
    'root、または状態ディレクトリを所有するグループのユーザーで実行してください',
  'no state store at {0}': '状態ストアがありません: {0}',
  'start the daemon once (modosu daemon --config FILE), or name the right configuration with --config':
    'デーモンを一度起動するか（modosu daemon --config FILE）、正しい設定を --config で指定してください',
  'audit.heads witnesses {0} audit records that the state store does not have, the first of them number {1}, written at {2}':
    'audit.heads には状態ストアにない監査記録が {0} 件あります。最初のものは {1} 番で、{2} に書き込まれています',
  'tells of a request that the state store does not know ({0})': '状態ストアにないリクエスト（{0}）の記録があります',
  'tells of a later edit than the state store knows': '状態ストアより新しい編集の記録があります',
  'says {0}, and the state store says {1}': '{0} とありますが、状態ストアでは {1} です',
  '{0} tells of a restore that came to {1} and that the state store does not know of':
    '{0} に、状態ストアにない {1} まで進んだリストアの記録があります',
  'request received': 'リクエストを受け付けました',
  'spec edited before the start': '開始前に spec が編集されました',
  'request {0} is in phase {1}, not {2}': 'リクエスト {0} はフェーズ {2} ではなく {1} です',
  'no edge leads from {0} to {1}': '{0} から {1} への遷移はありません',
  'request {0} is not stored': 'リクエスト {0} は保存されていません',
  'the state store {0} cannot be used: {1}': '状態ストア {0} を使用できません: {1}',
  'set it aside and start anew: mkdir {0}.damaged && mv {1}/modosu.db* {2}/audit.heads {3}.damaged/   (the requests of the spool are then held until somebody approves them, and what an unfinished restore left beside a database is named at the start: docs/state-store-lost.md)':
    '退避して新しく開始してください: mkdir {0}.damaged && mv {1}/modosu.db* {2}/audit.heads {3}.damaged/   （スプールのリクエストは承認されるまで保留され、未完了のリストアがデータベースの隣に残したものは起動時に表示されます: docs/state-store-lost.md）',
  'look at its directory, file system and space: ls -la {0}; df -h {1}':
    'ディレクトリ、ファイルシステム、空き容量を確認してください: ls -la {0}、df -h {1}',
  'too many requests; try again in {0} s': 'リクエストが多すぎます。{0} 秒後に再試行してください',
  'wait, then try again': 'しばらく待ってから再試行してください',
  'the daemon is stopping': 'デーモンは停止処理中です',
  'try again in a few seconds': '数秒後に再試行してください',
  'cannot listen on {0}:{1}: {2}': '{0}:{1} で待ち受けできません: {2}',
  'set another api.listen, or stop what listens there':
    '別の api.listen を指定するか、そこで待ち受けているものを停止してください',
  'give PEM files that the daemon may read: api.tls.cert, api.tls.key':
    'デーモンが読み取れる PEM ファイルを指定してください: api.tls.cert、api.tls.key',
  'no usable certificate and key in {0}: {1}': '{0} に使用できる証明書と鍵がありません: {1}',
  'the certificate chain and its private key, both PEM, the key without a passphrase':
    '証明書チェーンと秘密鍵（いずれも PEM、鍵はパスフレーズなし）が必要です',
  '{0} must be a text that is not empty': '{0} は空でないテキストである必要があります',
  '{0} {1} refused: {2}': '{0} {1} は拒否されました: {2}',
  'unknown route': '不明な経路',
  '{0} failed: {1}': '{0} は失敗しました: {1}',
  '{0} verified': '{0} を検証しました',
  'configuration reloaded': '設定を再読み込みしました',
  'configuration not reloaded: {0}': '設定を再読み込みできませんでした: {0}',
  '{0} gave the password again for {1}': '{0} が {1} のためにパスワードを再入力しました',
  'asked to prune: {0} deleted, {1} spared, {2} failed': '削除の依頼: 削除 {0}、対象外 {1}、失敗 {2}',
  'the database was restored since the token was issued: log in to the application again':
    'トークンの発行後にデータベースがリストアされています。アプリケーションに再度ログインしてください',
  'the keys of the application cannot be fetched': 'アプリケーションの鍵を取得できません',
  'a user of Modosu itself can log in without them: modosu user add NAME --role admin':
    'Modosu 自身のユーザーであれば鍵がなくてもログインできます: modosu user add NAME --role admin',
  'no usable key in {0}: {1}': '{0} に使用できる鍵がありません: {1}',
  'auth.jwt: secretFile holds the secret alone, publicKeyFile a PEM, jwksFile a JSON Web Key Set':
    'auth.jwt: secretFile には秘密の値だけ、publicKeyFile には PEM、jwksFile には JSON Web Key Set を置きます',
  'the secret in {0} has {1} bits, and {2} is the least': '{0} の秘密の値は {1} ビットです（{2} ビット以上必要）',
  'the secret in {0} repeats itself': '{0} の秘密の値が繰り返しになっています',
  'RS256 takes an RSA key': 'RS256 には RSA の鍵が必要です',
  'the key in {0} has {1} bits, and {2} is the least': '{0} の鍵は {1} ビットです（{2} ビット以上必要）',
  'ES256 takes a key on the curve P-256': 'ES256 には P-256 曲線の鍵が必要です',
  'a secret that can be guessed lets anybody be the admin: openssl rand -base64 48':
    '推測できる秘密の値では誰でも管理者になれます: openssl rand -base64 48',
  'The users of Modosu itself, written by modosu user.': 'Modosu 自身のユーザー（modosu user が書き込みます）。',
  'The users.': 'ユーザー。',
  'Who has changed the users last by modosu user.': '最後に modosu user でユーザーを変更した人。',
  'The account, or the person behind sudo.': 'アカウント、または sudo を実行した人。',
  'The user number of the process.': 'プロセスのユーザー番号。',
  'When, RFC 3339 in UTC.': '日時（RFC 3339、UTC）。',
  'The login name.': 'ログイン名。',
  'A scrypt hash.': 'scrypt のハッシュ。',
  'Role by target; * is every target.': '対象ごとのロール（* はすべての対象）。',
  'May not log in.': 'ログインできません。',
  'others may use {0}': '{0} を他のユーザーが使用できます',
  '{0} belongs to user {1}, who is neither root nor the daemon':
    '{0} はユーザー {1} のもので、root でもデーモンでもありません',
  'nobody can prove who calls here': 'ここでは呼び出し元を証明できません',
  'it is not ours': 'このデーモンのものではありません',
  'write it with: modosu user': '次のコマンドで書き込んでください: modosu user',
  '{0}: the file is empty': '{0}: ファイルが空です',
  '{0}: the user {1} is there twice': '{0}: ユーザー {1} が重複しています',
} as const satisfies Readonly<Record<string, string>>
