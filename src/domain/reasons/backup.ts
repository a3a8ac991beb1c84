/** Reasons that lie in a backup's files; the texts of manual 8.1 and 6.3 verbatim where the manual has them. */

import type { ReasonEntry } from './entry.ts'

export const BACKUP_REASONS = {
  BackupNotFound: {
    exitCode: 5,
    en: {
      cause: 'the backup id that was given does not exist',
      check: 'the spelling of the id; list what there is: modosu get backups',
      remedy: ['restore again with the right id'],
    },
    ja: {
      cause: '指定されたバックアップIDが存在しない',
      check: 'バックアップIDのスペルを確認。`GET /api/v1/backups` で一覧を取得',
      remedy: ['正しいバックアップIDを使用してリストアを再実行'],
    },
  },
  BackupNotAvailable: {
    exitCode: 7,
    en: {
      cause: 'the status of the backup is not success (failure, deleted or in_progress)',
      check: 'its status: modosu describe backup ID',
      remedy: ['choose a backup whose status is success and restore again'],
    },
    ja: {
      cause: 'バックアップのステータスが `success` 以外（`failure`, `deleted`, `in_progress`）',
      check: '`GET /api/v1/backups/{id}` でステータスを確認',
      remedy: ['ステータスが `success` のバックアップを選択してリストアを再実行'],
    },
  },
  BackupFileNotFound: {
    exitCode: 7,
    en: {
      cause: 'the backup is on record, its file is not on disk',
      check: 'whether the file is there: ls -la {file_path}',
      remedy: [
        'restore from another backup',
        'find out whether the file was moved elsewhere',
        'where the disk may have failed, look for a remote copy',
      ],
    },
    ja: {
      cause: 'バックアップのDBレコードは存在するが、実際のファイルがディスク上にない',
      check: '`ls -la {file_path}` でファイルの存在を確認',
      remedy: [
        '別のバックアップを使用してリストア',
        'バックアップファイルが別の場所に移動されていないか確認',
        'ディスク障害の可能性がある場合は、リモートバックアップを確認',
      ],
    },
  },
  FutureTimestamp: {
    exitCode: 7,
    en: {
      cause: 'the backup is dated in the future: a clock was wrong when it was made, or its name is in local time',
      check:
        'date -u; the file: ls -l --time-style=full-iso FILE; backups.timezone of the target: modosu explain configuration.targets.backups',
      automatic:
        'it is never chosen as the latest, it takes no other backup’s place in retention, and it is not deleted for its age',
      remedy: [
        'where the names are in local time, set backups.timezone, such as Asia/Tokyo',
        'where a clock was wrong, restore it by its id, or rename its files to the right time',
      ],
    },
    ja: {
      cause: 'バックアップの日時が未来になっている（作成時に時計が誤っていた、またはファイル名がローカル時刻）',
      check:
        '`date -u`、`ls -l --time-style=full-iso FILE`、対象の `backups.timezone`（`modosu explain configuration.targets.backups`）',
      automatic:
        '最新のバックアップとして選択されず、保持ポリシーで他のバックアップに代わることも、古いものとして削除されることもない',
      remedy: [
        'ファイル名がローカル時刻の場合は、`backups.timezone`（例: Asia/Tokyo）を設定する',
        '時計が誤っていた場合は、IDを指定してリストアするか、ファイル名を正しい日時に変更する',
      ],
    },
  },
  BackupPassedOver: {
    exitCode: 7,
    en: {
      cause:
        'a file in the backup directory looks like a backup and is not listed: it lies outside the folders of the types, behind a link, or its name is not that of a backup',
      check: 'which files, and why each: modosu describe target NAME',
      automatic: 'it is never chosen as the latest, not verified by the schedule and not pruned',
      remedy: [
        'name it as a backup in the folder of its type: daily/STEM_daily_YYYYMMDD_HHMMSS.db',
        'or restore it by its path in the backup directory: modosu restore PATH --target NAME',
      ],
    },
    ja: {
      cause:
        'バックアップディレクトリにバックアップらしいファイルがあるが、一覧に含まれない（種別フォルダーの外、リンク、またはバックアップの命名規則に合わない名前）',
      check: '`modosu describe target NAME` で対象のファイルと理由を確認',
      automatic: '最新のバックアップとして選択されず、定期検証の対象にもならず、削除もされない',
      remedy: [
        '種別のフォルダーに、バックアップの名前で置く: `daily/STEM_daily_YYYYMMDD_HHMMSS.db`',
        'またはバックアップディレクトリ内のパスを指定してリストア: `modosu restore PATH --target NAME`',
      ],
    },
  },
  BackupFileEmpty: {
    exitCode: 7,
    en: {
      cause: 'the backup file has no content: the backup itself went wrong',
      check: 'its size: stat --format="%s bytes" FILE; the log of the backup job',
      remedy: ['restore from another backup', 'mend the backup job'],
    },
    ja: {
      cause: 'ファイルサイズが 0 バイト（0の場合はバックアップが不正）',
      check: '`stat --format="%s bytes" FILE` でサイズを確認。バックアップジョブのログを確認',
      remedy: ['別のバックアップを使用してリストア', 'バックアップジョブを修正'],
    },
  },
  BackupIncomplete: {
    exitCode: 7,
    en: {
      cause: 'a part of the backup set is missing or does not fit: most of the data may be in the -wal file',
      check: 'which member is missing: modosu describe backup ID',
      remedy: ['bring the missing file back from where it was copied to', 'restore from another backup'],
    },
    ja: {
      cause:
        'バックアップセットの一部が欠けている、またはサイズが合わない（データの大半が -wal ファイルにある場合がある）',
      check: '`modosu describe backup ID` で欠けているファイルを確認',
      remedy: ['欠けているファイルをコピー先から戻す', '別のバックアップを使用してリストア'],
    },
  },
  BackupInProgress: {
    exitCode: 7,
    en: {
      cause: 'the backup is still being written',
      check: 'whether the backup job runs, and whether the size of the file still grows',
      remedy: ['wait until the backup has ended, then restore again', 'restore from another backup'],
    },
    ja: {
      cause: 'バックアップが作成中（ステータス `in_progress`）',
      check: 'バックアップジョブが実行中か、ファイルサイズが増え続けていないか確認',
      remedy: ['バックアップの完了後にリストアを再実行', '別のバックアップを使用してリストア'],
    },
  },
  BackupUnlisted: {
    exitCode: 7,
    en: {
      cause:
        'a -wal file lies beside the backup that its checksum file does not list: it would change what was attested',
      check: 'who opened the backup in place: ls -l beside it',
      remedy: [
        'where the -wal belongs to the backup, write the checksum file anew over all its files',
        'where it does not, move it away',
        'restore from another backup',
      ],
    },
    ja: {
      cause: 'チェックサムファイルに記載のない -wal ファイルがバックアップの横にある',
      check: 'バックアップを直接開いたプロセスがないか、`ls -l` で確認',
      remedy: [
        '-wal がバックアップの一部であれば、チェックサムファイルを作り直す',
        '一部でなければ、別の場所へ移動する',
        '別のバックアップを使用してリストア',
      ],
    },
  },
  WalMismatch: {
    exitCode: 7,
    en: {
      cause:
        'the -wal file beside the backup is not of this database, or is damaged: with it other rows would be restored',
      check: 'where both files came from, and when: ls -l beside the backup',
      remedy: [
        'restore from another backup',
        'move the -wal away where the database is complete without it',
        'where both were copied at one moment, write the checksum file over both: sha256sum NAME.db NAME.db-wal > NAME.sha256',
      ],
    },
    ja: {
      cause: 'バックアップの横にある -wal ファイルがこのデータベースのものではない、または破損している',
      check: '両ファイルの由来と日時を `ls -l` で確認',
      remedy: [
        '別のバックアップを使用してリストア',
        '-wal がなくてもデータベースが完全であれば、-wal を別の場所へ移動する',
        '同時にコピーされたものであれば、両方のチェックサムを記録する: sha256sum NAME.db NAME.db-wal > NAME.sha256',
      ],
    },
  },
  WalAbsorbed: {
    exitCode: 0,
    en: {
      cause:
        'the -wal file that the checksum file lists is gone: a program that opened the backup has moved its content into the .db; the rows were compared with the SQL dump of the set and are the same',
      check: 'what opens the backups: the application’s own verification does, and so does sqlite3 FILE',
      automatic: 'without a dump, or where the two differ, the backup is refused: the -wal may be lost as well',
      remedy: [
        'nothing has to be done for this restore',
        'have backups checked by modosu verify or the schedule, which open a copy',
        'where the backup is to be kept: sha256sum NAME.db NAME.sql.gz > NAME.sha256',
      ],
    },
    ja: {
      cause:
        'チェックサムファイルに記録された -wal がない。バックアップを開いたプログラムがその内容を .db に取り込んだ。各行をセットの SQL ダンプと比較し、一致を確認した',
      check: 'バックアップを開くプログラム（アプリケーションの検証機能、`sqlite3 FILE` など）を確認',
      automatic: 'ダンプがない場合や内容が異なる場合は、-wal が失われた可能性があるため、バックアップは拒否される',
      remedy: [
        'このリストアについて対処は不要',
        'バックアップの検証には、コピーを開く `modosu verify` または定期検証を使用する',
        'バックアップを保管する場合: `sha256sum NAME.db NAME.sql.gz > NAME.sha256`',
      ],
    },
  },
  WalNotCovered: {
    exitCode: 0,
    en: {
      cause: 'no checksum attests that the -wal file was made together with its database; nothing speaks against it',
      check: 'the number of rows that you expect, after the restore',
      remedy: ['have the backup job write the checksums of both files: sha256sum NAME.db NAME.db-wal > NAME.sha256'],
    },
    ja: {
      cause: '-wal ファイルがデータベースと同時に作られたことを示すチェックサムがない（矛盾は見つかっていない）',
      check: 'リストア後、期待する件数かどうかを確認',
      remedy: ['バックアップジョブで両方のチェックサムを記録する: sha256sum NAME.db NAME.db-wal > NAME.sha256'],
    },
  },
  BackupNotRegular: {
    exitCode: 7,
    en: {
      cause:
        'a file of the backup is a link, a directory, a pipe or a device: what it leads to can change at any moment',
      check: 'what it is: ls -l beside the backup',
      remedy: ['put the file itself in its place', 'restore from another backup'],
    },
    ja: {
      cause: 'バックアップのファイルがリンク、ディレクトリ、パイプ、デバイスのいずれかで、通常ファイルではない',
      check: '`ls -l` で確認',
      remedy: ['ファイルの実体をその場所に置く', '別のバックアップを使用してリストア'],
    },
  },
  BackupAmbiguous: {
    exitCode: 7,
    en: {
      cause: 'the id names more than one backup',
      check: 'which ones: modosu get backups -o wide',
      remedy: ['name the file instead: spec.source.file.path'],
    },
    ja: {
      cause: '同じバックアップIDのバックアップが複数ある',
      check: '`modosu get backups -o wide` で確認',
      remedy: ['ファイルを直接指定する: spec.source.file.path'],
    },
  },
  BackupDirectoryUnreadable: {
    exitCode: 1,
    en: {
      cause: 'the backup directory cannot be read',
      check: 'whether it is mounted and readable: ls -ld DIRECTORY, findmnt',
      remedy: ['mount it', 'let the user that the daemon runs as read it'],
    },
    ja: {
      cause: 'バックアップディレクトリを読み取れない',
      check: 'マウントされているか、読み取り権限があるかを確認: `ls -ld DIRECTORY`, `findmnt`',
      remedy: ['マウントする', 'デーモンの実行ユーザーに読み取り権限を与える'],
    },
  },
  NoRestorableBackup: {
    exitCode: 7,
    en: {
      cause: 'every backup that came into question failed a check: this is level L3 (manual 12.1)',
      check: 'why: modosu get backups, modosu verify ID',
      remedy: ['call the people of level L3', 'try the SQL dumps (manual 8.2)', 'look for remote copies'],
    },
    ja: {
      cause: '候補のバックアップがすべてチェックに失敗した（全バックアップの破損はレベル L3、手順書 12.1）',
      check: '`modosu get backups` と `modosu verify ID` で確認',
      remedy: [
        '管理職とベンダーへ即時エスカレーション（L3）',
        'SQLダンプからの復旧を検討（セクション 8.2 参照）',
        'リモートバックアップを確認',
      ],
    },
  },
  PathNotAllowed: {
    exitCode: 7,
    en: {
      cause: 'the path leads out of the backup directory',
      check: 'the path of the request, and symbolic links in it',
      remedy: ['give a path relative to the backup directory, such as daily/NAME.db'],
    },
    ja: {
      cause: 'パスがバックアップディレクトリの外を指している',
      check: '指定したパスとシンボリックリンクを確認',
      remedy: ['バックアップディレクトリからの相対パスを指定する（例: daily/NAME.db）'],
    },
  },
} as const satisfies Readonly<Record<string, ReasonEntry>>
