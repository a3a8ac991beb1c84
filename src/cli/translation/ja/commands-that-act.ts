/** What the commands say that change something: their help and their results. */

export const COMMANDS_THAT_ACT = {
  reloaded: '再読み込みしました',
  'for a script': 'スクリプト向け',
  'from a pipe': 'パイプから',
  'run the daemon': 'デーモンを実行する',
  'Runs the daemon in the foreground until SIGTERM or SIGINT: watches the spool, carries out requests, serves the control socket and the metrics. Reads its configuration anew on SIGHUP. Logs go to stdout. A restore that has begun to change anything is carried to its end first.':
    'SIGTERM または SIGINT を受けるまでフォアグラウンドでデーモンを実行します。スプールの監視、リクエストの実行、制御ソケットとメトリクスの提供を行います。SIGHUP で設定を再読み込みします。ログは標準出力に出力されます。変更を開始したリストアは、最後まで実行してから終了します。',
  'start although others may write to the paths in use, and log a warning each; for a trial only':
    '使用するパスに他のユーザーが書き込める場合でも、警告を記録して起動する（試用専用）',
  'in the repository': 'リポジトリ内で実行する',
  'as systemd runs it, with /etc/modosu/modosu.yaml': 'systemd と同じく /etc/modosu/modosu.yaml で実行する',
  'their names': 'リクエスト名',
  'why, for the audit log': '監査ログに残す理由',
  'no requests found': '該当するリクエストはありません',
  'delete old safety backups and what else retention lets go':
    '古い安全バックアップなど、保持期間を過ぎたファイルを削除する',
  'Shows what retention would delete now, with the reason and the size of each, asks, and has the daemon delete exactly that. Never the newest, never what a request still needs. Kinds are {0}; without --kind, those that the configuration has turned on. backups are only ever deleted where retention.backups.enabled is true.':
    '保持ポリシーにより現在削除されるものを理由とサイズとともに表示し、確認のうえ、表示したものだけをデーモンに削除させます。最新のものと、リクエストが必要とするものは削除されません。種類は {0}。--kind を省略した場合は、設定で有効にした種類が対象です。backups は retention.backups.enabled が true の場合だけ削除されます。',
  'only these kinds of files, separated by commas': 'この種類のファイルだけ（カンマ区切り）',
  'only show what would be deleted; works with the daemon down': '削除対象の表示だけを行う（デーモン停止中も可）',
  'show what stays, too, and why': '残るものと理由も表示する',
  'do not ask': '確認を省略する',
  'the system clock is right, though the daemon does not believe it (ClockImplausible)':
    'デーモンが信頼していないシステム時計（ClockImplausible）が正しいと指定する',
  'what would go now': '現在の削除対象',
  'and what stays, and why': '残るものとその理由も表示する',
  'make room (manual 8.4); asks first': '空き容量を確保する（手順書 8.4、確認あり）',
  'Allowed are {0}.': '指定できる値: {0}',
  'backups are left alone: retention.backups.enabled is false':
    'backups は削除しません: retention.backups.enabled が false です',
  'nothing is deleted while the clock is not believed: {0}; {1}': '時計が信頼できない間は何も削除されません: {0}。{1}',
  'cancelled: nothing was deleted': '中止しました。何も削除されていません。',
  '{0} ({1}): its deletion was interrupted and is finished first': '{0}（{1}）: 中断された削除を先に完了します',
  'nothing is to be deleted': '削除対象はありません',
  '{0}: free space stays {1} under retention.safetyBackups.minFreeBytes, and nothing more may be deleted':
    '{0}: 空き容量は retention.safetyBackups.minFreeBytes に {1} 足りないままですが、これ以上削除できるものはありません',
  'spared {0}: {1}': '削除しませんでした {0}: {1}',
  'not deleted {0}: {1}': '削除できませんでした {0}: {1}',
  'deleted {0}, {1}': '{0}を削除しました（{1}）',
  'Finish what was interrupted?': '中断された削除を完了しますか?',
  'Delete {0}?': '{0}を削除しますか?',
  '{0} items': '{0} 件',
  'have the daemon read its configuration anew': 'デーモンに設定を再読み込みさせる',
  'Has the daemon read its configuration anew and says what became of it. A file with a mistake changes nothing: exit code 2, with line, column and cause. A target with a running restore takes over its new settings when that has ended.':
    'デーモンに設定を再読み込みさせ、結果を表示します。誤りのあるファイルでは何も変更されず、行・列・原因を示して終了コード 2 で終了します。リストアを実行中の対象では、その終了後に新しい設定が有効になります。',
  'as systemctl reload modosu does': 'systemctl reload modosu と同じ',
  'the daemon of that configuration': '指定した設定のデーモン',
  'reloaded; changed targets: {0}': '再読み込みしました。変更された対象: {0}',
  '{0}: a restore is running; the new settings come when it has ended':
    '{0}: リストアを実行中です。新しい設定はその終了後に有効になります',
  '{0}: keeps its value until: systemctl restart modosu':
    '{0}: 次の実行まで従来の値が使用されます: systemctl restart modosu',
  'call a restore off before the swap': '差し替え前にリストアを取り消す',
  'Calls a request off. Until the database is swapped nothing has changed and the application is started again if it was stopped; afterwards the restore goes on to its end (undo it with `modosu rollback`).':
    'リクエストを取り消します。データベースの差し替え前であれば何も変更されておらず、停止したアプリケーションは再び起動されます。差し替え後はリストアが最後まで実行されます（元に戻すには `modosu rollback`）。',
  'stop before anything is changed': '変更が行われる前に止める',
  'release a held request, or give it a second yes': '保留中のリクエストを解除する、または 2 人目の承認を行う',
  'Releases a request that is held (a new state store found it in the spool), or counts as one approval of a request that needs some. The requester cannot approve their own.':
    '保留中のリクエスト（新しい状態ストアがスプールで見つけたもの）を解除するか、承認が必要なリクエストの承認 1 件として数えます。依頼者は自身のリクエストを承認できません。',
  'the second pair of eyes (manual 2.5)': '2 人目による承認（手順書 2.5）',
  'keep a waiting request from starting': '待機中のリクエストの開始を止める',
  'Keeps a request that has not started from starting, until `modosu resume`.':
    '未開始のリクエストを、`modosu resume` まで開始しないようにします。',
  'not now': '今は実行しない',
  'let a suspended request start': '一時停止したリクエストの開始を許可する',
  'Lets a suspended request start as soon as nothing else stands against it.':
    '一時停止したリクエストを、他に支障がなければ直ちに開始できるようにします。',
  'ask again for a restore that ended without success': '成功せずに終了したリストアを再度依頼する',
  'Makes a new request (NAME-retry-1, -2, …) with the spec of one that ended without success.':
    '成功せずに終了したリクエストの spec で新しいリクエスト（NAME-retry-1、-2、…）を作成します。',
  'once the cause is mended': '原因を取り除いた後',
  'and wait for the new one': '新しいリクエストの完了を待つ',
  'acknowledge a result, so that its alert resolves': '結果を確認済みにし、アラートを解消する',
  'Says that a person has seen a result and dealt with it: its alert (L1, L2, L3) resolves.':
    '担当者が結果を確認し対応したことを記録します。アラート（L1、L2、L3）が解消されます。',
  'after the checks of manual 11 are done': '手順書 11 の確認が完了した後',
  'every result that nobody has acknowledged': '確認済みでないすべての結果',
  'those with a label': 'ラベルで選ぶ',
  "those with these labels: a=b, a!=b, 'a in (b, c)', a, '!a'": "このラベルのもの: a=b、a!=b、'a in (b, c)'、a、'!a'",
  'every one that can be': '可能なものすべて',
  'Restores a target from a backup: shows what will be replaced by what, asks, submits a request to the daemon and follows it through its five steps. Ctrl-C detaches; the restore goes on.':
    '対象をバックアップからリストアします。何が何に置き換わるかを表示し、確認のうえデーモンにリクエストを送信し、5 つのステップを表示します。Ctrl-C で表示を終了してもリストアは継続します。',
  'a backup id, a safety backup, or a file inside the backup directory':
    'バックアップID、安全バックアップ、またはバックアップディレクトリ内のファイル',
  'the newest backup that passes every check': 'すべてのチェックに合格した最新のバックアップ',
  'with --latest: only of these types': '--latest と併用: この種別だけ',
  'with --latest: only backups made before, such as 2026-02-15T03:00:00Z':
    '--latest と併用: これより前に作成されたものだけ（例: 2026-02-15T03:00:00Z）',
  'the database; may be left out where there is one': 'データベース（1 つしかない場合は省略可）',
  'why, for the audit log and the report': '監査ログと報告に残す理由',
  'on whose behalf; your login name unless given': '依頼者（省略時はログイン名）',
  'make none: a failed restore is NOT rolled back (manual 4.4)':
    '安全バックアップを作成しない（リストアに失敗しても自動ロールバックされない。手順書 4.4）',
  'the plan only; nothing is changed': '計画の表示だけを行い、何も変更しない',
  'rehearse: restore to a scratch file, check, delete; nothing is changed':
    '訓練: 一時ファイルにリストアして検査し、削除する（何も変更しない）',
  'follow the restore to its end': 'リストアの終了まで表示する',
  'return as soon as it is submitted': '送信後すぐに終了する',
  'of the request; made up unless given': 'リクエスト名（省略時は自動生成）',
  'restore one backup; asks first': 'バックアップを指定してリストアする（確認あり）',
  'what would be done, step by step': '実行内容をステップごとに表示する',
  'in a script: the newest sound backup': 'スクリプト向け: 最新の正常なバックアップ',
  'the quarterly rehearsal; the live database is not touched': '四半期ごとの訓練（稼働中のデータベースは変更しない）',
  'back to before an earlier restore': '以前のリストアの前に戻す',
  "give up following after; the request's own deadline and a minute unless given":
    '表示を打ち切るまでの時間（省略時はリクエスト自身の期限 + 1 分）',
  'undo the last restore': '直前のリストアを取り消す',
  'Puts back what the last restore that took effect has replaced, as the state store knows it, or the file that --to names. Restores that were rolled back, drills and dry runs do not count. It is a restore like any other, with a safety backup of its own: the next rollback takes it back. --to goes further back.':
    '最後に反映されたリストアが置き換えたもの（状態ストアの記録による）、または --to で指定したファイルを戻します。ロールバックされたリストア、訓練、ドライランは数えません。通常のリストアと同じく安全バックアップを作成するため、もう一度ロールバックすれば取り消せます。さらに前に戻すには --to を使用します。',
  'this safety backup, whatever was restored last': '直前のリストアにかかわらず、この安全バックアップを使用する',
  'undo the last restore; asks first': '直前のリストアを取り消す（確認あり）',
  'back to one moment, without asking': '確認なしで特定の時点に戻す',
  'cancelled: nothing was changed': '中止しました。何も変更されていません。',
  'no restore of {0} is known, and no safety backup lies in {1}':
    '{0} のリストアの記録がなく、{1} に安全バックアップもありません',
  'restore a backup instead (manual 7.3): modosu restore --latest --target {0}':
    '代わりにバックアップからリストアしてください（手順書 7.3）: modosu restore --latest --target {0}',
  'which safety backup? its name alone does not decide without somebody who looks':
    '安全バックアップを特定できません。名前だけでは決められないため、人による確認が必要です',
  'look at them: modosu get safety --target {0}; then: modosu rollback --target {1} --to {2}':
    '確認: modosu get safety --target {0}。その後: modosu rollback --target {1} --to {2}',
  'hand manifests to the daemon': 'マニフェストをデーモンに送信する',
  'the same as submit': 'submit と同じ',
  'Hands manifests to the daemon, which answers at once. The same manifest again does nothing; another spec under a name that is taken is refused, and so is a request for another node.':
    'マニフェストをデーモンに送信します。デーモンは直ちに応答します。同じマニフェストを再送しても何も起こりません。使用済みの名前で spec が異なるもの、他のノード向けのリクエストは拒否されます。',
  'files or directories; - for the standard input': 'ファイルまたはディレクトリ（- は標準入力）',
  'follow each request to its end': '各リクエストの終了まで表示する',
  'submit and return': '送信して終了する',
  'submit and follow; the exit code tells the outcome': '送信して終了まで表示する（終了コードが結果を示す）',
  'every .yaml, .yml and .json file of a directory': 'ディレクトリ内の .yaml、.yml、.json ファイルすべて',
  'from a pipe; print the object': 'パイプから読み取り、オブジェクトを表示する',
  'to be deleted: {0}, {1}': '削除対象: {0}（{1}）',
  '1 item': '1 件',
  'restore a database from a backup': 'バックアップからデータベースをリストアする',
  'call requests off, or have those that have ended leave the lists':
    'リクエストを取り消す、または終了したものを一覧から外す',
  'A request that has not ended is cancelled, as `modosu cancel` does. One that has ended leaves the lists and no longer waits for anybody; its record and its audit stay (`modosu describe request NAME`), and so does its name: its file in the spool never runs again. One that ended L2 or L3 is acknowledged first: `modosu ack NAME`. No file in the spool, no backup and no safety backup is touched.':
    '終了していないリクエストは `modosu cancel` と同じく取り消されます。終了したリクエストは一覧から外れ、確認待ちではなくなります。記録と監査は残り（`modosu describe request NAME`）、名前も使用済みのままのため、スプールのファイルが再び実行されることはありません。L2 または L3 で終了したものは先に確認済みにしてください: `modosu ack NAME`。スプールのファイル、バックアップ、安全バックアップは変更しません。',
  'those with these labels': 'このラベルのもの',
  'with -l: only those that have ended': '-l と併用: 終了したものだけ',
  'while it waits or before anything is swapped: cancelled; ended: forgotten':
    '待機中または差し替え前: 取り消し、終了後: 一覧から外す',
  'the drills that are over leave the lists': '終了した訓練を一覧から外す',
  'request {0} has not ended ({1})': 'リクエスト {0} は終了していません（{1}）',
  'restore request not found: {0}: it was forgotten at {1}':
    'リストアリクエストが見つかりません: {0}: {1} に一覧から外されています',
  'its record is kept: modosu describe request {0}': '記録は残っています: modosu describe request {0}',
  'manage who may log in to the HTTP API': 'HTTP API にログインできるユーザーを管理する',
  'Manages the users in auth.users.file. A password is asked for on the terminal, read from --password-file, or from standard input; never from the command line, which other users of the machine can see.':
    'auth.users.file のユーザーを管理します。パスワードは端末で入力するか、--password-file または標準入力から読み取ります。マシンの他のユーザーに見えるため、コマンドラインでは指定できません。',
  'asks for the password': 'パスワードの入力を求める',
  'bob may look at one target': 'bob は 1 つの対象を参照できる',
  'ends his sessions too': 'セッションも終了する',
  'what the user may do': 'ユーザーに許可する操作',
  'the role counts for these targets alone (default: all)': 'ロールが有効な対象（既定: すべて）',
  'the file whose first line is the password': '1 行目がパスワードのファイル',
  'add a user': 'ユーザーを追加する',
  '{0} cannot be a login name': '{0} はログイン名に使用できません',
  'letters, digits and . _ @ -, at most 64': '英数字と . _ @ - を 64 文字まで使用できます',
  'user {0} added: {1}': 'ユーザー {0} を追加しました: {1}',
  'set the password of a user, and end the sessions': 'ユーザーのパスワードを設定し、セッションを終了する',
  'password of {0} set': '{0} のパスワードを設定しました',
  'set what a user may do': 'ユーザーに許可する操作を設定する',
  'user {0}: {1}': 'ユーザー {0}: {1}',
  'let a user log in no more, and end the sessions': 'ユーザーをログインできないようにし、セッションを終了する',
  'user {0} disabled; modosu user passwd {1} brings the user back':
    'ユーザー {0} を無効にしました。再び有効にする場合: modosu user passwd {1}',
  'list the users': 'ユーザーを一覧表示する',
  'the configuration names no file of users': '設定にユーザーのファイルの指定がありません',
  'set it in {0}: auth: {users: {file: users.yaml}}': '{0} で設定してください: auth: {users: {file: users.yaml}}',
  'another modosu user changes the users now': '別の modosu user がユーザーを変更中です',
  'try again': '再度実行してください',
  'the user {0} is there already': 'ユーザー {0} は既に存在します',
  'a password has {0} to {1} characters': 'パスワードは {0} 文字以上 {1} 文字以下である必要があります',
  'a few random words are easy to type': '無作為な単語をいくつか並べると入力しやすくなります',
  'cannot read the password: {0}': 'パスワードを読み取れません: {0}',
} as const satisfies Readonly<Record<string, string>>
