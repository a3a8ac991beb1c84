/** What the command line says besides its commands. */

export const COMMAND_LINE = {
  'name a type': '種類を指定してください',
  'Examples:': '例:',
  'modosu has no command {0}': 'modosu に {0} というコマンドはありません',
  '({0} ago)': '（{0}前）',
  '({0} old)': '（{0}経過）',
  missing: '存在しません',
  required: '必須',
  'no answer within {0} s': '{0} 秒以内に応答がありません',
  'permission denied: {0}': 'アクセスが拒否されました: {0}',
  "run it with sudo, or as a member of the socket's group (ls -l {0})":
    'sudo を付けるか、ソケットのグループに属するユーザーで実行してください（ls -l {0}）',
  'the daemon does not answer on {0}{1}': 'デーモンが応答しません: {0}{1}',
  'look: systemctl status modosu; start it: systemctl start modosu, or modosu daemon --config {0}':
    '確認: systemctl status modosu、起動: systemctl start modosu または modosu daemon --config {0}',
  'the answer is too large': '応答が大きすぎます',
  'HTTP {0} without a JSON body': 'JSON の本文がない応答です（HTTP {0}）',
  'the daemon answered HTTP {0}': 'デーモンが HTTP {0} を返しました',
  'a restore without a safety backup must be confirmed on the command line':
    '安全バックアップなしのリストアは、コマンドラインで明示的に確認する必要があります',
  'there is no terminal to ask on': '確認のための端末がありません',
  'say --yes once you are sure': '確実であれば --yes を指定してください',
  '{0}\nthe configuration has a mistake; used is what the daemon last took, {1}':
    '{0}\n設定に誤りがあります。デーモンが最後に読み込んだ内容を使用します: {1}',
  'no configuration at {0}': '設定ファイルがありません: {0}',
  'name it with --config FILE, or set MODOSU_CONFIG': '--config FILE で指定するか、MODOSU_CONFIG を設定してください',
  'which target? the configuration has several': '対象を指定してください。設定には複数の対象があります',
  'target not found: {0}': '対象が見つかりません: {0}',
  '{0}targets are: {1}': '{0}対象の一覧: {1}',
  '(in the future)': '（未来の日時）',
  '{0} (database file alone: {1})': '{0}（データベースファイルのみ: {1}）',
  'hint: {0}': '対処: {0}',
  'modosu verify {0} --target {1}   # checksum and integrity, nothing is changed':
    'modosu verify {0} --target {1}   # チェックサムと整合性を検査する（何も変更しない）',
  '{0} --dry-run   # the plan alone': '{0} --dry-run   # 計画だけを表示する',
  '{0}: the file could not be read': '{0}: ファイルを読み取れませんでした',
  'modosu validate -f {0}   # check the mended file; the daemon reads it again by itself':
    'modosu validate -f {0}   # 修正したファイルを検査する（デーモンは自動的に再読み込みする）',
  'modosu explain {0}   # cause, check and remedy': 'modosu explain {0}   # 原因・確認方法・対処',
  'yes, until somebody approves it': 'はい（承認されるまで）',
  'yes, until somebody resumes it': 'はい（再開されるまで）',
  'NO: a failed restore is not rolled back': 'なし: リストアに失敗してもロールバックされません',
  'yes: SQLite could not read the database': 'はい: SQLite でデータベースを読み取れませんでした',
  '{0}ms, until it was healthy': '{0}ms（正常性が確認されるまで）',
  'step {0} of 5, {1} of {2}': 'ステップ {0}/5、{1}/{2}',
  'when recorded': '記録がある場合',
  '{0} of {1} used within {2}': '{2} 以内の上限 {1} 回のうち {0} 回使用',
  'how to print': '出力形式',
  'a request is its file: edit that in the spool while it waits (modosu describe request NAME names it), or cancel it and submit another':
    'リクエストはファイルそのものです。待機中にスプールのファイルを編集するか（ファイル名: modosu describe request NAME）、取り消して新しく送信してください',
  'a request is its file: edit that in the spool while it waits, or cancel it and submit another':
    'リクエストはファイルそのものです。待機中にスプールのファイルを編集するか、取り消して新しく送信してください',
  'nothing runs inside a request; look at a backup on a copy: modosu verify BACKUP':
    'リクエストの中で実行できるものはありません。バックアップはコピーで検査できます: modosu verify BACKUP',
  'modosu rollback --target TARGET undoes a restore; modosu wait NAME --progress follows one':
    'リストアの取り消し: modosu rollback --target TARGET、経過の表示: modosu wait NAME --progress',
  'a restore runs once; how many run at the same time is concurrency of the configuration':
    'リストアは一度だけ実行されます。同時実行数は設定の concurrency で指定します',
  'labels stand in metadata.labels of the manifest': 'ラベルはマニフェストの metadata.labels に記述します',
  'annotations stand in metadata.annotations of the manifest': '注釈はマニフェストの metadata.annotations に記述します',
  'modosu disk for space; modosu get requests -w for what runs':
    '容量: modosu disk、実行中のもの: modosu get requests -w',
  'modosu restore BACKUP --drill rehearses a restore; the files of a backup: modosu describe backup ID':
    'リストアの訓練: modosu restore BACKUP --drill、バックアップのファイル: modosu describe backup ID',
  'metrics.listen of the configuration says where /metrics is': '/metrics の場所は設定の metrics.listen で指定します',
  'the configuration is one file: modosu --config FILE; modosu explain configuration':
    '設定は 1 つのファイルです: modosu --config FILE、modosu explain configuration',
  'who may ask for restores: whoever may write into the spool, or to the control socket':
    'リストアを依頼できるのは、スプールまたは制御ソケットに書き込めるユーザーです',
  'modosu get requests, modosu describe request NAME; of the daemon: systemctl status modosu':
    'modosu get requests、modosu describe request NAME。デーモン: systemctl status modosu',
  'of the daemon: systemctl start modosu; of a request: modosu resume NAME':
    'デーモン: systemctl start modosu、リクエスト: modosu resume NAME',
  'of the daemon: systemctl stop modosu; of a request: modosu cancel NAME':
    'デーモン: systemctl stop modosu、リクエスト: modosu cancel NAME',
  "for example: -o jsonpath='{.items[*].metadata.name}', '{range .items[*]}{.metadata.name}{\"\\n\"}{end}', '{.items[?(@.status.phase==\"Failed\")].metadata.name}'; for more: -o json | jq":
    "例: -o jsonpath='{.items[*].metadata.name}'、'{range .items[*]}{.metadata.name}{\"\n\"}{end}'、'{.items[?(@.status.phase==\"Failed\")].metadata.name}'。その他: -o json | jq",
  '.. is not supported, write the whole path': '.. は使用できません。パス全体を記述してください',
  'not understood': '解釈できません',
  'this filter is not supported': 'このフィルターは使用できません',
  'this value is not supported': 'この値は使用できません',
  'a brace has no partner': '波括弧が対応していません',
  '{range} without {end}': '{end} のない {range} です',
  '{end} without {range}': '{range} のない {end} です',
  'ja or en; else MODOSU_LANG, the configuration, the locale': 'ja または en。省略時は MODOSU_LANG、設定、ロケールの順',
  'table, wide, json, yaml, name, jsonpath=TEMPLATE, or custom-columns=HEADER:PATH,…':
    'table、wide、json、yaml、name、jsonpath=TEMPLATE、または custom-columns=HEADER:PATH,…',
  'Allowed are {0}, jsonpath=… and custom-columns=….{1}': '指定できる値は {0}、jsonpath=…、custom-columns=… です。{1}',
  ' Did you mean {0}?': ' もしかして: {0}',
  'custom-columns: HEADER:PATH is expected, not {0}.': 'custom-columns: HEADER:PATH の形式で指定してください: {0}',
  'no {0} found': '{0}はありません',
  'the standard input can be read once only': '標準入力は一度しか読み取れません',
  'no manifests in {0}': '{0} にマニフェストがありません',
  'their names end in .yaml, .yml or .json': 'マニフェストの名前は .yaml、.yml、.json のいずれかで終わります',
  'cannot read {0}: {1}': '{0} を読み取れません: {1}',
  'it is a directory': 'ディレクトリです',
  'name its files: -f {0}/*.yaml': '中のファイルを指定してください: -f {0}/*.yaml',
  'name a file, or - for the standard input': 'ファイルを指定してください（- は標準入力）',
  'nothing was submitted; modosu explain spec tells what each field means':
    '何も送信されていません。各項目の意味: modosu explain spec',
  'request {0} is for {1}': 'リクエスト {0} は {1} 向けです',
  '{0}; this is {1}': '{0}。このノード: {1}',
  'nothing was submitted; node.name and node.labels of the configuration say what this node is':
    '何も送信されていません。このノードの名前とラベルは設定の node.name と node.labels で指定します',
  'Restores SQLite databases from declarative RestoreRequests: old or new, never neither.':
    '宣言的な RestoreRequest から SQLite データベースをリストアします。結果は常に元のままか新しいもののどちらかです。',
  'the configuration (default: $MODOSU_CONFIG, then {0})': '設定ファイル（既定: $MODOSU_CONFIG、次に {0}）',
  'print each event while following, and where an unexpected error came from':
    '経過の表示中に各イベントを表示し、想定外のエラーでは発生箇所を表示する',
  'print the version': 'バージョンを表示する',
  '(modosu --help lists the commands, modosu COMMAND --help explains one)':
    '（コマンドの一覧: modosu --help、各コマンドの説明: modosu COMMAND --help）',
  'line {0}: ': '{0} 行目: ',
  'its report says no more': '報告に詳細はありません',
  'which requests? name them, or select them, and not both':
    'リクエストは、名前か選択条件のどちらか一方で指定してください',
  'names: modosu get requests; or -l LABEL=VALUE': '名前の確認: modosu get requests、または -l LABEL=VALUE',
  'there is no type {0}': '{0} という種類はありません',
  '{0}types are: {1}, all': '{0}種類の一覧: {1}、all',
  'all takes no names': 'all に名前は指定できません',
  'several types take no names': '複数の種類を指定した場合、名前は指定できません',
  'name each as TYPE/NAME': 'それぞれ TYPE/NAME の形式で指定してください',
  'TYPE/NAME is expected, as in the words before it, not {0}':
    '前の引数と同じく TYPE/NAME の形式で指定してください: {0}',
  'for example: modosu get request/inc-4711 target/itsm-nexus': '例: modosu get request/inc-4711 target/itsm-nexus',
  'the catalog of {0} cannot be read, its files alone are listed: {1}':
    '{0} のカタログを読み取れないため、ファイルだけを一覧表示します: {1}',
  'by its id alone: {0}': 'ID 指定時のみ: {0}',
  '{0}list them: modosu get requests (those for other nodes, by spec.nodeName or spec.nodeSelector, are not here)':
    '{0}一覧を確認: modosu get requests（spec.nodeName または spec.nodeSelector による他のノード向けのものは表示されません）',
  'file {0}': 'ファイル {0}',
  'safety backup not found: {0}': '安全バックアップが見つかりません: {0}',
  'list them: modosu get safety': '一覧を確認: modosu get safety',
  'name one backup, or say --latest': 'バックアップを 1 つ指定するか、--latest を指定してください',
  'list them: modosu get backups': '一覧を確認: modosu get backups',
  '{0}; the daemon looks for itself': '{0}。デーモンが改めて確認します',
  'none can be restored; why: modosu get backups --target {0}':
    'リストアできるものがありません。理由の確認: modosu get backups --target {0}',
  '{0} cannot be looked at: {1}{2}': '{0} を確認できません: {1}{2}',
  'not a label selector: {0}': 'ラベルの選択条件として解釈できません: {0}',
  "for example: -l team=db, -l 'team in (db, web)', -l team!=db, -l team, -l '!team'":
    "例: -l team=db、-l 'team in (db, web)'、-l team!=db、-l team、-l '!team'",
  'not a field selector: {0}': '項目の選択条件として解釈できません: {0}',
  'for example: --field-selector status.phase=Failed,spec.target!=shop':
    '例: --field-selector status.phase=Failed,spec.target!=shop',
  'its name must end in .yaml, .yml or .json, and be no dotfile and no editor’s leftover':
    '名前は .yaml、.yml、.json のいずれかで終わり、ドットファイルでもエディターの残骸でもない必要があります',
  'the spool ignores a file of this name': 'この名前のファイルはスプールに無視されます',
  '--target NAME, one of: {0}': '--target NAME で次のいずれかを指定してください: {0}',
  'Exit codes:\n   0  done; of wait and restore: the request has succeeded, and nothing else\n   1  unexpected error\n   2  usage, or a configuration that cannot be read\n   3  not finished within the time; the request goes on\n   4  denied\n   5  not found\n   6  busy, or over the rate limit\n   7  rejected, or failed before anything was changed\n  10  failed and rolled back: the database is as it was\n  11  failed and NOT rolled back: act now (modosu rollback)\n  12  cancelled or expired\n\nData goes to stdout, messages to stderr. Reading works with the daemon down.\nMore: modosu explain spec.source, modosu explain REASON, modosu COMMAND --help':
    '終了コード:\n   0  完了。wait と restore では、リクエストが成功した場合だけ\n   1  想定外のエラー\n   2  使用方法の誤り、または読み取れない設定\n   3  時間内に終了しなかった（リクエストは継続する）\n   4  権限がない\n   5  見つからない\n   6  使用中、または実行回数の上限超過\n   7  拒否された、または変更が行われる前に失敗した\n  10  失敗しロールバックされた（データベースは元のまま）\n  11  失敗しロールバックされていない（直ちに対応: modosu rollback）\n  12  取り消された、または期限切れ\n\nデータは標準出力に、メッセージは標準エラー出力に出力されます。参照はデーモン停止中も可能です。\n詳細: modosu explain spec.source、modosu explain REASON、modosu COMMAND --help',
  'warning: {0}': '警告: {0}',
  '--type and --before go with --latest alone': '--type と --before は --latest と併用する場合だけ指定できます',
  'if it equals its dump: {0} is gone': 'ダンプと一致する場合: {0} がありません',
  'Once more: ': 'もう一度入力: ',
  'the two passwords are not the same': '2 回のパスワードが一致しません',
  'no password was given': 'パスワードが入力されていません',
  'Password: ': 'パスワード: ',
} as const satisfies Readonly<Record<string, string>>
