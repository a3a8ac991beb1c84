/** Reasons that lie in the application around the database: its unit, its hooks, its health (manual Q3). */

import type { ReasonEntry } from './entry.ts'

export const SERVICE_REASONS = {
  ServiceStopFailed: {
    exitCode: 7,
    en: {
      cause:
        'the service could not be stopped; as an event: a warning only, because nobody had the database open (it may have crashed before)',
      check: 'systemctl status UNIT; journalctl -u UNIT -n 50; the command of service.command.stop by hand',
      automatic: 'where the service still runs or has the database open, the database is not touched',
      remedy: ['stop it by hand and restore again', 'give it more time: service.stopTimeout'],
    },
    ja: {
      cause:
        'サービスを停止できなかった。イベントとしては警告のみ（データベースを開いているプロセスがない場合。すでに異常終了していた可能性がある）',
      check:
        '`sudo systemctl status UNIT`、`sudo journalctl -u UNIT --since "5 minutes ago" -n 50`、service.command.stop のコマンドを手動で実行',
      automatic: 'サービスが稼働中、またはデータベースを開いている場合、データベースは変更されない',
      remedy: ['手動で停止してリストアを再実行', 'service.stopTimeout を延ばす'],
    },
  },
  ServiceNotStartable: {
    exitCode: 7,
    en: {
      cause: 'the unit is masked, or systemd finds no unit file that it can read; nothing was stopped or changed',
      check: 'systemctl status UNIT',
      remedy: [
        'systemctl unmask UNIT, or correct service.unit of the target, then restore again',
        'to restore while the application stays as it is: servicePolicy: None in the request',
      ],
    },
    ja: {
      cause: 'ユニットがマスクされている、または読み取れるユニットファイルがない（何も停止・変更していない）',
      check: '`systemctl status UNIT`',
      remedy: [
        '`systemctl unmask UNIT` を実行するか、ターゲットの service.unit を修正してリストアを再実行',
        'アプリケーションをそのままにしてリストアする場合は、リクエストに servicePolicy: None を指定',
      ],
    },
  },
  ServiceNotGated: {
    exitCode: 7,
    en: {
      cause: 'the unit could not be kept from starting while its database is replaced; nothing was stopped or changed',
      check: 'systemctl status "modosu-gate@*"; is deploy/systemd/modosu-gate@.service installed?',
      remedy: ['install modosu-gate@.service and 50-modosu.rules (deploy/systemd), then restore again'],
    },
    ja: {
      cause: 'データベースの差し替え中にユニットが起動しないようにできなかった（何も停止・変更していない）',
      check: '`systemctl status "modosu-gate@*"`、deploy/systemd/modosu-gate@.service が導入済みか確認',
      remedy: ['modosu-gate@.service と 50-modosu.rules（deploy/systemd）を導入してリストアを再実行'],
    },
  },
  ServiceStartFailed: {
    exitCode: 10,
    en: {
      cause: 'the service did not start: often a migration that does not fit, permissions, or a port that is taken',
      check:
        'systemctl status UNIT; journalctl -u UNIT --since "5 minutes ago" -n 50; ls -la DATABASE; ' +
        'PRAGMA integrity_check and .tables',
      remedy: [
        'migrations: an older backup may lack tables of later migrations; look for migration errors in the log',
        'permissions: correct owner and mode with chown, chmod',
        'port: an earlier process may still hold it; lsof -i :6443',
      ],
    },
    ja: {
      cause: 'リストア後にアプリケーションが起動しない（マイグレーション不整合・権限エラー・ポート競合が多い）',
      check:
        '`sudo systemctl status itsm-nexus-prod`、`sudo journalctl -u itsm-nexus-prod --since "5 minutes ago" -n 50`、' +
        'DBファイルの権限確認、DB整合性チェック、テーブル構造の確認',
      remedy: [
        'マイグレーション不整合: 古いバックアップにはマイグレーション済みテーブルがない場合があります。サービスログでマイグレーションエラーを確認してください。',
        '権限エラー: ファイルの所有者・権限が変わっている場合。`chown` / `chmod` で修正してください。',
        'ポート競合: 前のプロセスが残っている場合。`lsof -i :6443` で確認してください。',
      ],
    },
  },
  HoldersUnseen: {
    exitCode: 0,
    en: {
      cause:
        'not every process could be looked at: the daemon is not root and has no CAP_SYS_PTRACE, or /proc is mounted with hidepid',
      check: 'who has the database open: sudo fuser -v DATABASE',
      remedy: ['run the daemon as deploy/systemd/modosu.service does'],
    },
    ja: {
      cause:
        '一部のプロセスを確認できなかった（デーモンが root ではなく CAP_SYS_PTRACE もない、または /proc が hidepid でマウントされている）',
      check: '`sudo fuser -v DATABASE` でデータベースを開いているプロセスを確認',
      remedy: ['deploy/systemd/modosu.service のとおりにデーモンを動かす'],
    },
  },
  ServiceKeptDown: {
    exitCode: 0,
    en: {
      cause:
        'the restore failed and could not be rolled back: the unit is kept from starting on a database that nobody has proven',
      check: 'which unit, and the command: modosu events --for NAME; systemctl status "modosu-gate@*"',
      automatic: 'the next restore or rollback of the target that succeeds starts the unit',
      remedy: [
        'modosu rollback --target TARGET',
        'once the database is right: systemctl stop modosu-gate@UNIT.service, then start the unit',
      ],
    },
    ja: {
      cause: 'リストアに失敗しロールバックもできなかったため、未検証のデータベースでユニットが起動しないようにしている',
      check: '対象のユニットとコマンドは `modosu events --for NAME`、`systemctl status "modosu-gate@*"` で確認',
      automatic: '次に成功したリストアまたはロールバックがユニットを起動する',
      remedy: [
        '`modosu rollback --target TARGET`',
        'データベースが正常になったら `sudo systemctl stop modosu-gate@UNIT.service` を実行し、ユニットを起動する',
      ],
    },
  },
  HealthCheckFailed: {
    exitCode: 10,
    en: {
      cause: 'the service runs, but its health check did not answer 2xx in time',
      check: 'the URL by hand: curl -sk URL; journalctl -u UNIT -n 50',
      automatic: 'the automatic rollback is carried out',
      remedy: [
        'migrations: look for migration errors in the log of the service',
        'give it more time: healthCheck.timeout',
        'restore from another backup',
      ],
    },
    ja: {
      cause: 'サービスは起動したが、ヘルスチェックが時間内に成功しなかった',
      check: '`curl -sk URL | jq .`、`sudo journalctl -u UNIT -n 50`',
      automatic: '自動ロールバックが実行される',
      remedy: [
        'サービスログでマイグレーションエラーを確認してください。',
        'healthCheck.timeout を延ばす',
        '別のバックアップを使用してリストア',
      ],
    },
  },
  HookFailed: {
    exitCode: 7,
    en: {
      cause: 'a hook of the configuration failed or took too long',
      check: 'its last output is in the message; run its command by hand',
      remedy: ['mend the hook, then: modosu retry NAME', 'give it more time: its timeout'],
    },
    ja: {
      cause: '設定されたフックが失敗した、または時間切れになった',
      check: 'メッセージの出力を確認し、コマンドを手動で実行してみる',
      remedy: ['フックを修正して `modosu retry NAME`', 'timeout を延ばす'],
    },
  },
  AuditMirrorFailed: {
    exitCode: 0,
    en: {
      cause: 'the outcome stands; its audit row could not be written into the application’s database',
      check: 'the audit table of the target; the daemon’s own log has the record: modosu get audit',
      remedy: ['add the row by hand where the application needs it'],
    },
    ja: {
      cause: '結果はそのまま有効だが、アプリケーションのデータベースの監査テーブルに記録できなかった',
      check: '監査テーブルを確認。デーモン自身の監査ログには記録済み: `modosu get audit`',
      remedy: ['アプリケーションで必要な場合は手動で追加する'],
    },
  },
  AuditMirrorIncomplete: {
    exitCode: 0,
    en: {
      cause:
        'the outcome stands; some rows of the catalog or audit table were not written: the table has a trigger, is no plain table, or the application does not know the user',
      check: 'which ones, and why: modosu events --for NAME; complete records: modosu get audit',
      remedy: ['no user known: set backups.auditUser', 'add the rows by hand where the application needs them'],
    },
    ja: {
      cause:
        '結果はそのまま有効だが、カタログまたは監査テーブルの一部の行を書き込めなかった（トリガーがある、通常のテーブルではない、アプリケーションがユーザーを知らない）',
      check: '`modosu events --for NAME` で確認。完全な記録: `modosu get audit`',
      remedy: ['ユーザー不明の場合は backups.auditUser を設定', 'アプリケーションで必要な場合は手動で追加する'],
    },
  },
  NotificationFailed: {
    exitCode: 0,
    en: {
      cause: 'a webhook did not accept the message about an outcome; the restore is not concerned',
      check: 'its URL and answer in the message',
      remedy: ['mend the receiver: the message is sent again'],
    },
    ja: {
      cause: 'Webhook への結果通知に失敗した（リストアには影響しない）',
      check: 'メッセージの URL と応答を確認',
      remedy: ['受信側を修正する（通知は再送される）'],
    },
  },
} as const satisfies Readonly<Record<string, ReasonEntry>>
