/** Reasons that a check gives: checksum, integrity, completeness, the right application (manual 6). */

import type { ReasonEntry } from './entry.ts'

export const CHECK_REASONS = {
  ChecksumMismatch: {
    exitCode: 7,
    en: {
      cause: 'the SHA-256 checksum of the backup file is not the recorded one',
      impact: 'the file may be corrupted; the restore is broken off to be safe',
      check: 'by hand: compare sha256sum /path/to/backup.db with the content of the .sha256 file',
      automatic:
        'nothing: the check comes before the swap, so the database is not changed and there is nothing to roll back',
      remedy: ['restore from another backup', 'find out whether the .sha256 file itself is right'],
    },
    ja: {
      cause: 'バックアップファイルの SHA-256 チェックサムが記録値と一致しない',
      impact: 'ファイルが破損している可能性があり、リストアは安全のため中断される',
      check: '手動でチェックサムを確認: `sha256sum /path/to/backup.db` の出力と .sha256 ファイルの内容を比較',
      automatic: 'なし（差し替え前の検証のため、データベースは変更されず、ロールバックも不要）',
      remedy: ['別のバックアップを使用してリストア', 'チェックサムの元ファイル（`.sha256`）が正しいか手動で確認'],
    },
  },
  ChecksumMissing: {
    exitCode: 7,
    en: {
      cause: 'no checksum is recorded for the backup, and the target requires one (verification.requireChecksum)',
      check: 'what is recorded: modosu describe backup ID',
      remedy: ['write the checksum file with sha256sum once you trust the file', 'restore from another backup'],
    },
    ja: {
      cause: 'チェックサムが記録されていないが、対象の設定（verification.requireChecksum）で必須となっている',
      check: '`modosu describe backup ID` で確認',
      remedy: ['ファイルが信頼できる場合は sha256sum でチェックサムを記録する', '別のバックアップを使用してリストア'],
    },
  },
  ChecksumFileUnreadable: {
    exitCode: 7,
    en: {
      cause: 'the checksum file is there and cannot be read as one',
      check: 'its content: each line is HEX, two spaces, NAME, as sha256sum writes it',
      remedy: ['write it anew with sha256sum once you trust the backup', 'restore from another backup'],
    },
    ja: {
      cause: 'チェックサムファイルはあるが、形式が正しくないか読み取れない',
      check: '内容を確認（各行は sha256sum の形式）',
      remedy: ['バックアップが信頼できる場合は sha256sum で作り直す', '別のバックアップを使用してリストア'],
    },
  },
  IntegrityCheckFailed: {
    exitCode: 7,
    en: {
      cause: 'PRAGMA integrity_check failed on the backup file',
      impact: 'the inner structure of the SQLite database is damaged',
      check: 'what it found: modosu describe request NAME, or modosu verify ID',
      automatic:
        'nothing: the check comes before the swap, so the database is not changed and there is nothing to roll back',
      remedy: ['restore from another backup', 'think of restoring from the .sql.gz (SQL dump, manual 8.2)'],
    },
    ja: {
      cause: 'バックアップファイルに対する `PRAGMA integrity_check` が失敗',
      impact: 'SQLiteデータベースの内部構造が破損している',
      check: '検出内容を確認: `modosu describe request NAME` または `modosu verify ID`',
      automatic: 'なし（差し替え前の検証のため、データベースは変更されず、ロールバックも不要）',
      remedy: ['別のバックアップを使用してリストア', '`.sql.gz`（SQLダンプ）からの復旧を検討（セクション 8.2 参照）'],
    },
  },
  RestoredIntegrityFailed: {
    exitCode: 10,
    en: {
      cause: 'the check after the swap failed: the copy was damaged, or the disk is failing',
      impact: 'the restored database is damaged; the automatic rollback begins',
      check: 'the health of the disk: dmesg | grep -i error',
      automatic: 'the automatic rollback from the safety backup is carried out',
      remedy: [
        'check the health of the disk (dmesg | grep -i error)',
        'restore from another backup',
        'where the disk has failed, bring the system up on another disk',
      ],
    },
    ja: {
      cause: 'DB差し替え後の整合性チェックが失敗。コピー中の破損や、ディスク障害の可能性',
      impact: '復元されたデータベースが破損状態。自動ロールバックが発動',
      check: 'ディスクの健全性を確認（`dmesg | grep -i error`）',
      automatic: '安全バックアップからの自動ロールバックが実行される',
      remedy: [
        'ディスクの健全性を確認（`dmesg | grep -i error`）',
        '別のバックアップを使用してリストア',
        'ディスク障害の場合は、別のディスクにシステムを復旧',
      ],
    },
  },
  RestoredNotVerified: {
    exitCode: 10,
    en: {
      cause: 'what lies at the database path after the swap is not the file that passed the checks',
      check: 'who else writes into the directory of the database',
      automatic: 'the automatic rollback is carried out',
      remedy: ['keep other processes away from the directory', 'restore again'],
    },
    ja: {
      cause: '差し替え後のデータベースが、検証済みのファイルと一致しない',
      check: 'データベースのディレクトリに書き込む他のプロセスがないか確認',
      automatic: '自動ロールバックが実行される',
      remedy: ['他のプロセスがディレクトリに書き込まないようにする', 'リストアを再実行'],
    },
  },
  ForeignKeyCheckFailed: {
    exitCode: 7,
    en: {
      cause: 'rows of the backup violate a foreign key, and the target does not accept that',
      check: 'which ones: modosu describe request NAME',
      remedy: ['restore from another backup', 'verification.foreignKeys: warn accepts them'],
    },
    ja: {
      cause: 'バックアップに外部キー違反の行があり、対象の設定で許可されていない',
      check: '`modosu describe request NAME` で確認',
      remedy: ['別のバックアップを使用してリストア', 'verification.foreignKeys: warn で許可する'],
    },
  },
  Unverifiable: {
    exitCode: 7,
    en: {
      cause:
        'the check could not be run on all of it: its process died, or the file needs a collation, function, tokenizer or module of the application, or a newer SQLite that can parse its schema',
      check: 'the message names which; is there enough memory?',
      remedy: [
        'restore from another backup',
        'verification.allowUnverifiable: true accepts such a file, unproven, at your own risk',
      ],
    },
    ja: {
      cause:
        'チェックを全体に対して実行できなかった（プロセスの異常終了、アプリケーション独自の照合順序・関数・トークナイザー・モジュールが必要、またはスキーマを解釈できる新しい SQLite が必要）',
      check: 'メッセージを確認。メモリが足りているか確認',
      remedy: [
        '別のバックアップを使用してリストア',
        'verification.allowUnverifiable: true で未検証のまま受け入れる（自己責任）',
      ],
    },
  },
  CheckTimedOut: {
    exitCode: 3,
    en: {
      cause: 'the check took longer than the size of the file warrants, and was ended',
      check: 'the load of the disk: iostat, dmesg; the file may also be made to take for ever',
      remedy: ['give a slow disk more time: verification.checkTimeout', 'restore from another backup'],
    },
    ja: {
      cause: 'チェックがファイルサイズに見合う時間内に終わらず、打ち切られた',
      check: 'ディスクの負荷を確認（`iostat`, `dmesg`）',
      remedy: ['verification.checkTimeout を延ばす', '別のバックアップを使用してリストア'],
    },
  },
  WrongTarget: {
    exitCode: 7,
    en: {
      cause: 'the backup belongs to another application than the database that it would replace',
      check: 'spec.target and the backup directory of the target',
      remedy: [
        'name the right target',
        'if it is right all the same, set the annotation that the hint of the status names',
      ],
    },
    ja: {
      cause: 'バックアップが、差し替え先のデータベースとは別のアプリケーションのもの',
      check: 'spec.target と対象のバックアップディレクトリを確認',
      remedy: ['正しい対象を指定する', 'それでも正しい場合は、ステータスのヒントにあるアノテーションを設定する'],
    },
  },
  SmokeQueryFailed: {
    exitCode: 10,
    en: {
      cause: 'a query that the configuration asks of a restored database did not give what it must',
      check: 'which one, and what it gave: modosu describe request NAME',
      automatic: 'the automatic rollback is carried out',
      remedy: ['restore from another backup', 'correct smokeQueries where the expectation is wrong'],
    },
    ja: {
      cause: '復元後の確認クエリ（smokeQueries）の結果が期待と異なる',
      check: '`modosu describe request NAME` で結果を確認',
      automatic: '自動ロールバックが実行される',
      remedy: ['別のバックアップを使用してリストア', '期待値が誤っている場合は smokeQueries を修正'],
    },
  },
  QueryRefused: {
    exitCode: 2,
    en: {
      cause: 'the statement of modosu query is not one that only reads, or SQLite does not understand it',
      check: 'what SQLite says of it: it stands in the message',
      remedy: [
        'ask with one SELECT, WITH, VALUES or EXPLAIN; put texts between single quotes',
        'write with the application, or with sqlite3 on a copy: modosu extract BACKUP --to FILE',
      ],
    },
    ja: {
      cause: 'modosu query の文が読み取り専用でないか、SQLite が解釈できない',
      check: 'メッセージにある SQLite の説明を確認',
      remedy: [
        'SELECT、WITH、VALUES、EXPLAIN のいずれか 1 文にする（文字列は単一引用符で囲む）',
        '書き込みが必要な場合はアプリケーションを使用するか、コピー上で sqlite3 を使用（`modosu extract BACKUP --to FILE`）',
      ],
    },
  },
  QueryLimit: {
    exitCode: 3,
    en: {
      cause: 'the query took longer than it may, or more memory',
      check: 'how SQLite would go about it: modosu query BACKUP "EXPLAIN QUERY PLAN SELECT …"',
      remedy: [
        'ask for less: WHERE, LIMIT, fewer columns, no product of tables',
        'give it more time: --timeout 5m',
        'take the file along and ask there: modosu extract BACKUP --to FILE',
      ],
    },
    ja: {
      cause: 'クエリが時間またはメモリの上限を超えた',
      check: 'SQLite の実行計画を確認（`modosu query BACKUP "EXPLAIN QUERY PLAN SELECT …"`）',
      remedy: [
        '対象を絞る（WHERE、LIMIT、列を減らす、テーブルの直積を避ける）',
        '時間を延ばす（`--timeout 5m`）',
        'ファイルを取り出して調べる（`modosu extract BACKUP --to FILE`）',
      ],
    },
  },
} as const satisfies Readonly<Record<string, ReasonEntry>>
