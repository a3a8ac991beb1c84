/** What the fields of a request and of the configuration mean (`modosu explain`). */

export const FIELDS = {
  'Program and arguments, run without a shell. A program with a slash is relative to this file.':
    'プログラムと引数。シェルを介さずに実行します。スラッシュを含むプログラムはこのファイルからの相対パスです。',
  'What has the database open, and so must be stopped for the swap: a systemd unit or commands.':
    'データベースを開いており、差し替え時に停止する必要があるもの（systemd ユニットまたはコマンド）。',
  'The systemd unit.': 'systemd ユニット。',
  'How long it may take to stop.': '停止にかかる時間の上限。',
  'How long it may take to start.': '起動にかかる時間の上限。',
  'Asked after the start until it answers 2xx (manual 4.2-5).':
    '起動後、2xx が返るまで問い合わせる先（手順書 4.2-5）。',
  'http or https.': 'http または https。',
  'How long it may take until it is healthy.': '正常になるまでの時間の上限。',
  "Accept any certificate, for an application's self-signed one on this host.":
    'このホストのアプリケーションの自己署名証明書のため、どの証明書も受け入れます。',
  "Its name in the log; without one the program's.": 'ログに記録する名前。省略時はプログラム名です。',
  'How long it may take.': '実行時間の上限。',
  'Programs of yours, told about the restore by MODOSU_* environment variables.':
    'リストアについて MODOSU_* 環境変数で通知されるプログラム。',
  'Before the service is stopped; one that fails stops the restore.':
    'サービスの停止前に実行します。失敗するとリストアは中止されます。',
  'After the restored application is healthy.': '復元したアプリケーションが正常になった後に実行します。',
  'After a restore that did not succeed.': 'リストアが成功しなかった後に実行します。',
  'Where the outcome is posted as JSON.': '結果を JSON で送信する先。',
  'File with the key of the HMAC signature; without it, unsigned.': 'HMAC 署名の鍵のファイル。省略時は署名しません。',
  'How long one try may take.': '1 回の送信にかかる時間の上限。',
  'What this host is called, where many hosts read one repository of requests.':
    '多数のホストが 1 つのリクエストのリポジトリを読む場合の、このホストの識別情報。',
  'A request whose spec.nodeName is another one is left alone. Without it: the host name.':
    'spec.nodeName が異なるリクエストは実行しません。省略時はホスト名です。',
  'A request whose spec.nodeSelector asks for a label that is not here is left alone.':
    'ここにないラベルを spec.nodeSelector で求めるリクエストは実行しません。',
  'The directory in which requests are dropped. The daemon only ever reads it.':
    'リクエストを置くディレクトリ。デーモンは読み取りだけを行います。',
  'The directory itself; subdirectories are not read.': 'ディレクトリ自体。サブディレクトリは読み込みません。',
  'How long a file must have been quiet before it is read, so that no half-written one is.':
    '書きかけのファイルを読まないよう、読み込む前に変更がないことを確認する時間。',
  "How often everything is looked at again, whatever the file system's events said.":
    'ファイルシステムのイベントにかかわらず、全体を再確認する間隔。',
  'How long a name must be in no file before its request is cancelled: a git pull renames files away and back.':
    '名前がどのファイルにもない状態が続いた場合に、リクエストを取り消すまでの時間（git pull はファイルを一時的に別名にするため）。',
  'What becomes of files that already lie there when the state store is empty. Hold waits for `modosu approve`: a lost state store must not run old restores again. Run runs them.':
    '状態ストアが空のときに既に置かれているファイルの扱い。Hold は `modosu approve` を待ちます（状態ストアを失っても古いリストアを再実行しないため）。Run は実行します。',
  'Prometheus metrics and health over plain HTTP.': '平文の HTTP による Prometheus メトリクスと正常性。',
  'HOST:PORT of /metrics, /livez and /readyz; null for none, port 0 for any free one.':
    '/metrics、/livez、/readyz の HOST:PORT。null は無効、ポート 0 は空きポート。',
  'Unix socket of the command line, authorised by its file mode. Without it: api.sock in stateDir.':
    'コマンドラインの Unix ソケット（ファイルモードで認可）。省略時は stateDir の api.sock です。',
  'Private key, PEM, readable by the daemon alone.': '秘密鍵（PEM、デーモンだけが読み取り可能）。',
  'What is deleted by itself, and when. Nothing that an unfinished or unacknowledged request still needs is deleted.':
    '自動的に削除するものと時期。終了していない、または確認済みでないリクエストが必要とするものは削除されません。',
  'Safety backups of earlier restores (manual 5.5).': '以前のリストアの安全バックアップ（手順書 5.5）。',
  'Delete old ones.': '古いものを削除します。',
  'Never younger ones, whatever else is said.': '他の設定にかかわらず、これより新しいものは削除しません。',
  'Older ones are deleted.': 'これより古いものを削除します。',
  'The newest so many are always kept.': '最新のこの件数は常に残します。',
  'With less free space than this, those older than minAge are deleted before their maxAge. In bytes.':
    '空き容量がこれを下回る場合、minAge を過ぎたものを maxAge より前に削除します（バイト単位）。',
  'Replaced databases that a crash left beside the database as .modosu-NAME.old, of requests that have ended.':
    '終了したリクエストについて、異常終了によりデータベースの隣に .modosu-NAME.old として残った、置き換えたデータベース。',
  'Those whose request ended longer ago are deleted.': 'リクエストの終了からこの時間が過ぎたものを削除します。',
  'Damaged databases that were put aside as .broken files (manual 7.2, 8.4).':
    '.broken ファイルとして退避した破損データベース（手順書 7.2、8.4）。',
  'Databases put aside before an SQL dump was restored (manual 8.2).':
    'SQL ダンプのリストア前に退避したデータベース（手順書 8.2）。',
  "The application's own backups (manual 2.3). Off as shipped: its backup job does this.":
    'アプリケーション自身のバックアップ（手順書 2.3）。既定では無効です（バックアップジョブが行うため）。',
  'Older daily backups are deleted.': 'これより古い日次バックアップを削除します。',
  'Older weekly backups are deleted.': 'これより古い週次バックアップを削除します。',
  'Older monthly backups are deleted.': 'これより古い月次バックアップを削除します。',
  '{0} Five cron fields; null for never.': '{0}cron の 5 項目。null は実行しません。',
  'What the daemon does by the clock.': 'デーモンが定期的に行う処理。',
  'Deletes what retention says.': '保持ポリシーに従って削除します。',
  'Checks every backup, so that a damaged one is known before it is needed.':
    '必要になる前に破損が分かるよう、すべてのバックアップを検査します。',
  'Restores the newest backup into a scratch file, once a quarter.':
    '四半期に一度、最新のバックアップを一時ファイルにリストアします。',
  'The time zone of these schedules, as IANA names it.': 'これらの予定のタイムゾーン（IANA の名前）。',
  'The log, on standard error.': '標準エラー出力へのログ。',
  'The least important lines to write.': '出力する最低の重要度。',
  'json for machines, text for people.': 'json はプログラム向け、text は人向け。',
  'The configuration of the daemon. Relative paths are relative to the file; durations match {0}.':
    'デーモンの設定。相対パスはこのファイルからの相対です。時間の形式は {0} です。',
  'The version of this form.': 'この形式のバージョン。',
  'What this document is.': 'この文書の種類。',
  "The daemon's own state: its database, the status files. Never inside a backup directory, for a restore must not take its own record back in time.":
    'デーモン自身の状態（データベース、ステータスファイル）。リストアがその記録自体を過去に戻さないよう、バックアップディレクトリの中には置けません。',
  'The databases that may be restored. A request names one of them.':
    'リストアできるデータベース。リクエストはこのうち 1 つを指定します。',
  'In which language commands speak to people, unless --lang or MODOSU_LANG says another. Without it: the locale.':
    'コマンドが人に対して使用する言語（--lang または MODOSU_LANG が優先）。省略時はロケールに従います。',
  'Restores at once, over all targets; of one target there is never more than one.':
    '全対象を通じた同時リストア数。1 つの対象で同時に実行されるのは 1 件だけです。',
  'Set by the Kubernetes API server. Accepted and ignored.':
    'Kubernetes API サーバーが設定する項目。指定されていても無視します。',
  'What identifies the request. Labels and annotations are kept, shown, and mean nothing to the restore.':
    'リクエストの識別情報。ラベルと注釈は保持・表示され、リストアには影響しません。',
  'The identity of the request, a DNS label: lower-case letters, digits and hyphens, at most 63. A request of one name runs once, whatever becomes of its file; to restore again, give a new name.':
    'リクエストを識別する DNS ラベル（英小文字、数字、ハイフン、63 文字以内）。同じ名前のリクエストは、ファイルがどうなっても一度だけ実行されます。再度リストアするには新しい名前を付けてください。',
  'Key and value pairs to find the request by. Values are text: put numbers and true in quotes.':
    'リクエストの検索に使うキーと値。値はテキストです（数値や true は引用符で囲んでください）。',
  'Free notes, for instance the link to a ticket. Values are text.':
    '自由な注記（チケットへのリンクなど）。値はテキストです。',
  'What is to be restored, from what, and how.': 'リストアする対象、リストア元、方法。',
  "The name of a target of the daemon's configuration. A request never names a database path, so it can overwrite nothing that the configuration does not list.":
    'デーモンの設定にある対象の名前。リクエストではデータベースのパスを指定しないため、設定にないものが上書きされることはありません。',
  'The node that restores it, where many hosts read one repository of requests: the name that the daemon of that host has in its configuration (node.name), by default its host name. Every other daemon leaves the request alone.':
    '多数のホストが 1 つのリクエストのリポジトリを読む場合に、リストアを実行するノード。そのホストのデーモンの設定にある名前（node.name、既定はホスト名）です。他のデーモンはこのリクエストを実行しません。',
  'Labels that a node must have (node.labels of its configuration), every one of them, for its daemon to restore this. Every daemon whose node has them does, each on its own target.':
    'デーモンがリストアを実行するためにノードが持つべきラベル（設定の node.labels）のすべて。該当するノードのデーモンは、それぞれ自身の対象で実行します。',
  'Says that the present database may be overwritten. Anything but true is rejected with "Confirmation required".':
    '現在のデータベースが上書きされてよいことを示します。true 以外は "Confirmation required" として拒否されます。',
  'Take a safety backup of the present database first. With false there is no safety backup and no automatic rollback: only for a disk too full to hold one (manual 4.4).':
    '先に現在のデータベースの安全バックアップを作成します。false の場合、安全バックアップも自動ロールバックもありません（作成する空き容量がない場合だけ。手順書 4.4）。',
  'Restore does it. DryRun resolves the backup and reports the plan and nothing else. Drill restores into a scratch file, runs every check and the smoke queries, reports and deletes it; the database is not touched. Extract writes the checked backup as one file into extracts.path of the target; the database is not touched.':
    'Restore はリストアを実行します。DryRun はバックアップを特定して計画を報告するだけです。Drill は一時ファイルにリストアし、すべてのチェックとスモーククエリを実行して報告した後に削除します。データベースは変更されません。Extract は検証済みのバックアップを対象の extracts.path に 1 ファイルとして書き出します。データベースは変更されません。',
  'A login at the application after each restore, once, for point 3 of the checklist (manual 11). It never changes how the restore ends. Use an account of its own that may do nothing.':
    'リストア後にアプリケーションへ 1 回ログインし、チェックリスト（手順書 11章）の項目 3 を確認します。リストアの結果には影響しません。権限のない専用アカウントを使用してください。',
  'Where the login is sent by POST. https, or http on this host.':
    'ログインを POST で送る URL。https、またはこのホストの http。',
  'Of the account.': 'アカウント名。',
  'File with the password alone, mode 0600, owned by root or the user of the daemon.':
    'パスワードだけを書いたファイル。権限 0600、所有者は root またはデーモンのユーザー。',
  'The member of the JSON body that holds the name.': '名前を入れる JSON 本文のメンバー。',
  'The member of the JSON body that holds the password.': 'パスワードを入れる JSON 本文のメンバー。',
  'The status of a login that has succeeded.': 'ログインに成功したときの HTTP ステータス。',
  'The member of the JSON answer that must hold a token; null: the status is enough.':
    'トークンを含むべき JSON 応答のメンバー。null の場合はステータスだけで判定します。',
  'How long it may take, 60s at most; while nobody listens, it is tried again.':
    '待ち時間の上限（最大 60s）。待ち受けているプログラムがない間は再試行します。',
  'What a dry run tells.': 'ドライランの報告内容。',
  'Of the rows that would vanish, return or change, three of each kind and table stand in the status, which everybody reads who may see the request. keys: their primary keys, and the names of the columns that differ. values: what the columns hold, too. none: figures alone.':
    '消える行・戻る行・変わる行を、種類とテーブルごとに 3 行までステータスに示します（リクエストを参照できる人は誰でも読めます）。keys: 主キーと、異なる列の名前。values: 列の値も示します。none: 行数だけを示します。',
  'Where checked backups are put as files by requests with mode: Extract; without it they are rejected.':
    'mode: Extract のリクエストが検証済みバックアップをファイルとして書き出す場所。設定しない場合、このリクエストは拒否されます。',
  'A directory of its own, on any file system. The file is REQUEST.db, mode 0600, owned by the user of the daemon. Nothing is overwritten, and nothing in it is ever pruned: whoever asked for a file removes it.':
    '専用のディレクトリ（ファイルシステムは問いません）。ファイル名は「リクエスト名.db」、権限は 0600、所有者はデーモンのユーザーです。上書きも自動削除も行いません。不要になったファイルは依頼した人が削除してください。',
  'Replace swaps the database file by an atomic rename while it is closed. InPlace writes through SQLite into the open database, for bind-mounted files and for applications that cannot be stopped.':
    'Replace は閉じられたデータベースファイルを不可分なファイル名の変更で差し替えます。InPlace は開かれたデータベースに SQLite 経由で書き込みます（バインドマウントされたファイルや、停止できないアプリケーション向け）。',
  'Restore these tables only; empty means the whole database. Foreign keys are checked afterwards.':
    'これらのテーブルだけをリストアします（空の場合はデータベース全体）。外部キーは後で検査されます。',
  "StopStart stops the target's service before the swap and starts it after. RestartAfter leaves it running and restarts it at the end. None leaves it alone, also where it does not run; whoever has the database open is then refused.":
    'StopStart は差し替え前に対象のサービスを停止し、後で起動します。RestartAfter は動作させたまま最後に再起動します。None は停止中の場合も含めて何もしません（データベースを開いているものがあれば拒否されます）。',
  'Accept the request and do not start it until this is false, or until `modosu resume NAME`.':
    'リクエストを受け付け、これが false になるか `modosu resume NAME` まで開始しません。',
  'Begin of the maintenance window: the request waits until then. RFC 3339 with a time zone.':
    'メンテナンス時間帯の開始（それまでリクエストは待機します）。タイムゾーン付きの RFC 3339。',
  'End of the maintenance window: a request that has not started by then is Expired. RFC 3339.':
    'メンテナンス時間帯の終了（それまでに開始しなかったリクエストは Expired になります）。RFC 3339。',
  "Seconds that a restore may be active; one that has not come to the swap by then ends as Failed, the database untouched. 900 is the manual's recovery time objective of 15 minutes.":
    'リストアを実行できる秒数（それまでに差し替えに至らない場合は Failed で終了し、データベースは変更されません）。900 は手順書の目標復旧時間 15 分です。',
  'Seconds after its end at which a finished request leaves the list. The audit log keeps it.':
    '終了したリクエストが一覧から消えるまでの、終了後の秒数。監査ログには残ります。',
  'Who asks for the restore: the name in the audit log and in the report.':
    'リストアの依頼者（監査ログと報告に載る名前）。',
  'Why, for the audit log and the report.': '監査ログと報告に残す理由。',
  'The four-eyes rule for important restores (manual 2.5).': '重要なリストアの二人承認（手順書 2.5）。',
  'How many other people must run `modosu approve NAME` before the restore starts.':
    'リストアの開始前に `modosu approve NAME` を実行する必要がある他の人の数。',
  'Asks the daemon to restore one SQLite database from one of its backups.':
    'デーモンに、1 つの SQLite データベースをバックアップからリストアするよう依頼します。',
  'Written by the daemon. Ignored in a request.': 'デーモンが書き込む項目。リクエストでは無視されます。',
  "Path inside the target's backup directory: relative, without `..`.":
    '対象のバックアップディレクトリ内のパス（相対パス、`..` は不可）。',
  'Where the data comes from: exactly one of these keys.': 'データの取得元（これらのキーのうち 1 つだけ）。',
  'A backup by its id, as `modosu get backups` lists it. BKP-YYYYMMDD-HHMMSS-type and BKP-YYYYMMDDHHMMSS-type name the same one.':
    '`modosu get backups` で表示されるバックアップID。BKP-YYYYMMDD-HHMMSS-type と BKP-YYYYMMDDHHMMSS-type は同じものを指します。',
  'The newest backup that passes every check; damaged ones are reported and passed over. Write {} for any.':
    'すべてのチェックに合格した最新のバックアップ（破損したものは報告され、使用されません）。条件がなければ {} と記述します。',
  'Look at backups of these types only.': 'これらの種別のバックアップだけを対象にします。',
  'Only backups made before this time, for instance the time of the mistake. RFC 3339.':
    'この時刻（誤操作の時刻など）より前に作成されたバックアップだけを対象にします。RFC 3339。',
  'A backup file by its path, for one that is in no catalog.': 'カタログにないバックアップファイルのパス。',
  'The SHA-256 that the file must have, in hexadecimal.': 'ファイルの SHA-256（16進数）。',
  'A compressed SQL dump (.sql.gz), the last resort when every .db is damaged (manual 8.2).':
    '圧縮された SQL ダンプ（.sql.gz）。すべての .db が破損した場合の最後の手段です（手順書 8.2）。',
  'A safety backup of an earlier restore: puts back what that restore replaced.':
    '以前のリストアの安全バックアップ（そのリストアが置き換えたものを戻します）。',
  'Its file name, as `modosu get safety` lists it; or that of a replaced database which a restore has put aside beside it (`.broken.TIME`) and which the state store knows.':
    '`modosu get safety` で表示されるファイル名。または、リストアが隣に退避した置き換え済みデータベース（`.broken.TIME`）で、状態ストアに記録があるものの名前です。',
  'A query whose first value says whether the data is there (manual 11, 4 to 6).':
    '最初の値がデータの有無を示すクエリ（手順書 11 の 4 から 6）。',
  'Its name in the report.': '報告に載る名前。',
  'One query that only reads.': '読み取り専用のクエリ 1 つ。',
  'The least value that is good.': '正常とする最小値。',
  'The greatest value that is good.': '正常とする最大値。',
  'How much is proven, and what counts as a failure.': '検証の範囲と、失敗と見なすもの。',
  'full repeats the integrity check after the swap, as the manual asks; its time is downtime. identity proves that the database is the very file whose bytes passed before.':
    'full は手順書どおり差し替え後に整合性チェックを繰り返します（その時間も停止時間になります）。identity はデータベースが検証済みのファイルそのものであることを確認します。',
  'Refuse a backup for which no checksum is recorded.': 'チェックサムの記録がないバックアップを拒否します。',
  'What a violated foreign key in a backup means.': 'バックアップに外部キー違反がある場合の扱い。',
  'Time limit of one check; without it, it grows with the size of the database.':
    '1 つのチェックの制限時間（省略時はデータベースの大きさに応じて延びます）。',
  'Accept a backup that SQLite cannot check at all, because it needs a collation or function of the application.':
    'アプリケーションの照合順序や関数が必要で、SQLite が検査できないバックアップを受け入れます。',
  'Where the backups lie and what they are called (manual 2.3).': 'バックアップの場所と名前（手順書 2.3）。',
  'The directory with daily/, weekly/ and monthly/; safety backups go directly into it.':
    'daily/、weekly/、monthly/ のあるディレクトリ（安全バックアップは直下に作成されます）。',
  "STEM of STEM_daily_YYYYMMDD_HHMMSS.db; without it, the database file's name without its suffix.":
    'STEM_daily_YYYYMMDD_HHMMSS.db の STEM（省略時はデータベースのファイル名から拡張子を除いたもの）。',
  "IANA time zone of the times in the names of its backups. The ids are UTC whatever it is, and so are the times in the application's list of its backups, which win over a name.":
    'バックアップの名前に含まれる時刻の IANA タイムゾーン。ID は常に UTC です。アプリケーションのバックアップ一覧の時刻も UTC で、名前より優先されます。',
  "The application's list of its backups, inside the database.":
    'データベース内の、アプリケーションのバックアップ一覧。',
  "The application's audit log, inside the database, into which each restore is written, and each verification that somebody asked for.":
    '各リストアと、依頼された各検証を記録する、データベース内のアプリケーションの監査ログ。',
  'The user of the application on whom a restore or a verification is booked in auditTable where the application does not know who asked for it; details name who did.':
    '依頼者がアプリケーションに登録されていない場合に、auditTable でリストアや検証を記録するアプリケーションのユーザー（実際の依頼者は details に記録されます）。',
  'One database that may be restored.': 'リストアできるデータベース 1 つ。',
  'The name by which requests call it, a DNS label.': 'リクエストで指定する名前（DNS ラベル）。',
  'The SQLite file that the application uses.': 'アプリケーションが使用する SQLite ファイル。',
  'Asked of the restored database.': '復元したデータベースに対して実行するクエリ。',
  'At most so many restores in so long (manual 9, Q6).': '一定時間内のリストア回数の上限（手順書 9、Q6）。',
  'How many.': '回数。',
  'In how long.': '時間。',
  'The recovery time objective, against which restores are measured (manual 1.5).':
    'リストアの目標復旧時間（手順書 1.5）。',
  'Webhooks that are told each outcome.': '各結果を通知する Webhook。',
  'The listeners for commands and for the HTTP API of the manual.': 'コマンドおよび手順書の HTTP API の待ち受け。',
  'HOST:PORT of the HTTP API, port 9470 where none is given. Without it, or null: no TCP at all. Without api.tls it must be a loopback address.':
    'HTTP API の HOST:PORT（ポートの既定は 9470）。省略または null の場合、TCP は使用しません。api.tls がない場合はループバックアドレスである必要があります。',
  'HTTPS for api.listen, TLS 1.2 or later. Left empty: plain HTTP, on loopback only.':
    'api.listen の HTTPS（TLS 1.2 以降）。空の場合は平文の HTTP で、ループバックだけで待ち受けます。',
  'Certificate chain, PEM. A renewed file is used within a minute.':
    '証明書チェーン（PEM）。更新されたファイルは 1 分以内に使用されます。',
  'Make a certificate in stateDir instead and keep it there. Its fingerprint is logged, so that a client can compare it.':
    '代わりに stateDir に証明書を作成し、保持します。クライアントが照合できるよう、フィンガープリントはログに記録されます。',
  'Addresses or networks of reverse proxies whose X-Forwarded headers are believed. Empty: the headers are ignored, and every client behind a proxy has the address of the proxy.':
    'X-Forwarded ヘッダーを信頼するリバースプロキシのアドレスまたはネットワーク。空の場合、ヘッダーは無視され、プロキシの背後のクライアントはすべてプロキシのアドレスになります。',
  'At most so many calls of one address in so long; more get 429.':
    '一定時間内に 1 つのアドレスが行える呼び出しの上限（超過すると 429）。',
  "What confirm is in POST /api/v1/backups/ID/restore where the call leaves it out: false refuses the call (manual 8.1), true restores (manual 4.3). Nothing but the manual's call is concerned.":
    'POST /api/v1/backups/ID/restore で confirm が省略されたときの値。false は呼び出しを拒否し（手順書 8.1）、true はリストアを実行します（手順書 4.3）。手順書の呼び出しだけに適用されます。',
  'The users of Modosu itself, who log in with a password.': 'パスワードでログインする Modosu 自身のユーザー。',
  'The file that modosu user writes, mode 0600. It is read anew when it changes. Without it there are no such users.':
    'modosu user が書き込むファイル（モード 0600）。変更されると再読み込みされます。省略時、このようなユーザーはいません。',
  'How long a login lasts.': 'ログインの有効時間。',
  'It ends when it was not used for so long.': 'この時間使用しないと終了します。',
  'It ends after so long in any case.': 'いずれの場合もこの時間で終了します。',
  "The application's own tokens, so that its users need no second login. Give one of secretFile, publicKeyFile, jwksFile and jwksUrl.":
    'アプリケーション自身のトークン（利用者の二重のログインを不要にします）。secretFile、publicKeyFile、jwksFile、jwksUrl のいずれか 1 つを指定します。',
  'The one algorithm that is accepted.': '受け入れる唯一のアルゴリズム。',
  'For HS256: the secret that the application signs with, 32 bytes or more.':
    'HS256 の場合: アプリケーションが署名に使う秘密の値（32 バイト以上）。',
  'For RS256 and ES256: the public key, PEM.': 'RS256 と ES256 の場合: 公開鍵（PEM）。',
  'For RS256 and ES256: a JSON Web Key Set.': 'RS256 と ES256 の場合: JSON Web Key Set。',
  'For RS256 and ES256: where the JSON Web Key Set is served, https or loopback.':
    'RS256 と ES256 の場合: JSON Web Key Set の URL（https またはループバック）。',
  'The iss that a token must have; absent: any.': 'トークンが持つべき iss（省略時は任意）。',
  'The aud that a token must have; absent: any.': 'トークンが持つべき aud（省略時は任意）。',
  'Where a token says the role.': 'トークンの中でロールを示す場所。',
  'Where a token says the user.': 'トークンの中でユーザーを示す場所。',
  'What a role of the application may do here: viewer, operator or admin. Every role that is not listed may do nothing.':
    'アプリケーションのロールに許可する操作（viewer、operator、admin）。記載のないロールは何もできません。',
  'The databases of that application: a token counts for them alone, and not when it was issued before their last restore. May be left out where there is one target.':
    'そのアプリケーションのデータベース（トークンはこれらにだけ有効で、最後のリストアより前に発行されたものは無効です）。対象が 1 つの場合は省略できます。',
  'The table of these databases in which the application keeps the jti of revoked tokens: those are refused. Where it is missing or cannot be read, none counts as revoked. null: there is none.':
    'アプリケーションが失効させたトークンの jti を記録する、これらのデータベース内のテーブル（記録されたトークンは拒否されます）。テーブルがない、または読み取れない場合は、失効したトークンはないものとして扱います。null はテーブルなし。',
  'Logging in at an OpenID Connect issuer, from a browser: /auth/oidc/login. The issuer is asked for its addresses at the first login, so that the daemon starts without it.':
    'ブラウザーからの OpenID Connect ログイン（/auth/oidc/login）。発行者（IdP）への問い合わせは最初のログイン時に行われるため、発行者が停止していてもデーモンは起動します。',
  'The issuer, as it spells itself: https, or http on loopback.':
    '発行者（issuer）の URL。発行者自身の表記と同じもの（https、またはループバックの http）。',
  'What the issuer calls this daemon.': 'このデーモンのクライアント ID。',
  'The secret that the issuer has given out, alone in a file. Without it: a public client.':
    '発行者から渡されたクライアントシークレットだけを含むファイル。省略するとパブリッククライアント。',
  'Where the issuer sends the browser: the address of this daemon as the browser knows it, and /auth/oidc/callback.':
    '発行者がブラウザーを戻す先。ブラウザーから見たこのデーモンのアドレスに /auth/oidc/callback を付けたもの。',
  'What is asked of the issuer; openid is always asked.': '発行者に要求するスコープ（openid は常に要求します）。',
  'Where the issuer says what somebody may do: a text or a list, also inside an object (realm_access.roles).':
    '権限を示すクレーム。文字列またはリスト。オブジェクトの中も指定できます（realm_access.roles）。',
  'Where the issuer says what somebody is called.': '表示名を示すクレーム。',
  'What a value of roleClaim may do here: viewer, operator or admin. Whoever has none that is listed may not log in.':
    'roleClaim の値に対応するここでのロール（viewer、operator、admin）。列挙された値を持たない人はログインできません。',
  'The targets that these roles are for. Left out: all of them.':
    'これらのロールが有効な対象。省略するとすべての対象。',
  'Who may do what over TCP. On the socket, its file mode says it.':
    'TCP での操作の権限。ソケットではファイルモードによります。',
  'How many people must approve a restore of it; a request cannot waive that.':
    'リストアに必要な承認者の人数。リクエストで省略することはできません。',
  'People besides the one who submitted, each of whom has proven who they are. Drills, dry runs and extracts need none.':
    '送信者以外で、本人であることが証明された人の数。ドリル、ドライラン、取り出しには不要です。',
  'Who gives the password again before a restore: web for whoever comes with the cookie of the page, always for every login, never for nobody.':
    'リストア前にパスワードを再入力する対象（web はページの Cookie を使う人、always はすべてのログイン、never はなし）。',
  'Checks a backup soon after it appears, as verifyBackups would: one at a time, and while no restore runs. Those that were there when the daemon started are left to verifyBackups.':
    'バックアップが現れたらまもなく verifyBackups と同様に検査します（1 件ずつ、リストアの実行中を除く）。デーモンの起動時に既にあったものは verifyBackups が検査します。',
  'How fast verifyBackups and verifyNewBackups may read, in MB/s (10^6 bytes), so that the application keeps the disk; null for as fast as it can.':
    'アプリケーションのディスク性能を保つための verifyBackups と verifyNewBackups の読み取り速度の上限（MB/s、10^6 バイト）。null は無制限。',
} as const satisfies Readonly<Record<string, string>>
