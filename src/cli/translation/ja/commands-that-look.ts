/** What the commands say that only look: their help and their results. */

export const COMMANDS_THAT_LOOK = {
  'targets, requests, safety backups and backups': '対象、リクエスト、安全バックアップ、バックアップ',
  'conditions, checks, events, and the next command': '状態、チェック、イベント、次のコマンド',
  checksum: 'チェックサム',
  integrity: '整合性',
  tables: 'テーブル',
  'prove that the audit log is as it was written': '監査ログが改ざんされていないことを確認する',
  'The audit log is a chain of hashes; what it holds is shown by: modosu get audit.':
    '監査ログはハッシュの連鎖です。内容は modosu get audit で表示します。',
  'is the chain whole?': '連鎖が保たれているかを確認する',
  'follow the chain of hashes from the first record to the last':
    '最初の記録から最後の記録までハッシュの連鎖を確認する',
  'Finds a record of the audit log that was edited, removed, reordered or cut off, and says which. The hashes stand in two places, the audit table and STATE/audit.heads; the log of the daemon is the third: somebody who could forge both cannot forge the journal. Give --head the auditHead that it shows for the last restore.':
    '編集、削除、並べ替え、切り詰めが行われた監査ログの記録を検出し、どれかを示します。ハッシュは監査テーブルと STATE/audit.heads の 2 か所にあり、デーモンのログが 3 か所目です。両方を偽造できる者でもジャーナルは偽造できません。最後のリストアについてログが示す auditHead を --head に指定してください。',
  'the hash that some record must have, from the log of the daemon':
    'いずれかの記録が持つべきハッシュ（デーモンのログの値）',
  'and does it still reach that record?': 'その記録まで揃っているかも確認する',
  'no record has the hash {0}: the log was cut off, or is another one':
    'ハッシュ {0} を持つ記録がありません。ログが切り詰められたか、別のログです',
  '{0} records, the chain is whole; head {1}': '{0} 件の記録があり、連鎖は保たれています。末尾のハッシュ: {1}',
  'the audit log was tampered with: {0}': '監査ログが改ざんされています: {0}',
  'keep the evidence before anything else: cp -a {0} {1}.evidence; then compare with what the daemon logged at each restore: journalctl -u modosu | grep auditHead; modosu explain AuditTampered says how to go on':
    '最初に証拠を保全してください: cp -a {0} {1}.evidence。次に、各リストアでデーモンが記録した値と比較してください: journalctl -u modosu | grep auditHead。以降の手順: modosu explain AuditTampered',
  'print a completion script for a shell': 'シェルの補完スクリプトを出力する',
  'Prints a script that completes commands, options, and the names of requests, backups and targets.':
    'コマンド、オプション、リクエスト・バックアップ・対象の名前を補完するスクリプトを出力します。',
  'which shell': 'シェルの種類',
  'for everybody on this machine': 'このマシンの全ユーザー向け',
  'for this shell alone': 'このシェルだけに適用する',
  'show everything about one request, backup or target': 'リクエスト、バックアップ、対象の詳細を表示する',
  'Shows everything that is known of one request (its story and what to do next), backup or target.':
    'リクエスト（経緯と次の操作）、バックアップ、対象について分かっていることをすべて表示します。',
  'what it is, or KIND/NAME': '種類、または KIND/NAME',
  'names, as `modosu get` lists them': '`modosu get` で表示される名前',
  'backup: of this target': 'backup: この対象のもの',
  'several, of several kinds': '複数の種類をまとめて表示する',
  'why a backup cannot be restored': 'バックアップをリストアできない理由',
  'how far back one would have to go now': '現時点でどこまで戻れるか',
  'which {0}? a name is missing': '{0} の名前が指定されていません',
  'list them: modosu get {0}': '一覧を確認: modosu get {0}',
  'KIND/NAME is expected, not {0}': 'KIND/NAME の形式で指定してください: {0}',
  'a {0} cannot be described': '{0} は describe で表示できません',
  'kinds are: {0}; for the others: modosu get {1} -o yaml': '指定できる種類: {0}。その他: modosu get {1} -o yaml',
  'compare manifests with what the daemon has stored': 'マニフェストをデーモンに保存された内容と比較する',
  'Compares each manifest, its defaults filled in, with the stored request of its name. Exit code 0: the same; 1: different, or not stored yet.':
    '既定値を補った各マニフェストを、同名の保存済みリクエストと比較します。終了コード 0: 同一、1: 差異あり、または未保存。',
  'files; - for the standard input': 'ファイル（- は標準入力）',
  'what an edit would change': '編集による変更点',
  'what uses the disk, and what pruning would free': 'ディスクの使用状況と、削除で空く容量を表示する',
  'Shows for each target the file systems of its database, its backups and the daemon’s state (as df does), what lies there (as du does), and for each kind of file what `modosu prune` would free now. Changes nothing.':
    '対象ごとに、データベース・バックアップ・デーモンの状態ディレクトリのファイルシステム（df 相当）、そこにあるファイルの容量（du 相当）、種類ごとに `modosu prune` で空く容量を表示します。何も変更しません。',
  'only this target': 'この対象だけ',
  'when a restore is refused for want of space (manual 8.4)': '空き容量不足でリストアが拒否されたとき（手順書 8.4）',
  'there is no state store yet, so it is not known what may be deleted':
    '状態ストアがまだないため、削除できるものは不明です',
  'show what happened, oldest first': '発生した事象を古い順に表示する',
  'Shows events: every step of every restore, and every file of the spool that was refused.':
    'イベントを表示します。各リストアの各ステップと、拒否されたスプールのファイルが対象です。',
  'only those of this request': 'このリクエストのものだけ',
  'only those of this target': 'この対象のものだけ',
  'only the newest n': '新しいほうから n 件だけ',
  'the story of one restore': 'リストア 1 件の経緯',
  'follow everything that happens': '発生する事象を継続して表示する',
  'explain a field or a reason': '項目または理由を説明する',
  'Explains a field of a request (spec.source.latest), of the configuration (configuration.targets.hooks), or a reason that a status, an event or an error has given (ChecksumMismatch): cause, check and remedy of the manual.':
    'リクエストの項目（spec.source.latest）、設定の項目（configuration.targets.hooks）、またはステータス・イベント・エラーに表示された理由（ChecksumMismatch）を説明します。理由については手順書の原因・確認方法・対処を表示します。',
  'a path, or a reason; nothing: the request itself': '項目のパスまたは理由。省略時はリクエスト全体',
  'what can be restored, and how to say it': 'リストア元として指定できるものと書き方',
  'what a target may say': '対象に指定できる項目',
  'what it means and what to do': '意味と対処',
  'neither a field nor a reason: {0}': '該当する項目または理由がありません: {0}',
  'begin with: modosu explain': 'まず実行: modosu explain',
  'did you mean {0}?': 'もしかして: {0}',
  '(the whole document)': '（文書全体）',
  'list requests, backups, safety backups, targets, audit records or events':
    'リクエスト、バックアップ、安全バックアップ、対象、監査記録、イベントを一覧表示する',
  'Lists what there is: requests (restores asked for), backups (sets that can be restored, and why one cannot), safety (copies made before a restore), targets (databases), audit (who did what), events (what happened). Types and their short names: {0}; all: the first four.':
    '一覧を表示します。requests（リストアのリクエスト）、backups（リストアできるバックアップセット、できない場合はその理由）、safety（リストア前に作成されたコピー）、targets（データベース）、audit（操作の記録）、events（発生した事象）。種類と短縮名: {0}。all は最初の 4 種類です。',
  'what to list: TYPE, TYPE,TYPE, all, or TYPE/NAME': '一覧の対象: TYPE、TYPE,TYPE、all、または TYPE/NAME',
  'only those of these names; of audit and events: those of these requests':
    'この名前のものだけ（audit と events ではこのリクエストのもの）',
  'requests: only those in this phase': 'requests: このフェーズのものだけ',
  'every restore that was ever asked for': 'これまでのすべてのリストア',
  'which backups can be restored, newest first': 'リストアできるバックアップ（新しい順）',
  'one request with its status, as YAML': 'リクエスト 1 件とそのステータスを YAML で表示する',
  'by label and by field': 'ラベルと項目で絞り込む',
  'one field of each': '各リクエストの 1 項目',
  'follow all requests; end with Ctrl-C': 'すべてのリクエストを継続して表示する（Ctrl-C で終了）',
  'the last ten audit records, for jq': '最新の監査記録 10 件を jq 向けに表示する',
  'go on printing what is new or has changed': '追加・変更されたものを継続して表示する',
  "only those with these labels: a=b, a!=b, 'a in (b, c)', a, '!a'":
    "このラベルのものだけ: a=b、a!=b、'a in (b, c)'、a、'!a'",
  'only those with these fields, of -o json: status.phase=Failed': '-o json の項目で絞り込む: status.phase=Failed',
  'in the order of a field of -o json: .metadata.name': '-o json の項目の順に並べる: .metadata.name',
  'a table without its first line': '見出し行のない表',
  'one type, or one name, can be watched': '監視できるのは 1 種類または 1 件だけです',
  'A whole number from 1 is expected.': '1 以上の整数を指定してください。',
  'what the daemon logged about a request': 'リクエストに関するデーモンのログ',
  'Prints the lines of the daemon’s log that are about a request: from the journal of its unit, or from a file or the standard input with the JSON lines that the daemon prints where systemd does not run it.':
    'リクエストに関するデーモンのログを表示します。ユニットのジャーナルから、または systemd を使用しない場合はデーモンが出力する JSON 行を含むファイルか標準入力から読み取ります。',
  'its name': 'リクエスト名',
  'a file with the daemon’s log; - for the standard input': 'デーモンのログファイル（- は標準入力）',
  'the daemon’s unit': 'デーモンのユニット',
  'go on printing new lines of the journal': 'ジャーナルの新しい行を継続して表示する',
  'text, or json: the lines as they are': 'text、または json（行をそのまま）',
  'from the journal; journalctl may ask for a group': 'ジャーナルから（journalctl にグループ権限が必要な場合がある）',
  'of a daemon that systemd does not run': 'systemd で実行していないデーモンの場合',
  'for jq': 'jq 向け',
  'not a format of logs: {0}': 'ログの形式として指定できません: {0}',
  '-o text, or -o json': '-o text または -o json',
  'the log cannot be read: {0}': 'ログを読み取れません: {0}',
  "name the daemon's log: modosu logs {0} --file FILE; or what is stored of it: modosu events --for {1}":
    'デーモンのログを指定してください: modosu logs {0} --file FILE。保存済みのイベント: modosu events --for {1}',
  'no line about {0}; what is stored of it: modosu events --for {1}':
    '{0} に関する行はありません。保存済みのイベント: modosu events --for {1}',
  'print the JSON Schema of requests or of the configuration': 'リクエストまたは設定の JSON Schema を出力する',
  'Prints the JSON Schema of requests or of the configuration, or the Kubernetes CustomResourceDefinition.':
    'リクエストまたは設定の JSON Schema、もしくは Kubernetes の CustomResourceDefinition を出力します。',
  'which one': '出力するもの',
  'for an editor, beside the requests': 'エディター向け（リクエストと同じ場所に置く）',
  'the same resource in a cluster': 'クラスターでの同じリソース',
  'whether the state store is the one that was written last': '状態ストアが最後に書き込まれたものかどうかを表示する',
  'Tells whether the state store is older than what was seen of it before, such as after it was put back from a backup. Then nothing runs: requests that wait in it may have run already.':
    '状態ストアが、以前に確認された状態より古くなっていないか（バックアップから戻された場合など）を表示します。古い場合は何も実行されません。待機中のリクエストが既に実行済みの可能性があるためです。',
  'what shows that it is older, and which requests are held': '古いと判断した根拠と、保留中のリクエスト',
  'go on with it; asks first. What is held stays held': 'このまま使用する（確認あり）。保留中のものは保留のまま',
  'go on with a state store that is older': '古い状態ストアの使用を承認する',
  'Accepts the state store as it is: requests that come from now on run, and retention works again. What is held stays held, each until it is approved or cancelled.':
    '状態ストアを現状のまま承認します。以後のリクエストは実行され、保持ポリシーも再開します。保留中のものは、個別に承認または取り消すまで保留のままです。',
  'without asking': '確認なし',
  'the state store is the one that was written last': '状態ストアは最後に書き込まれたものです',
  'the state store is older than what was seen of it before; everything is held since {0}':
    '状態ストアが以前に確認された状態より古くなっています。{0} からすべて保留しています',
  'go on with it: modosu state accept   (docs/runbooks/ModosuStateRolledBack.md)':
    'このまま使用する場合: modosu state accept   （docs/runbooks/ModosuStateRolledBack.md）',
  'held: {0} ({1}, target {2})': '保留中: {0}（{1}、対象 {2}）',
  'Go on with this state store?': 'この状態ストアを使用しますか?',
  'accepted: what comes from now on runs; what is held waits for modosu approve NAME or modosu cancel NAME':
    '承認しました。以後のリクエストは実行されます。保留中のものは modosu approve NAME または modosu cancel NAME を待ちます',
  'check manifests, or the configuration, without a daemon': 'デーモンを使わずにマニフェストまたは設定を検査する',
  'Checks manifests as the daemon would read them and prints what is wrong where; of a file that lies in the spool also whether its owner, mode, kind and name are what the spool takes. Names of targets are checked too where a configuration is found, and requests for other nodes are named. Exit code 7 when anything is invalid. Without files it checks the configuration itself, as the daemon does when it starts; exit code 2 when that is invalid.':
    'デーモンと同じ方法でマニフェストを検査し、誤りとその位置を表示します。スプール内のファイルについては、所有者・モード・種類・名前がスプールの条件を満たすかも検査します。設定が見つかる場合は対象の名前も検査し、他のノード向けのリクエストを示します。不正なものがあれば終了コード 7 です。ファイルを指定しない場合は、デーモンの起動時と同じく設定自体を検査し、不正であれば終了コード 2 です。',
  'before it goes into the spool': 'スプールに置く前に検査する',
  'in CI, over a whole repository': 'CI でリポジトリ全体を検査する',
  'the configuration, before the daemon is started with it': 'デーモンを起動する前に設定を検査する',
  '{0}; so the spool would refuse it as it is': '{0}。このままではスプールに拒否されます',
  '{0}: {1}: confirm is false, so it would be rejected': '{0}: {1}: confirm が false のため、拒否されます',
  '{0}: {1}: for {2}; this is {3}, which leaves it alone':
    '{0}: {1}: {2} 向けです。このノード（{3}）では実行されません',
  'no target {0} in {1}': '対象 {0} は {1} にありません',
  'targets are: {0}': '対象の一覧: {0}',
  'file exists': 'ファイルの存在',
  'size is not 0': 'サイズが 0 でない',
  'check a backup without restoring it': 'リストアせずにバックアップを検査する',
  'Checks a backup on a copy: it exists, is not empty, has its recorded checksum, passes integrity_check and holds tables. Nothing in the backup directory is changed. Exit code 7 when a check fails.':
    'コピーを使ってバックアップを検査します。存在すること、空でないこと、記録されたチェックサムと一致すること、integrity_check に合格すること、テーブルを含むことを確認します。バックアップディレクトリは変更しません。不合格の場合は終了コード 7 です。',
  'a backup id, or the name of a safety backup': 'バックアップID、または安全バックアップの名前',
  'of this target': 'この対象のもの',
  'before you need it': '必要になる前に確認する',
  'a safety backup (manual 5.4)': '安全バックアップ（手順書 5.4）',
  'not recorded: the daemon, which keeps the verdicts, is not running':
    '記録されませんでした: 結果を保持するデーモンが動作していません',
  'print the versions of this program, of Node and of SQLite': 'このプログラム、Node、SQLite のバージョンを表示する',
  'Prints the versions of this program, of Node and of the SQLite that is built into it.':
    'このプログラム、Node、および組み込まれている SQLite のバージョンを表示します。',
  'for a bug report or a script': '不具合の報告やスクリプト向け',
  'Waits for a request. Exit code 0 means that what was waited for is so; without --for that is success and nothing else. A request that ends otherwise gives its own exit code at once, and so does one whose file was refused; a name that no request and no file of the spool has ends with 5, unless it is waited for with --for=create.':
    'リクエストを待機します。終了コード 0 は、待機した状態になったことを示します。--for を省略した場合は成功だけを意味します。別の結果で終了したリクエストと、ファイルが拒否されたリクエストは、その時点でそれぞれの終了コードになります。どのリクエストにもスプールのファイルにもない名前は、--for=create で待機する場合を除き終了コード 5 です。',
  'their names; one after the other': 'リクエスト名（順に待機する）',
  'condition=TYPE[=False], phase=PHASE, terminal, or create':
    'condition=TYPE[=False]、phase=PHASE、terminal、または create',
  'give up after': '待機を打ち切るまでの時間',
  'show the five steps meanwhile': '待機中に 5 つのステップを表示する',
  'in a script: go on only when the restore has succeeded': 'スクリプト向け: リストアが成功した場合だけ続行する',
  'follow a restore that somebody else has started': '他の人が開始したリストアを表示する',
  'until the database is about to be replaced': 'データベースの差し替え直前まで待つ',
  'until its file has come and was read': 'ファイルが置かれて読み込まれるまで待つ',
  'however it ends; the exit code tells how': '結果にかかわらず終了まで待つ（終了コードが結果を示す）',
  'Allowed are condition=TYPE, condition=TYPE=False, phase=PHASE, terminal and create.':
    '指定できる値は condition=TYPE、condition=TYPE=False、phase=PHASE、terminal、create です。',
  'A duration is expected, such as 90s, 15m or 1h.': '時間を指定してください（例: 90s、15m、1h）。',
  'choose another backup: modosu get backups --target {0}':
    '別のバックアップを選択してください: modosu get backups --target {0}',
  'wait until a request has succeeded, or until something else is so':
    'リクエストが成功するまで、または指定した状態になるまで待機する',
} as const satisfies Readonly<Record<string, string>>
