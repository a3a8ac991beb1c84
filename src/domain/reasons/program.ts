/** Reasons that lie in the program's own surroundings: its configuration, its state, its command line. */

import type { ReasonEntry } from './entry.ts'

export const PROGRAM_REASONS = {
  InternalError: {
    exitCode: 1,
    en: {
      cause: 'something that was not foreseen',
      check: 'journalctl -u modosu -p err; the command again with --verbose',
      remedy: ['report it with the output of modosu version -o json'],
    },
    ja: {
      cause: '想定外のエラー',
      check: '`journalctl -u modosu -p err`、コマンドを --verbose 付きで再実行',
      remedy: ['`modosu version -o json` の出力を添えて報告する'],
    },
  },
  UsageError: {
    exitCode: 2,
    en: {
      cause: 'the command was not given what it needs',
      check: 'modosu COMMAND --help',
      remedy: ['what the message and the hint say'],
    },
    ja: {
      cause: 'コマンドの使い方が正しくない',
      check: '`modosu COMMAND --help`',
      remedy: ['メッセージとヒントに従う'],
    },
  },
  ConfigurationNotFound: {
    exitCode: 2,
    en: {
      cause: 'there is no configuration file at the path',
      check: '--config, then $MODOSU_CONFIG, then /etc/modosu/modosu.yaml',
      remedy: ['name the file: modosu --config FILE …'],
    },
    ja: {
      cause: '設定ファイルが存在しない',
      check: '--config、$MODOSU_CONFIG、/etc/modosu/modosu.yaml の順に参照する',
      remedy: ['設定ファイルを指定する: `modosu --config FILE …`'],
    },
  },
  InvalidConfiguration: {
    exitCode: 2,
    en: {
      cause: 'the configuration is not valid',
      check: 'line, column and path in the message; modosu explain configuration.FIELD',
      remedy: ['correct the file'],
    },
    ja: {
      cause: '設定ファイルの内容が正しくない',
      check: 'メッセージの行・列・パスを確認。`modosu explain configuration.FIELD`',
      remedy: ['設定ファイルを修正する'],
    },
  },
  ParserBusy: {
    exitCode: 6,
    en: {
      cause: 'the machine is so busy that not even a harmless manifest was read in time; nothing is known of the file',
      check: 'uptime; top; free -m',
      automatic: 'the daemon reads its spool again by itself',
      remedy: ['try again', 'find out what keeps the machine busy'],
    },
    ja: {
      cause: '負荷が高く、問題のないマニフェストも時間内に読み取れなかった（ファイルの内容は未確認）',
      check: '`uptime`、`top`、`free -m`',
      automatic: 'デーモンは spool を自動的に再読み込みする',
      remedy: ['再実行する', '負荷の原因を調査する'],
    },
  },
  FileUnreadable: {
    exitCode: 2,
    en: {
      cause: 'a file that was named on the command line cannot be read',
      check: 'ls -l FILE',
      remedy: ['name another, or - for the standard input'],
    },
    ja: {
      cause: '指定されたファイルを読み取れない',
      check: '`ls -l FILE`',
      remedy: ['別のファイル、または標準入力（-）を指定する'],
    },
  },
  NoStateStore: {
    exitCode: 5,
    en: {
      cause: 'there is no state store yet, or it may not be read',
      check: 'stateDir of the configuration: ls -l STATE/modosu.db',
      remedy: ['start the daemon once', 'run the command with sudo'],
    },
    ja: {
      cause: '状態データベースがまだない、または読み取り権限がない',
      check: '設定の stateDir を確認: `ls -l STATE/modosu.db`',
      remedy: ['デーモンを一度起動する', 'sudo を付けて実行する'],
    },
  },
  StateStoreTooNew: {
    exitCode: 1,
    en: {
      cause: 'a newer version of the program has written the state store',
      check: 'modosu version',
      remedy: ['install that version, or a newer one'],
    },
    ja: {
      cause: '状態データベースが新しいバージョンのプログラムで作成されている',
      check: '`modosu version`',
      remedy: ['同じか新しいバージョンをインストールする'],
    },
  },
  StateStoreUnusable: {
    exitCode: 1,
    en: {
      cause: 'the daemon cannot open its state store, and does nothing without it: damaged, full, or not writable',
      check: 'ls -la STATE; df -h STATE; journalctl -k | grep -i error',
      remedy: [
        'make room, or mend owner and mode, and start the daemon again',
        'where it is damaged, set it aside and start anew; what an unfinished restore left is named then (docs/state-store-lost.md)',
      ],
    },
    ja: {
      cause: '状態データベースを開けないため、デーモンは何も行わない（破損、空き容量不足、または書き込み不可）',
      check: '`ls -la STATE`、`df -h STATE`、`journalctl -k | grep -i error`',
      remedy: [
        '空き容量を確保する、または所有者と権限を修正して、デーモンを再起動する',
        '破損している場合は退避して新規に開始する（未完了のリストアの残留ファイルは起動時に表示される）',
      ],
    },
  },
  DaemonRunning: {
    exitCode: 6,
    en: {
      cause: 'another daemon runs on the same state directory',
      check: 'systemctl status modosu; fuser -v STATE/daemon.lock',
      remedy: ['stop the other one', 'give each daemon a stateDir of its own'],
    },
    ja: {
      cause: '同じ状態ディレクトリで別のデーモンが動作している',
      check: '`systemctl status modosu`、`fuser -v STATE/daemon.lock`',
      remedy: ['もう一方を停止する', 'デーモンごとに別の stateDir を指定する'],
    },
  },
  OrphansRunning: {
    exitCode: 1,
    en: {
      cause: 'a child process of an earlier daemon still works on a database',
      check: 'fuser -v STATE/children.lock',
      remedy: ['wait until it has ended, or end it, and start the daemon again'],
    },
    ja: {
      cause: '以前のデーモンの子プロセスがまだ動作している',
      check: '`fuser -v STATE/children.lock`',
      remedy: ['終了を待つか終了させてから、デーモンを再起動する'],
    },
  },
  LockUnavailable: {
    exitCode: 1,
    en: {
      cause: 'a lock file cannot be made or locked',
      check: 'its directory: ls -ld; the file system must have POSIX locks (some network file systems have none)',
      remedy: ['let the daemon write there', 'put the state directory on a local file system'],
    },
    ja: {
      cause: 'ロックファイルを作成またはロックできない',
      check: 'ディレクトリの権限と、ファイルシステムが POSIX ロックに対応しているかを確認',
      remedy: ['デーモンに書き込み権限を与える', '状態ディレクトリをローカルのファイルシステムに置く'],
    },
  },
  SpoolUnreadable: {
    exitCode: 1,
    en: {
      cause: 'the spool directory cannot be read; until it can, nothing counts as deleted',
      check: 'ls -ld SPOOL; findmnt SPOOL',
      remedy: ['mount it, or let the daemon read it'],
    },
    ja: {
      cause: 'スプールディレクトリを読み取れない（読み取れるまで、削除とはみなさない）',
      check: '`ls -ld SPOOL`、`findmnt SPOOL`',
      remedy: ['マウントする、またはデーモンに読み取り権限を与える'],
    },
  },
  AuditTampered: {
    exitCode: 1,
    en: {
      cause: 'a record of the audit log was edited, removed, reordered or cut off',
      check: 'modosu audit verify names the record; modosu audit verify --head HASH, with the auditHead of the journal',
      remedy: [
        'keep the state directory as evidence: cp -a STATE STATE.evidence',
        'find out who could write to it: ls -la STATE; the journal of that time',
        'restores go on; to begin a new log, stop the daemon and move modosu.db and audit.heads aside (docs/state-store-lost.md)',
      ],
    },
    ja: {
      cause: '監査ログのレコードが改ざん、削除、並べ替え、または切り詰められた',
      check:
        '`modosu audit verify` で該当レコードを確認、`modosu audit verify --head HASH` でジャーナルの auditHead と比較',
      remedy: [
        '状態ディレクトリを証拠として保全する: `cp -a STATE STATE.evidence`',
        '書き込み可能だった者を調査する: `ls -la STATE`、当時のジャーナル',
        'リストアは継続できる。新しいログを始める場合は、デーモンを停止して modosu.db と audit.heads を退避する',
      ],
    },
  },
  InsecurePermissions: {
    exitCode: 2,
    en: {
      cause:
        'somebody other than root, the daemon’s user and the application may write where the daemon reads its orders or ' +
        'keeps its databases, or to a directory above',
      check: 'namei -l PATH',
      remedy: [
        'the commands that the message gives: chmod o-w, chmod g-w or chown',
        'for a trial only: modosu daemon --insecure-permissions',
      ],
    },
    ja: {
      cause:
        'root、デーモンのユーザー、アプリケーション以外の者が、デーモンの参照するファイル・ディレクトリまたはその上位に書き込める',
      check: '`namei -l PATH`',
      remedy: [
        'メッセージに表示されたコマンド（`chmod o-w`、`chmod g-w`、`chown`）を実行する',
        '試用に限り `modosu daemon --insecure-permissions`',
      ],
    },
  },
  EventLoopBlocked: {
    exitCode: 1,
    en: {
      cause: 'the daemon was busy for longer than it should be',
      check: 'the load of the machine: top, iostat; journalctl -u modosu',
      remedy: ['relieve the machine', 'report it where it happens again'],
    },
    ja: {
      cause: 'デーモンが長時間応答できなかった',
      check: 'マシンの負荷（`top`, `iostat`）と `journalctl -u modosu` を確認',
      remedy: ['負荷を下げる', '繰り返す場合は報告する'],
    },
  },
  Interrupted: {
    exitCode: 3,
    en: {
      cause: 'the work was broken off: the daemon stopped, or somebody pressed Ctrl-C',
      check: 'modosu get requests',
      remedy: ['nothing: a restore begins again when the daemon starts'],
    },
    ja: {
      cause: '処理が中断された（デーモンの停止、または Ctrl-C）',
      check: '`modosu get requests`',
      remedy: ['対処は不要（リストアはデーモンの起動時に再開される）'],
    },
  },
} as const satisfies Readonly<Record<string, ReasonEntry>>
