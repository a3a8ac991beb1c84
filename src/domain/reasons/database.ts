/** Reasons that lie in the operator's database, its directory or its disk (manual 7 and 8.4). */

import type { ReasonEntry } from './entry.ts'

export const DATABASE_REASONS = {
  DatabaseInUse: {
    exitCode: 6,
    en: {
      cause: 'a process has the database open, and it must not be replaced under it',
      check: 'who: the message names pid and command; fuser -v DATABASE DATABASE-wal',
      remedy: [
        'stop the application and restore again',
        'name its unit in the configuration (targets.service), so that the daemon stops it',
      ],
    },
    ja: {
      cause: 'データベースを開いているプロセスがあるため、差し替えできない',
      check: 'メッセージの pid とコマンドを確認（`fuser -v DATABASE DATABASE-wal`）',
      remedy: [
        'サービスを停止してからリストアを再実行',
        '設定の targets.service にユニット名を指定し、デーモンに停止させる',
      ],
    },
  },
  DatabaseCorrupt: {
    exitCode: 7,
    en: {
      cause: 'SQLite cannot read the file: it is damaged',
      check: 'which file the message names; of the database: the health of the disk, dmesg | grep -i error',
      remedy: [
        'where it is the database: restore from a backup',
        'where it is a backup: take the next older one, modosu get backups',
        'where the disk has failed, bring the system up on another disk',
      ],
    },
    ja: {
      cause: 'データベースファイルが破損しており、SQLite で読み取れない',
      check: 'メッセージにあるファイルを確認。データベースの場合はディスクの健全性（`dmesg | grep -i error`）',
      remedy: [
        'データベースの場合: バックアップからリストア',
        'バックアップの場合: 一つ前のバックアップを使用（`modosu get backups`）',
        'ディスク障害の場合は、別のディスクにシステムを復旧',
      ],
    },
  },
  NotADatabase: {
    exitCode: 7,
    en: {
      cause: 'the file is empty, or no SQLite database at all',
      check: 'what it is: ls -l FILE, file FILE',
      remedy: ['restore from another backup', 'correct the path where it is the wrong one'],
    },
    ja: {
      cause: 'ファイルが空、または SQLite データベースではない',
      check: '`ls -l FILE`, `file FILE` で確認',
      remedy: ['別のバックアップを使用してリストア', 'パスが誤っている場合は修正する'],
    },
  },
  DatabaseEncrypted: {
    exitCode: 7,
    en: {
      cause:
        'the file looks random, from its first byte on or behind a plain header: it may be encrypted (SQLCipher, SEE), or is no SQLite database at all',
      check: 'whether the application sets a key (PRAGMA key); file FILE; ls -l FILE',
      remedy: [
        'an encrypted database is restored with the means of the application that has its key',
        'where the present database is wreckage, set the annotation that the hint of the status names',
        'restore from another backup',
      ],
    },
    ja: {
      cause:
        'ファイルが先頭から、またはヘッダーの後から乱数のように見える。暗号化されている（SQLCipher, SEE）可能性があるか、SQLite データベースではない',
      check: 'アプリケーションが鍵（PRAGMA key）を設定しているか、`file FILE`, `ls -l FILE` で確認',
      remedy: [
        '暗号化されたデータベースは、鍵を持つアプリケーションの手段で復旧する',
        '現在のデータベースが壊れているだけの場合は、ステータスのヒントにあるアノテーションを設定する',
        '別のバックアップを使用してリストア',
      ],
    },
  },
  NeedsRecovery: {
    exitCode: 7,
    en: {
      cause: 'a writer died in the middle of a transaction and left its journal',
      check: 'the -journal or -wal beside the database: ls -l',
      remedy: ['start the application once, or open the database with sqlite3: that rolls the transaction back'],
    },
    ja: {
      cause: '書き込み中のプロセスが異常終了し、ジャーナルが残っている',
      check: 'データベースの横の -journal / -wal を `ls -l` で確認',
      remedy: ['アプリケーションを一度起動するか sqlite3 で開く（トランザクションがロールバックされる）'],
    },
  },
  TargetNotReplaceable: {
    exitCode: 7,
    en: {
      cause:
        'the database path cannot be replaced by a rename: a mount point, a second hard link, no regular file, a file or directory with chattr +i or +a, or a file system without hard links',
      check: 'ls -li DATABASE; findmnt -T DATABASE; lsattr -d DATABASE DIRECTORY',
      remedy: [
        'give the database a place of its own in a directory',
        'remove the second link',
        'take the flag away: chattr -i FILE, chattr -a DIRECTORY',
        'move the database to a file system that has hard links (not exFAT or FAT)',
      ],
    },
    ja: {
      cause:
        'データベースのパスを置き換えられない（マウントポイント、ハードリンク、通常ファイル以外、chattr +i / +a、ハードリンクのないファイルシステム）',
      check: '`ls -li DATABASE`, `findmnt -T DATABASE`, `lsattr -d DATABASE DIRECTORY`',
      remedy: [
        'データベースを通常のディレクトリ内のファイルとして配置する',
        '余分なハードリンクを削除する',
        '属性を解除する（`chattr -i FILE`, `chattr -a DIRECTORY`）',
        'ハードリンクのあるファイルシステムに移す（exFAT・FAT 以外）',
      ],
    },
  },
  LeftoversFound: {
    exitCode: 7,
    en: {
      cause:
        'an earlier restore of this name left the old database beside the present one, and the state store knows nothing of it',
      check: 'modosu describe target TARGET says which file is which',
      remedy: [
        'run the commands that it gives, which keep the old database as a safety backup, then: modosu retry NAME',
      ],
    },
    ja: {
      cause: '同名の以前のリストアが旧データベースを残しており、状態データベースに記録がない',
      check: '`modosu describe target TARGET` で各ファイルの内容を確認',
      remedy: ['表示されたコマンドを実行し（旧データベースは安全バックアップとして保存される）、`modosu retry NAME`'],
    },
  },
  OriginalKept: {
    exitCode: 0,
    en: {
      cause:
        'the restore has succeeded, but the replaced database could not be put away and still lies beside the restored one',
      check: 'modosu describe target TARGET says which file is which; what stood in the way: journalctl -u modosu',
      automatic: 'the restored database is in place and passed every check; nothing of the replaced one was removed',
      remedy: ['run the commands that modosu describe target TARGET gives; a .broken. file goes with the retention'],
    },
    ja: {
      cause: 'リストアは成功したが、差し替え前のデータベースを片付けられず、横に残っている',
      check: '`modosu describe target TARGET` で各ファイルの内容を、`journalctl -u modosu` で原因を確認',
      automatic: '復元したデータベースはすべてのチェックに合格して配置済み。差し替え前のデータは何も削除していない',
      remedy: [
        '`modosu describe target TARGET` が示すコマンドを実行する（.broken. ファイルは保持期間に従って削除される）',
      ],
    },
  },
  CleanupFailed: {
    exitCode: 0,
    en: {
      cause: 'the restore has ended as its phase says, but a file of it beside the database could not be removed',
      check: 'modosu describe target TARGET says which file is which; what stood in the way: journalctl -u modosu',
      remedy: ['run the commands that modosu describe target TARGET gives'],
    },
    ja: {
      cause: 'リストアは表示されたフェーズのとおりに終了したが、データベースの横に残った作業ファイルを削除できなかった',
      check: '`modosu describe target TARGET` で各ファイルの内容を、`journalctl -u modosu` で原因を確認',
      remedy: ['`modosu describe target TARGET` が示すコマンドを実行する'],
    },
  },
  TargetReplaced: {
    exitCode: 10,
    en: {
      cause: 'somebody else put another file at the database path while the restore was running',
      check: 'who writes there: ls -li DATABASE; other restore scripts, the application itself',
      remedy: ['keep other processes away from it and restore again'],
    },
    ja: {
      cause: 'リストア中に、別のプロセスがデータベースのファイルを置き換えた',
      check: '他のリストアスクリプトやアプリケーションが書き込んでいないか確認（`ls -li DATABASE`）',
      remedy: ['他のプロセスを止めてからリストアを再実行'],
    },
  },
  OwnershipNotPreserved: {
    exitCode: 7,
    en: {
      cause: 'the restored file cannot be given the owner and mode of the old one',
      check: 'the user that the daemon runs as; ls -l DATABASE',
      remedy: ['run the daemon as root or as the owner of the database', 'correct owner and mode: chown, chmod'],
    },
    ja: {
      cause: 'ファイルの所有者・権限を元のデータベースと同じにできない',
      check: 'デーモンの実行ユーザーと `ls -la DATABASE` を確認',
      remedy: ['root またはデータベースの所有者としてデーモンを実行する', '`chown` / `chmod` で修正してください。'],
    },
  },
  InsufficientSpace: {
    exitCode: 7,
    en: {
      cause: 'there is less free space than twice the size of the database (safety backup and restored file)',
      check: 'modosu disk: what uses the space, and what pruning would free; df -h DIRECTORY',
      remedy: [
        'where modosu disk shows that pruning frees something: modosu prune',
        'else move other files away or enlarge the file system: du -xh DIRECTORY | sort -h | tail',
        'look again: df -h, then modosu retry NAME',
      ],
    },
    ja: {
      cause: 'ディスク空き容量が不足（現在のDBサイズの2倍以上が必要）',
      check:
        'ディスク使用量を確認: `df -h /mnt/LinuxHDD/ITSM-System/`、`du -sh /mnt/LinuxHDD/ITSM-System/backend/backups/`、`modosu disk`',
      remedy: [
        '`modosu disk` で削除可能なものがある場合: 不要な安全バックアップ、古い .broken ファイルを削除（`modosu prune`）',
        'ない場合: 他のファイルを移動するか、ファイルシステムを拡張する（`du -xh DIRECTORY | sort -h | tail`）',
        'ディスク容量を再確認し、`modosu retry NAME`',
      ],
    },
  },
  DiskFull: {
    exitCode: 7,
    en: {
      cause: 'the disk, or the quota of the user, is full',
      check: 'df -h; df -i; quota',
      remedy: [
        'see what uses the space, and whether pruning would free any: modosu disk',
        'move other files away, or enlarge the file system or the quota',
        'restore again: modosu retry NAME',
      ],
    },
    ja: {
      cause: 'ディスク（またはクォータ）が一杯',
      check: 'ディスク使用量を確認: `df -h`、`df -i`',
      remedy: [
        '使用状況と削除可能なものを確認: `modosu disk`',
        '他のファイルを移動するか、ファイルシステム・クォータを拡張する',
        'リストアを再実行: `modosu retry NAME`',
      ],
    },
  },
  PermissionDenied: {
    exitCode: 7,
    en: {
      cause: 'the daemon’s user may not read or write the file or its directory',
      check: 'ls -la DIRECTORY; the user of the daemon: systemctl show -p User modosu',
      remedy: ['correct owner and mode: chown, chmod', 'list the directory in ReadWritePaths= of the unit'],
    },
    ja: {
      cause: 'デーモンの実行ユーザーにファイルまたはディレクトリの権限がない',
      check: '`ls -la DIRECTORY`、`systemctl show -p User modosu`',
      remedy: ['`chown` / `chmod` で修正してください。', 'ユニットの ReadWritePaths= にディレクトリを追加する'],
    },
  },
  IoError: {
    exitCode: 1,
    en: {
      cause: 'the system could not read or write: a failing disk, a lost mount',
      check: 'dmesg | grep -i error; smartctl -a DEVICE',
      remedy: ['check the health of the disk', 'where it has failed, bring the system up on another disk'],
    },
    ja: {
      cause: '読み書きに失敗（ディスク障害、マウントの切断など）',
      check: 'ディスクの健全性を確認（`dmesg | grep -i error`）',
      remedy: ['ディスクの健全性を確認', 'ディスク障害の場合は、別のディスクにシステムを復旧'],
    },
  },
  FileNotFound: {
    exitCode: 7,
    en: {
      cause: 'a file that was to be read is not there',
      check: 'the directory that the message names: ls -la',
      remedy: ['find out what moved it, and restore again'],
    },
    ja: {
      cause: '読み取るファイルが存在しない',
      check: 'メッセージにあるディレクトリを `ls -la` で確認',
      remedy: ['移動の原因を確認し、リストアを再実行'],
    },
  },
  FileExists: {
    exitCode: 7,
    en: {
      cause: 'a file has the name that was to be made; nothing is ever overwritten',
      check: 'whose it is: ls -la',
      remedy: ['move it away and restore again'],
    },
    ja: {
      cause: '作成しようとした名前のファイルが既に存在する（上書きはしない）',
      check: '`ls -la` で確認',
      remedy: ['別の場所へ移動してリストアを再実行'],
    },
  },
  FileChanged: {
    exitCode: 7,
    en: {
      cause: 'a file changed while it was read',
      check: 'who writes to it: fuser -v FILE',
      remedy: ['wait until it is at rest, and restore again'],
    },
    ja: {
      cause: '読み取り中にファイルが変更された',
      check: '`fuser -v FILE` で書き込んでいるプロセスを確認',
      remedy: ['書き込みの完了後にリストアを再実行'],
    },
  },
} as const satisfies Readonly<Record<string, ReasonEntry>>
