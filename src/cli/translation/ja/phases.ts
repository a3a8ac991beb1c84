/** What the phases of a restore say, and the checks before it. */

export const PHASES = {
  'the request is accepted and the restore begins': 'リクエストを受け付け、リストアを開始します',
  'the request is accepted': 'リクエストを受け付けました',
  'set spec.confirm to true once you are sure that the present data may be replaced':
    '現在のデータが置き換えられてよいことを確認してから、spec.confirm を true にしてください',
  '{0} is not supported by this version': 'このバージョンは{0}に対応していません',
  'use strategy: Replace with source.backupId, latest, file or safetyBackup, and no tables':
    'strategy: Replace を使用し、source.backupId、latest、file、safetyBackup のいずれかを指定し、tables は指定しないでください',
  'restoring single tables': 'テーブル単位のリストア',
  'held: the state store was new when this file was found, so it may have run before':
    '保留中: このファイルが見つかったとき状態ストアが新しかったため、既に実行されている可能性があります',
  '{0} give this name to different requests: none of them runs':
    '{0} がこの名前を異なるリクエストに付けているため、どれも実行されません',
  'leave one of them, and give the others a name of their own': '1 つだけ残し、他には固有の名前を付けてください',
  'suspended by request': 'リクエストの指定により一時停止中',
  'the maintenance window ended at {0}': 'メンテナンス時間帯は {0} に終了しました',
  'waiting for the maintenance window at {0}': '{0} のメンテナンス時間帯を待っています',
  '{0} of {1} approvals given': '承認 {0}/{1} 件',
  '{0} restores within {1} minutes were made; the next one may run at {2}':
    '{1} 分以内に {0} 回のリストアが行われました。次に実行できるのは {2} です',
  'check the application before restoring again (manual Q6)':
    '再度リストアする前にアプリケーションを確認してください（手順書 Q6）',
  'waiting for restore {0} of the same target': '同じ対象のリストア {0} を待っています',
  'nothing stands against the restore': 'リストアの支障はありません',
  'the present database is damaged: {0}': '現在のデータベースは破損しています: {0}',
  'the plan was made and nothing was changed': '計画を作成しました。何も変更されていません',
  'backupCurrent is false: no safety backup is made and a failed restore is not rolled back (manual 4.4)':
    'backupCurrent が false のため、安全バックアップは作成されず、リストアに失敗してもロールバックされません（手順書 4.4）',
  'the content of {0} was not checked by this dry run and by nothing before: modosu verify {1}':
    'このドライランでもそれ以前にも {0} の内容は検査されていません: modosu verify {1}',
  'not checked by this dry run; {0} found at {1}: {2}': 'このドライランでは検査していません。{0} が {1} に確認: {2}',
  'every check passed': 'すべてのチェックに合格',
  'the database is in use by {0}': 'データベースは {0} が使用中です',
  'stop that process, or configure service.unit or service.command for the target so that it is stopped for the restore':
    'そのプロセスを停止するか、リストア時に停止されるよう対象の service.unit または service.command を設定してください',
  'the staged file is not the one that passed its checks; beginning again':
    '準備したファイルがチェックに合格したものと異なるため、最初からやり直します',
  'there is no old database': '以前のデータベースはありません',
  'nobody has the database open': 'データベースを開いているプロセスはありません',
  'nobody seen has the database open': '確認できた範囲で、データベースを開いているプロセスはありません',
  'not every process could be looked at: one of another user may have the database open, and would lose what it writes':
    '確認できないプロセスがあります。他のユーザーのプロセスがデータベースを開いている可能性があり、その書き込みは失われます',
  'stop that process; if it belongs to the application, check service.unit or service.command of the target{0}':
    'そのプロセスを停止してください。アプリケーションの一部である場合は、対象の service.unit または service.command を確認してください{0}',
  '{0} answered after {1} ms, {2} attempts': '{0} が {1} ms 後に応答しました（試行 {2} 回）',
  'rolled back: {0}': 'ロールバックしました: {0}',
  'the restore failed': 'リストアに失敗しました',
  'the database is as it was before the restore': 'データベースはリストア前の状態です',
  'the database is as it was before': 'データベースは以前の状態です',
  '{0} was replaced by somebody else during the restore': 'リストア中に {0} が他の誰かに差し替えられました',
  'nothing of it was touched, and the old database is kept as {0}; which file is which, and the command for each way out: modosu describe target {1}':
    '変更は行われておらず、以前のデータベースは {0} として保管しています。各ファイルの内容と対処のコマンド: modosu describe target {1}',
  'stop that process, then: modosu rollback --target {0}':
    'そのプロセスを停止してから実行してください: modosu rollback --target {0}',
  'neither the displaced original nor a safety backup is there':
    '退避した元のデータベースも安全バックアップもありません',
  'restore the newest backup: modosu restore --latest --target {0}':
    '最新のバックアップをリストアしてください: modosu restore --latest --target {0}',
  'the safety backup is not the one that was made: its checksum differs':
    '安全バックアップが作成したものと異なります（チェックサム不一致）',
  'modosu get safety --target {0}; choose another one or the newest backup':
    'modosu get safety --target {0}。別の安全バックアップか最新のバックアップを選択してください',
  'the safety backup failed its integrity check': '安全バックアップが整合性チェックに不合格でした',
  'the database is neither the displaced original nor the safety backup':
    'データベースが退避した元のものでも安全バックアップでもありません',
  'look at the files beside {0}, then: modosu rollback --target {1}':
    '{0} の隣のファイルを確認し、その後: modosu rollback --target {1}',
  'the safety backup has no checksum': '安全バックアップにチェックサムがありません',
  '{0} (byte copies: the database cannot be read)': '{0}（バイト単位のコピー: データベースを読み取れないため）',
  'the database cannot be read': 'データベースを読み取れません',
  'kept as byte copies: {0}': 'バイト単位のコピーとして保管: {0}',
  'the swap had not happened; exclusive access is proven once more':
    '差し替えは行われていません。占有していることを再度確認します',
  '{0}; trying again': '{0}。再試行します',
  'the verified file is in place': '検証済みのファイルを配置しました',
  '{0} is neither the old nor the restored database; it was replaced by somebody else':
    '{0} は以前のものでも復元したものでもありません。他の誰かが差し替えました',
  'the old one is kept as {0}; which file is which, and the command for each way out: modosu describe target {1}':
    '以前のデータベースは {0} として保管しています。各ファイルの内容と対処のコマンド: modosu describe target {1}',
  '{0} came back after the database was made whole': 'データベースを完全にした後に {0} が再び現れました',
  'checksum and integrity are proven': 'チェックサムと整合性を確認しました',
  'the staged copy passed every check': '準備したコピーがすべてのチェックに合格しました',
  '{0} is not the file that was made: somebody has put another one in its place':
    '{0} は作成したファイルではありません。他の誰かが差し替えています',
  'find out who writes to its directory: ls -ld {0}': 'そのディレクトリに書き込む者を確認してください: ls -ld {0}',
  'the backup cannot be verified: {0}': 'バックアップを検証できません: {0}',
  'it needs a collation, function, tokenizer or module that this program lacks; the rest of it passed; verification.allowUnverifiable accepts that':
    'このプログラムにない照合順序、関数、トークナイザー、モジュールが必要です。それ以外は合格しています。verification.allowUnverifiable で許可できます',
  '{0}; choose another backup (modosu get backups), or recover from the SQL dump (manual 8.2)':
    '{0}。別のバックアップを選択するか（modosu get backups）、SQL ダンプから復旧してください（手順書 8.2）',
  'no violation': '違反なし',
  '{0} rows violate a foreign key: {1}': '{0} 行が外部キーに違反しています: {1}',
  'verification.foreignKeys: warn accepts them; choose another backup otherwise':
    'verification.foreignKeys: warn で許可できます。許可しない場合は別のバックアップを選択してください',
  '{0} tables, {1} schema objects': 'テーブル {0} 個、スキーマオブジェクト {1} 個',
  'the backup holds no table at all': 'バックアップにテーブルがありません',
  'its -wal file may be missing; choose another backup: modosu get backups':
    '-wal ファイルが欠けている可能性があります。別のバックアップを選択してください: modosu get backups',
  'the backup lacks {0} tables of the present schema: {1}':
    '現在のスキーマのテーブル {0} 個がバックアップにありません: {1}',
  'no checksum is recorded for this backup; its content is checked, its origin is not':
    'このバックアップにはチェックサムの記録がありません。内容は検査しますが、由来は確認できません',
  '{0} of {1} recorded checksums match': '記録されたチェックサム {1} 件中 {0} 件が一致',
  'no checksum is recorded for {0}, and the target requires one':
    '{0} のチェックサムの記録がなく、対象の設定ではチェックサムが必須です',
  'if you know that the backup is good: cd {0} && sha256sum {1} > {2}.sha256; or choose another backup':
    'バックアップが正常と分かっている場合: cd {0} && sha256sum {1} > {2}.sha256。または別のバックアップを選択してください',
  '{0}: recorded {1}, found {2}; choose another backup (modosu get backups), or check the .sha256 file':
    '{0}: 記録 {1}、実際 {2}。別のバックアップを選択するか（modosu get backups）、.sha256 ファイルを確認してください',
  'the restored database is the verified one': '復元したデータベースは検証済みのものです',
  'identity and integrity are proven': '同一性と整合性を確認しました',
  'the path holds another file than the verified one': 'パスに検証済みのものとは別のファイルがあります',
  '{0} appeared beside the restored database': '復元したデータベースの隣に {0} が現れました',
  'the restored database was written to before it was released': '復元したデータベースが公開前に書き込まれました',
  'the restored bytes are not the verified ones': '復元した内容が検証済みのものと異なります',
  'the verified file, unchanged': '検証済みのファイル（変更なし）',
  'find out who else writes to the database’s directory':
    'データベースのディレクトリに書き込む他の者を確認してください',
  '{0}; check the disk (dmesg | grep -i error), then choose another backup or another disk':
    '{0}。ディスクを確認し（dmesg | grep -i error）、別のバックアップまたは別のディスクを選択してください',
  'the old database was opened during the swap by {0}': '差し替え中に以前のデータベースが {0} に開かれました',
  'keep that process from starting during a restore: configure service.unit or service.command for the target':
    'リストア中にそのプロセスが起動しないよう、対象の service.unit または service.command を設定してください',
  'the backup belongs to another application: application_id {0}, the database has {1}':
    'バックアップが別のアプリケーションのものです: application_id は {0}、データベースは {1}',
  'check spec.target; if it is right all the same, set the annotation {0}: "true"':
    'spec.target を確認してください。それでも正しい場合は注釈 {0}: "true" を設定してください',
  'the backup has no table in common with the present database':
    'バックアップと現在のデータベースに共通のテーブルがありません',
  'the present database cannot be read: {0}': '現在のデータベースを読み取れません: {0}',
  'an encrypted database is not restored by this program; where it is wreckage all the same, submit the request with the annotation {0}: "true": its files are kept':
    '暗号化されたデータベースはこのプログラムではリストアされません。それでも破損したものである場合は、注釈 {0}: "true" を付けて送信してください。ファイルは保管されます',
  'the database vanished while it was looked at': '確認中にデータベースがなくなりました',
  'it is not a regular file': '通常のファイルではありません',
  'name the database file itself in the configuration': '設定にはデータベースファイル自体を指定してください',
  'it has {0} hard links': 'ハードリンクが {0} 個あります',
  'it is a mount point of its own': 'それ自体がマウントポイントです',
  'mount its directory instead of the file': 'ファイルではなくディレクトリをマウントしてください',
  'its directory cannot be written ({0})': 'ディレクトリに書き込めません（{0}）',
  'check the directory’s owner, mode and mount': 'ディレクトリの所有者、モード、マウントを確認してください',
  'find the others (find / -xdev -samefile {0}) and remove them':
    '他のリンクを探して（find / -xdev -samefile {0}）削除してください',
  'check the path in the configuration': '設定のパスを確認してください',
  'it is a link that leads nowhere': 'リンク先が存在しません',
  'mend the link, or configure the file itself': 'リンクを修正するか、ファイル自体を設定してください',
  'its directory does not exist': 'ディレクトリが存在しません',
  'the restored file could not be given its owner back: {0} belongs to {1}:{2}':
    '復元したファイルの所有者を元に戻せません: {0} の所有者は {1}:{2} です',
  'run the daemon as root, as that user, or with CAP_CHOWN and CAP_FOWNER':
    'デーモンを root、そのユーザー、または CAP_CHOWN と CAP_FOWNER を持つユーザーで実行してください',
  'the database {0} cannot be replaced: {1}': 'データベース {0} を差し替えられません: {1}',
  'chattr -{0} {1}; see lsattr -d': 'chattr -{0} {1}。確認: lsattr -d',
  '{0} is sticky and the file belongs to user {1}': '{0} はスティッキービット付きで、ファイルはユーザー {1} のものです',
  'a hard link': 'ハードリンク',
  'the removal of a file': 'ファイルの削除',
  'a second name of the database': 'データベースの別名の作成',
  'its directory does not allow {0} ({1})': 'ディレクトリが{0}を許可しません（{1}）',
  'look at the file system (exFAT and FAT have no hard links) and at the flags: findmnt -T {0}; lsattr -d {1} {2}':
    'ファイルシステム（exFAT と FAT にはハードリンクがありません）とフラグを確認してください: findmnt -T {0}、lsattr -d {1} {2}',
  'the daemon was started {0} times while this restore was under way':
    'このリストアの実行中にデーモンが {0} 回起動されました',
  'the database was not changed; look for the cause with journalctl -u modosu, then: modosu retry {0}':
    'データベースは変更されていません。journalctl -u modosu で原因を確認し、その後: modosu retry {0}',
  '{0} free, {1} needed, {2} short': '空き {0}、必要 {1}、不足 {2}',
  'not enough space on the file system of {0}: {1}': '{0} のファイルシステムの空き容量が不足しています: {1}',
  'what uses the space, and whether pruning would free any: modosu disk --target {0}; then modosu retry {1}':
    '使用状況と、削除で空く容量を確認してください: modosu disk --target {0}。その後: modosu retry {1}',
  'the stop of the application left processes that had the database open; they were ended: {0}':
    'アプリケーションの停止後もデータベースを開いていたプロセスを終了させました: {0}',
  'the stop of the application left processes that have the database open ({0}), and they were not ended: {1}':
    'アプリケーションの停止後もデータベースを開いているプロセス（{0}）があり、終了させていません: {1}',
  '{0}: it could not be started again after the restore': '{0}: リストア後に再び起動できません',
  '{0}; to restore and leave the application as it is: servicePolicy: None':
    '{0}。アプリケーションをそのままにしてリストアする場合: servicePolicy: None',
  '; of a restore {0}': '。リストアについて: {0}',
  'the backup was restored to scratch and passed every check at {0}{1}':
    'バックアップを一時ファイルにリストアし、次の時刻にすべてのチェックに合格しました: {0}{1}',
} as const satisfies Readonly<Record<string, string>>
