/** What `modosu doctor` says: its help, its findings and what it looked at. */

export const DOCTOR = {
  'why the application or the daemon does not work': 'アプリケーションまたはデーモンが動作しない原因を調べる',
  'Looks at the daemon and at each target: units and their logs, permissions, integrity, tables, schema, ports, disks, clock, who has the database open, state store, spool and configuration. Works with the daemon down, with a mistake in the configuration, and without root, where it says what it could not see. Changes nothing: databases are read on a copy.':
    'デーモンと各対象を調べます: ユニットとそのログ、権限、整合性、テーブル、スキーマ、ポート、ディスク、時計、データベースを開いているプロセス、状態ストア、スプール、設定。デーモンが停止していても、設定に誤りがあっても動作します。root でない場合は、確認できなかったものを示します。何も変更しません（データベースはコピーを読みます）。',
  'only this target, and the daemon': 'この対象とデーモンだけを調べる',
  'leave out what reads whole databases: integrity and schema':
    'データベース全体を読む確認（整合性とスキーマ）を省略する',
  'print the last 50 lines of each log, also of units that run':
    '動作中のユニットも含め、各ログの最後の 50 行を表示する',
  'the application does not start after a restore (manual Q3)':
    'リストア後にアプリケーションが起動しない場合（手順書 Q3）',
  'a first look, in a few seconds': '数秒で終わる最初の確認',
  'for a script: likelyCause.command': 'スクリプト用: likelyCause.command',
  'The first line is the likely cause and the command that mends it, or that looks closer where a person has to decide.\nExit codes, by the gravest finding:\n   0  nothing is wrong, as far as everything could be looked at\n   2  there is no configuration to go by\n   3  something did not answer in time, and nothing else is broken\n   4  something could not be looked at by this user, and nothing else is broken (run it with sudo)\n   6  it works, and will not for long, or not for the next restore\n   7  something is broken':
    '最初の行は、考えられる原因と、それを直すコマンドです。人の判断が必要な場合は、詳しく調べるコマンドです。\n終了コード（最も重大な所見による）:\n   0  問題なし\n   2  使用できる設定がない\n   3  時間内に応答しないものがある（ほかに故障はない）\n   4  このユーザーでは確認できないものがある（ほかに故障はない。sudo で実行してください）\n   6  動作しているが、長くは続かない、または次のリストアができない\n   7  故障している',
  'all is well: {0} checks found nothing wrong': '問題ありません: {0} 件の確認で異常は見つかりませんでした',
  '{0} could not see everything': '{0} 件は全体を確認できませんでした',
  'not everything could be seen': '確認できないものがあります',
  'likely cause': '考えられる原因',
  'left out by --quick': '--quick により省略',
  'the check {0} did not end within {1} s': '確認 {0} が {1} 秒以内に終わりませんでした',
  'the check {0} failed: {1}': '確認 {0} を実行できません: {1}',
  'without a state store no restore is known': '状態ストアがないため、リストアの有無は分かりません',
  'a restore is running and keeps the application down: {0}, phase {1}':
    'リストアの実行中のため、アプリケーションは停止しています: {0}、フェーズ {1}',
  '{0}: no restore so far': '{0}: リストアの履歴なし',
  'the last restore, {0}, failed and was NOT rolled back': '直近のリストア {0} は失敗し、ロールバックもされていません',
  'systemd is not the service manager here': 'このマシンのサービス管理は systemd ではありません',
  'the configuration names no unit and no status command': '設定にユニットも状態確認コマンドもありません',
  'service.command.status: {0}': 'service.command.status の結果: {0}',
  'the application is stopped, as its status command says':
    '状態確認コマンドによると、アプリケーションは停止しています',
  'systemd does not say how {0} is': 'systemd が {0} の状態を返しません',
  'the unit {0} is kept from starting by a restore that is over':
    'ユニット {0} は、終了したリストアにより起動を禁止されたままです',
  'the unit {0} is masked: nothing can start it': 'ユニット {0} はマスクされているため起動できません',
  'there is no unit {0}, which the configuration names as the service of {1}':
    '設定で {1} のサービスとされているユニット {0} がありません',
  'systemd cannot load the unit {0}': 'systemd がユニット {0} を読み込めません',
  'the unit {0} has failed': 'ユニット {0} は失敗しています',
  'the unit {0} is {1}': 'ユニット {0} の状態は {1} です',
  'the configuration names no port of this machine': '設定にこのマシンのポートがありません',
  'port {0}: {1}': 'ポート {0}: {1}',
  'port {0} is taken by pid {1}, which is no process of {2}':
    'ポート {0} は、{2} のプロセスではない PID {1} が使用しています',
  'port {0} is taken by a process of user {1} while {2} does not run':
    '{2} が停止している間、ポート {0} はユーザー {1} のプロセスが使用しています',
  'whose process listens on port {0} cannot be seen by this user':
    'ポート {0} で待ち受けているプロセスは、このユーザーでは確認できません',
  'the configuration names no health check': '設定にヘルスチェックがありません',
  'a restore is running': 'リストアの実行中です',
  'the application does not answer its health check: {0}': 'アプリケーションがヘルスチェックに応答しません: {0}',
  'no time server keeps the system clock': 'システム時計は時刻サーバーと同期していません',
  'the system clock is not believed, so nothing is deleted for its age: {0}':
    'システム時計を信用できないため、経過時間による削除を行いません: {0}',
  'there is no unit {0} here': 'ユニット {0} はありません',
  'systemd does not answer: nothing is known of any unit': 'systemd が応答しないため、ユニットの状態は不明です',
  'the daemon answers on {0}, version {1}': 'デーモンは {0} で応答しています（バージョン {1}）',
  '{0} is not for this user: whether the daemon answers is not known':
    'このユーザーは {0} を使用できないため、デーモンが応答するかどうかは不明です',
  'the daemon takes a connection on {0} and does not answer': 'デーモンは {0} で接続を受け付けますが、応答しません',
  'the unit {0} does not run': 'ユニット {0} は動作していません',
  'the daemon does not run: nobody answers on {0}': 'デーモンが動作していません: {0} に応答がありません',
  'the daemon listens on no TCP port': 'デーモンは TCP ポートを使用していません',
  'the daemon says that it is not ready: {0}': 'デーモンは準備ができていないと報告しています: {0}',
  'who listens on port {0} ({1}) is not known: /proc/net cannot be read':
    '/proc/net を読み取れないため、ポート {0}（{1}）で待ち受けているプロセスは不明です',
  'a process of user {0}': 'ユーザー {0} のプロセス',
  'port {0} ({1}) is taken by {2}: the daemon cannot start':
    'ポート {0}（{1}）は {2} が使用しているため、デーモンは起動できません',
  'the daemon answers on its socket, and nobody listens on {0} ({1})':
    'デーモンはソケットで応答していますが、{0}（{1}）で待ち受けているプロセスがありません',
  'the database {0} is empty: 0 bytes': 'データベース {0} は空です（0 バイト）',
  'the database {0} is a link that leads nowhere': 'データベース {0} はリンク先のないリンクです',
  'the database {0} is not there': 'データベース {0} がありません',
  'the database {0} is not a regular file': 'データベース {0} は通常のファイルではありません',
  'the database {0} cannot be looked at: {1}': 'データベース {0} を確認できません: {1}',
  'there is no database to check': '確認するデータベースがありません',
  'the database {0} is damaged': 'データベース {0} は破損しています',
  'the integrity of {0} cannot be checked by this SQLite': 'この SQLite では {0} の整合性を確認できません',
  'the database {0} has no tables': 'データベース {0} にテーブルがありません',
  'integrity_check: ok, {0} tables, user_version {1}': 'integrity_check: ok、テーブル {0} 個、user_version {1}',
  'the integrity of {0} was not checked: {1}': '{0} の整合性は確認していません: {1}',
  "the application's user {0} may not write to {1}": 'アプリケーションのユーザー {0} は {1} に書き込めません',
  "whether the application's user {0} may write to {1} cannot be seen by this user":
    'アプリケーションのユーザー {0} が {1} に書き込めるかどうかは、このユーザーでは確認できません',
  'the state store': '状態ストア',
  'temporary files': '一時ファイル',
  'the backups': 'バックアップ',
  'the disk of {0} cannot be looked at, {1}: {2}': '{0}のディスクを確認できません。場所 {1}: {2}',
  'the disk of {0} is mounted read-only: {1}': '{0}のディスクは読み取り専用でマウントされています: {1}',
  'the disk of {0} has {1} inodes left, {2}: no file can be made there':
    '{0}のディスクの inode の残りは {1} 個です。{2} にはファイルを作成できません',
  'the disk of {0} is full: {1}': '{0}のディスクに空きがありません: {1}',
  'the unit of the daemon does not let it write to {0} of {1}: {2}':
    'デーモンのユニットの設定により、{1} の{0}に書き込めません: {2}',
  'a restore would be refused: {0} free in {1}, {2} needed':
    'リストアは拒否されます: {1} の空きは {0}、必要な容量は {2}',
  'pid {0} keeps {1} locked: nobody else can write to it':
    'PID {0} が {1} をロックしているため、ほかのプロセスは書き込めません',
  'pid {0}, which is not the application, has {1} open: a restore would be refused':
    'アプリケーションではない PID {0} が {1} を開いているため、リストアは拒否されます',
  'not every process of the machine can be seen from here: somebody else may have {0} open':
    'ここからはマシンの全プロセスを確認できません。ほかのプロセスが {0} を開いている可能性があります',
  'who has {0} open cannot be seen by this user': '{0} を開いているプロセスは、このユーザーでは確認できません',
  'there is no unit whose log could be read': 'ログを読み取れるユニットがありません',
  'the log of {0} cannot be read by this user': '{0} のログは、このユーザーでは読み取れません',
  'the log of the application of {0} names a cause ({1})': '{0} のアプリケーションのログに原因が出ています（{1}）',
  'who may write to {0} cannot be seen by this user': '{0} に書き込めるユーザーは、このユーザーでは確認できません',
  'the daemon does not start while somebody else may write to {0}':
    'ほかのユーザーが {0} に書き込める間、デーモンは起動しません',
  'no backup of {0} can be restored': '{0} のリストア可能なバックアップがありません',
  'the backups in {0} cannot be looked at: {1}': '{0} のバックアップを確認できません: {1}',
  'there is no backup to compare with': '比較するバックアップがありません',
  'the backup {0} cannot be read': 'バックアップ {0} を読み取れません',
  'user_version {0}, {1} tables; {2}: {3}, {4}': 'user_version {0}、テーブル {1} 個。{2}: {3}、{4}',
  "the schema of {0} is older than that of its newest backup {1}: its application's migrations have not run on it":
    '{0} のスキーマは最新のバックアップ {1} より古く、アプリケーションのマイグレーションが適用されていません',
  'tables of the newest backup {0} are missing in {1}': '最新のバックアップ {0} にあるテーブルが {1} にありません',
  'the spool directory {0} is not there': 'スプール {0} がありません',
  "the daemon's user {0} may not read the spool directory {1}":
    'デーモンのユーザー {0} はスプール {1} を読み取れません',
  'as user {0}': 'ユーザー {0} として',
  '{0}: {1} requests, {2} other entries': '{0}: リクエスト {1} 件、その他 {2} 件',
  'whether the daemon can read the spool directory {0} is not known: {1}':
    'デーモンがスプール {0} を読み取れるかどうかは不明です: {1}',
  'everybody may remove requests from the spool directory {0}': '誰でもスプール {0} からリクエストを削除できます',
  'the spool refuses {0}: {1}': 'スプールは {0} を拒否しています: {1}',
  'the state directory {0} is not there': '状態ディレクトリ {0} がありません',
  "the daemon's user {0} may not write to {1}": 'デーモンのユーザー {0} は {1} に書き込めません',
  'whether the daemon can use {0} is not known: {1}': 'デーモンが {0} を使用できるかどうかは不明です: {1}',
  'the state store is older than what was seen of it before, so everything is held':
    '状態ストアが以前に確認された内容より古いため、すべて保留されています',
  '{0}: schema version {1}, {2} unfinished requests': '{0}: スキーマバージョン {1}、未完了のリクエスト {2} 件',
  'there is no state store at {0} yet': '状態ストア {0} はまだありません',
  'the state store {0} is gone, and the daemon goes on with the one that was deleted':
    '状態ストア {0} が削除されていますが、デーモンは削除されたものを使い続けています',
  'the state store {0} cannot be read': '状態ストア {0} を読み取れません',
  'the state store {0} is damaged': '状態ストア {0} は破損しています',
  'the configuration {0} cannot be read by this user': '設定 {0} は、このユーザーでは読み取れません',
  'there is no configuration at {0}': '設定 {0} がありません',
  'the configuration has a mistake: {0}': '設定に誤りがあります: {0}',
  'the daemon has not taken the configuration {0} as it is now': 'デーモンは現在の設定 {0} をまだ読み込んでいません',
  'the daemon goes on with its last good configuration; {0}': 'デーモンは最後に読み込めた設定で動作を続けています。{0}',
  'there is no room for a copy of {0} in {1}': '{1} に {0} のコピーを置く空きがありません',
  '{0} was written to each time while it was copied': '{0} はコピーのたびに書き込みがありました',
  'the disk mounted at {0} does not answer: whatever touches it waits for ever, so nothing else was looked at':
    '{0} にマウントされたディスクが応答しません。アクセスすると待ち続けるため、ほかの確認は行いませんでした',
} as const
