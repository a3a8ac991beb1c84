/** What is said of the application, its unit, its hooks, and of child processes. */

export const SERVICE = {
  'no login probe is configured': 'ログイン確認は設定されていません',
  'the login probe was not asked': 'ログイン確認は実行されていません',
  'no login was tried: the application does not run':
    'アプリケーションが動作していないため、ログインを試行していません',
  'no login was tried: {0}': 'ログインを試行していません: {0}',
  'no login was tried: nobody listens at {0}': 'ログインを試行していません: {0} で待ち受けているプログラムがありません',
  'a login at {0} had no answer within {1}': '{0} へのログインに {1} 以内の応答がありませんでした',
  'a login at {0} could not be tried: {1}': '{0} へのログインを試行できませんでした: {1}',
  'the login of {0} at {1} gave HTTP {2}': '{0} の {1} へのログインは HTTP {2} となりました',
  '{0}; the restored database has the passwords of its time':
    '{0}（復元されたデータベースのパスワードは、バックアップ時点のものです）',
  'the login of {0} at {1} gave HTTP {2} without a token in {3}':
    '{0} の {1} へのログインは HTTP {2} でしたが、{3} にトークンがありません',
  '{0} could log in at {1}: HTTP {2}': '{0} は {1} にログインできました: HTTP {2}',
  '{0} could log in at {1}: HTTP {2}, with a token': '{0} は {1} にログインできました: HTTP {2}、トークンあり',
  'does not hold a password alone, on one line': 'の内容が 1 行のパスワードだけではありません',
  'write it anew, mode 0600: {0}': '権限 0600 で書き直してください: {0}',
  'can be read by others than its owner, or belongs to another user':
    'は所有者以外が読み取れるか、別のユーザーのものです',
  'the password file {0} {1}; {2}': 'パスワードファイル {0} {1}。{2}',
  'ended with exit status {0}': '終了ステータス {0} で終了しました',
  'was killed by {0}': '{0} により強制終了されました',
  'could not be started: {0}': '起動できませんでした: {0}',
  "the {0}'s process {1}": '{0} のプロセス: {1}',
  'cannot lock {0}: {1}': '{0} をロックできません: {1}',
  'not a regular file': '通常のファイルではありません',
  'it is removed again and again': '繰り返し削除されます',
  '{0} was interrupted': '{0} は中断されました',
  '{0} led {1} when it was opened: somebody has replaced it':
    '{0} を開いたところ {1} を指していました。差し替えられています',
  'find out who writes to its directory; nothing was read from or written to that file: ls -l {0}':
    'そのディレクトリに書き込む者を確認してください。そのファイルは読み書きされていません: ls -l {0}',
  'the state directory must be writable for the daemon and on a file system with POSIX locks':
    '状態ディレクトリは、デーモンが書き込め、POSIX ロックが使えるファイルシステムにある必要があります',
  'a process of an earlier daemon still works on a database':
    '以前のデーモンのプロセスがまだデータベースを処理しています',
  'see who it is with: fuser -v {0}': '処理中のものを確認: fuser -v {0}',
  'the {0} took longer than {1} s and was ended': '{0} が {1} 秒を超えたため終了させました',
  'a large database on a slow disk needs a longer deadline: verification.checkTimeout':
    '大きなデータベースや遅いディスクでは期限を延ばす必要があります: verification.checkTimeout',
  'no such operation: {0}': '該当する処理がありません: {0}',
  'its status command says that it has stopped': 'ステータスコマンドによると停止しています',
  'stopping the application': 'アプリケーションの停止',
  'waiting for the application to stop': 'アプリケーションの停止の待機',
  'application is still not down after {0}': '{0} 経過してもアプリケーションが停止していません',
  'starting the application': 'アプリケーションの起動',
  'waiting for the application to start': 'アプリケーションの起動の待機',
  'application is still not up after {0}': '{0} 経過してもアプリケーションが起動していません',
  "look at the application's log; {0}": 'アプリケーションのログを確認してください。{0}',
  'run service.command.stop of the configuration by hand': '設定の service.command.stop を手動で実行してください',
  'run service.command.start of the configuration by hand': '設定の service.command.start を手動で実行してください',
  'run service.command.status of the configuration by hand: 0 means running, 3 stopped':
    '設定の service.command.status を手動で実行してください（0 は動作中、3 は停止）',
  'stop command failed': '停止コマンドが失敗しました',
  'start command failed': '起動コマンドが失敗しました',
  'the start command must end once the application runs: have it start the application in the background (systemd-run, a process manager)':
    '起動コマンドは、アプリケーションが動作したら終了する必要があります。アプリケーションをバックグラウンドで起動してください（systemd-run、プロセスマネージャー）',
  'interrupted while {0}': '中断されました（{0}中）',
  'no answer within {0}': '{0} 以内に応答がありません',
  'waiting for the application to be healthy': 'アプリケーションの正常化の待機',
  'application does not run any more: {0}; {1} gave {2}': 'アプリケーションが動作していません: {0}。{1} の結果: {2}',
  '{0} gave {1}': '{0} の結果: {1}',
  'within {0}': '{0} 以内に',
  'application is not healthy {0}: {1} gave {2} ({3} attempts)':
    'アプリケーションが{0}正常になりませんでした: {1} の結果: {2}（試行 {3} 回）',
  'set healthCheck.insecureSkipVerify for a self-signed certificate; {0}':
    '自己署名証明書の場合は healthCheck.insecureSkipVerify を設定してください。{0}',
  'the configured URL': '設定された URL',
  'running hook {0}': 'フック {0} の実行',
  'hook {0} failed': 'フック {0} が失敗しました',
  "look at its output above, or run it by hand as the daemon's user: hook {0} of the configuration":
    '上の出力を確認するか、デーモンのユーザーで手動実行してください: 設定のフック {0}',
  'cannot be run: {0}': '実行できません: {0}',
  '{0}; its last line: {1}': '{0}。最後の行: {1}',
  'did not end within {0}': '{0} 以内に終了しませんでした',
  'was interrupted': '中断されました',
  'exit status {0}': '終了ステータス {0}',
  'it runs; without a health check nobody knows more': '動作しています（ヘルスチェックがないため、それ以上は不明）',
  'it is stopped': '停止しています',
  'neither a health check nor a status command tells': 'ヘルスチェックもステータスコマンドもないため不明です',
  'systemctl status {0}; journalctl -u {1} -n 50; then: systemctl start {2}':
    'systemctl status {0}、journalctl -u {1} -n 50。その後: systemctl start {2}',
  "look at the application's log, then start it by hand": 'アプリケーションのログを確認し、手動で起動してください',
  "look at the application's log, then run service.command.start of the configuration by hand":
    'アプリケーションのログを確認し、設定の service.command.start を手動で実行してください',
  "look at the application's log, at the database's owner and mode, and for a port conflict":
    'アプリケーションのログ、データベースの所有者とモード、ポートの競合を確認してください',
  'systemctl status {0}; journalctl -u {1} --since "5 minutes ago" -n 50':
    'systemctl status {0}、journalctl -u {1} --since "5 minutes ago" -n 50',
  "is no unit's name: {0}": 'ユニットの名前ではありません: {0}',
  '{0} did its work and left no gate': '{0} は実行されましたが、起動抑止のファイルが作成されていません',
  '{0} is not installed (deploy/systemd), and {1}': '{0} がインストールされておらず（deploy/systemd）、{1}',
  'unit {0} is {1} ({2})': 'ユニット {0} は {1} です（{2}）',
  'stopping {0}': '{0} の停止',
  'unit {0} cannot be kept from starting: {1}': 'ユニット {0} の起動を抑止できません: {1}',
  'install deploy/systemd/modosu-gate@.service and let the daemon start {0} (50-modosu.rules)':
    'deploy/systemd/modosu-gate@.service をインストールし、デーモンに {0} の起動を許可してください（50-modosu.rules）',
  'starting {0}': '{0} の起動',
  'unit {0} is still kept from starting: {1}': 'ユニット {0} の起動がまだ抑止されています: {1}',
  'unit {0} is {1} after its start': 'ユニット {0} は起動後に {1} です',
  'systemctl status {0}; {1}': 'systemctl status {0}。{1}',
  'unit {0} did not {1}': 'ユニット {0} を {1} できませんでした',
  'still not {0} after {1}': '{1} 経過しても {0} になりません',
  'used more than {0} MiB of memory': 'メモリ使用量が {0} MiB を超えました',
  'there is no service to ask': '確認できるサービスがありません',
  'nobody knows which processes are those of service.command': 'service.command のプロセスを特定できません',
  'unit {0} is {1}': 'ユニット {0} は {1} です',
  'pid {0} is no process of {1}': 'プロセス {0} は {1} のものではありません',
} as const satisfies Readonly<Record<string, string>>
