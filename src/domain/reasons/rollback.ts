/** Reasons around the safety backup and the rollback (manual 5 and 7, 8.3). */

import type { ReasonEntry } from './entry.ts'

export const ROLLBACK_REASONS = {
  NoSafetyBackup: {
    exitCode: 11,
    en: {
      cause:
        'the restore was asked for without a safety backup (backupCurrent: false), so it is not rolled back by itself',
      check: 'what is there: modosu get safety; the replaced database beside the database as .broken.TIME',
      remedy: [
        'roll back by hand (manual 7.2): modosu rollback --target TARGET',
        'without any safety backup, restore from a backup (manual 7.3): modosu restore --latest',
      ],
    },
    ja: {
      cause: '`backup_current: false` でリストアが実行されたため、自動ロールバックができない',
      check: '安全バックアップファイルを確認: `modosu get safety`、`ls -la DATABASE.broken.*`',
      remedy: [
        '手動でロールバック（セクション 7.2 参照）: `modosu rollback --target TARGET`',
        '安全バックアップが存在しない場合は、通常のバックアップからリストア（セクション 7.3 参照）',
      ],
    },
  },
  SafetyBackupFailed: {
    exitCode: 7,
    en: {
      cause: 'the safety backup could not be made or proven; without it nothing is replaced',
      check: 'space and permissions of the backup directory: df -h, ls -ld',
      remedy: [
        'mend the cause, then: modosu retry NAME',
        'in an emergency only: restore without one (manual 4.4): --no-safety-backup',
      ],
    },
    ja: {
      cause: '安全バックアップを作成または検証できなかったため、差し替えを行わなかった',
      check: 'バックアップディレクトリの空き容量と権限を確認: `df -h`、`ls -ld`',
      remedy: [
        '原因を取り除いて `modosu retry NAME`',
        '緊急時のみ: 安全バックアップなしでのリストア（セクション 4.4 参照）',
      ],
    },
  },
  SafetyBackupCorrupt: {
    exitCode: 11,
    en: {
      cause: 'the safety backup itself is damaged or gone, so the rollback cannot use it',
      check: 'the others: modosu get safety; modosu verify NAME',
      remedy: [
        'roll back to an older safety backup: modosu rollback --target TARGET --to NAME',
        'restore from a backup (manual 7.3): modosu restore --latest',
      ],
    },
    ja: {
      cause: '安全バックアップ自体が破損しているか失われており、ロールバックに使用できない',
      check: '他の安全バックアップを確認: `modosu get safety`、`modosu verify NAME`',
      remedy: [
        '古い安全バックアップからロールバック: `modosu rollback --target TARGET --to NAME`',
        '通常のバックアップからリストア（セクション 7.3 参照）',
      ],
    },
  },
  SafetyBackupHasJournal: {
    exitCode: 7,
    en: {
      cause: 'the safety backup is a byte copy with a rollback journal, which is not restored unattended',
      check: 'the files: ls -l BACKUPS/restore_safety_*',
      remedy: ['open a copy of both files with sqlite3, which rolls the journal back, and restore that copy'],
    },
    ja: {
      cause: '安全バックアップにロールバックジャーナルが付いているため、自動ではリストアできない',
      check: '`ls -l BACKUPS/restore_safety_*` で確認',
      remedy: ['両ファイルのコピーを sqlite3 で開いてジャーナルを適用し、そのコピーからリストア'],
    },
  },
  SafetyBackupReplaced: {
    exitCode: 0,
    en: {
      cause:
        'the safety backup was no longer what had been proven (gone, changed, or something else in its place) when the replaced database was to be removed',
      check: 'what removes or changes files in the backup directory: hooks, clean-up jobs, the disk (dmesg)',
      automatic: 'the replaced database itself became the safety backup; nothing was lost',
      remedy: ['keep other programs away from restore_safety_ files: modosu prunes them itself'],
    },
    ja: {
      cause:
        '差し替え前のデータベースを片付ける時点で、安全バックアップが検証時のものではなくなっていた（消失、改変、別物）',
      check: 'バックアップディレクトリのファイルを削除・変更するもの（フック、掃除ジョブ、ディスク: `dmesg`）を確認',
      automatic: '差し替え前のデータベース自体を安全バックアップにした。失われたデータはない',
      remedy: ['restore_safety_ ファイルを他のプログラムに触れさせない（削除は modosu が保持期間に従って行う）'],
    },
  },
  WrittenAfterSwap: {
    exitCode: 0,
    en: {
      cause: 'a process that could not be seen wrote to the replaced database after another one had taken its place',
      check:
        'who else opens the database: sudo fuser -v DATABASE; the rows are in the safety backup that the event names',
      automatic: 'the replaced database, with what was written to it, is the safety backup',
      remedy: [
        'let the target know how that process is stopped: service.unit or service.command',
        'run the daemon where it can see every process, as deploy/systemd/modosu.service does',
      ],
    },
    ja: {
      cause: '差し替えの後に、見えないプロセスが差し替え前のデータベースへ書き込んだ',
      check: '`sudo fuser -v DATABASE` で確認。書き込まれた行はイベントが示す安全バックアップにある',
      automatic: '書き込みを含む差し替え前のデータベースを安全バックアップにした',
      remedy: [
        'そのプロセスの停止方法を service.unit または service.command で設定する',
        'deploy/systemd/modosu.service のとおり、すべてのプロセスが見える形でデーモンを動かす',
      ],
    },
  },
  KeptAsBroken: {
    exitCode: 0,
    en: {
      cause:
        'a database that left its path is kept beside it as .broken.TIME: it was damaged, or it was written to before it was rolled back',
      check: 'the files that the event names; sqlite3 opens copies of them',
      automatic: 'they are kept until retention.brokenFiles lets them go',
      remedy: ['take what you need out of them before that'],
    },
    ja: {
      cause:
        'パスから外れたデータベースを .broken.時刻 として保存した（破損していた、またはロールバック前に書き込みがあった）',
      check: 'イベントが示すファイルを確認（コピーを sqlite3 で開く）',
      automatic: 'retention.brokenFiles の期間が過ぎるまで保存される',
      remedy: ['必要なデータはそれまでに取り出す'],
    },
  },
  NoFreeSafetyName: {
    exitCode: 7,
    en: {
      cause: 'every name for a safety backup of this second is taken',
      check: 'ls -l BACKUPS/restore_safety_*',
      remedy: ['wait a second and restore again'],
    },
    ja: {
      cause: 'この秒の安全バックアップ名がすべて使用済み',
      check: '`ls -l BACKUPS/restore_safety_*` で確認',
      remedy: ['1秒待ってリストアを再実行'],
    },
  },
  RollbackNotVerified: {
    exitCode: 11,
    en: {
      cause: 'after the rollback the database is neither the original nor the safety backup',
      check: 'the files beside the database: ls -la; who else writes there',
      remedy: ['roll back by hand (manual 7.2): modosu rollback --target TARGET', 'call the people of level L3'],
    },
    ja: {
      cause: 'ロールバック後のデータベースが、元のデータベースとも安全バックアップとも一致しない',
      check: 'データベースの横のファイルを `ls -la` で確認。他に書き込むプロセスがないか確認',
      remedy: [
        '手動でのロールバックが必要です。セクション 7.2 を参照してください。',
        '管理職とベンダーへ即時エスカレーション（L3）',
      ],
    },
  },
  NothingToUndo: {
    exitCode: 5,
    en: {
      cause:
        "the state store knows of no restore that took effect on the target's database, so there is nothing that a rollback could take back",
      check: 'what was restored: modosu get requests; which safety backups lie there: modosu get safety',
      remedy: [
        'name one yourself: modosu rollback --target TARGET --to NAME',
        'restore from a backup (manual 7.3): modosu restore --latest',
      ],
    },
    ja: {
      cause: '対象のデータベースに反映されたリストアの記録が状態ストアになく、取り消すものがない',
      check: '`modosu get requests` と `modosu get safety` で確認',
      remedy: [
        '安全バックアップを指定: `modosu rollback --target TARGET --to NAME`',
        '通常のバックアップからリストア（セクション 7.3 参照）',
      ],
    },
  },
  NothingKept: {
    exitCode: 7,
    en: {
      cause:
        'the last restore kept nothing of what it replaced: it was made without a safety backup, or there was no database before it',
      check: 'what it was: modosu describe request NAME',
      remedy: [
        'name an older safety backup: modosu rollback --target TARGET --to NAME',
        'restore from a backup (manual 7.3): modosu restore --latest',
      ],
    },
    ja: {
      cause:
        '最後のリストアは置き換えたデータベースを残していない（安全バックアップなしで実行、またはデータベースが存在しなかった）',
      check: '`modosu describe request NAME` で確認',
      remedy: [
        '古い安全バックアップを指定: `modosu rollback --target TARGET --to NAME`',
        '通常のバックアップからリストア（セクション 7.3 参照）',
      ],
    },
  },
  PredecessorGone: {
    exitCode: 5,
    en: {
      cause: 'the file that holds what the last restore replaced is gone; no other is taken in its place',
      check: 'who deleted it and when: modosu get audit; what is there: modosu get safety',
      remedy: [
        'put the file back where it was, or name another: modosu rollback --target TARGET --to NAME',
        'restore from a backup (manual 7.3): modosu restore --latest',
      ],
    },
    ja: {
      cause: '最後のリストアが置き換えたデータベースのファイルが失われている（別のファイルで代用しない）',
      check: '`modosu get audit` と `modosu get safety` で確認',
      remedy: [
        'ファイルを元の場所に戻すか、別のものを指定: `modosu rollback --target TARGET --to NAME`',
        '通常のバックアップからリストア（セクション 7.3 参照）',
      ],
    },
  },
  PredecessorChanged: {
    exitCode: 7,
    en: {
      cause: 'the file that holds what a restore replaced was written or replaced since it was put aside',
      check: 'the file: ls -l; sqlite3 on a copy of it',
      remedy: [
        'name another: modosu rollback --target TARGET --to NAME',
        'restore from a backup (manual 7.3): modosu restore --latest',
      ],
    },
    ja: {
      cause: 'リストアが置き換えたデータベースのファイルが、退避後に書き換えられたか差し替えられている',
      check: '`ls -l` と、コピーに対する sqlite3 で確認',
      remedy: [
        '別のものを指定: `modosu rollback --target TARGET --to NAME`',
        '通常のバックアップからリストア（セクション 7.3 参照）',
      ],
    },
  },
  RestoreRunning: {
    exitCode: 6,
    en: {
      cause: 'a restore of the target is running: what there is to take back is known when it has ended',
      check: 'which one: modosu get requests',
      remedy: [
        'wait for it (modosu wait NAME) or cancel it (modosu cancel NAME), then: modosu rollback --target TARGET',
      ],
    },
    ja: {
      cause: '対象のリストアが実行中のため、取り消す対象が決まっていない',
      check: '`modosu get requests` で確認',
      remedy: [
        '終了を待つ（`modosu wait NAME`）か中止し（`modosu cancel NAME`）、その後 `modosu rollback --target TARGET`',
      ],
    },
  },
  UndoOutdated: {
    exitCode: 7,
    en: {
      cause:
        'another restore has taken effect since the rollback was asked for, so what was agreed to is no longer what would happen',
      check: 'what happened: modosu get requests',
      remedy: ['look, and ask again: modosu rollback --target TARGET'],
    },
    ja: {
      cause: 'ロールバックの依頼後に別のリストアが反映されたため、確認した内容と異なる',
      check: '`modosu get requests` で確認',
      remedy: ['確認してから再度実行: `modosu rollback --target TARGET`'],
    },
  },
} as const satisfies Readonly<Record<string, ReasonEntry>>
