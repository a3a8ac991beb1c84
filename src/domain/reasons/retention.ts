/** Reasons around retention and the verification of backups by the clock. */

import type { ReasonEntry } from './entry.ts'

export const RETENTION_REASONS = {
  PruneFailed: {
    exitCode: 1,
    en: {
      cause: 'something that retention should have deleted is still there',
      check: 'modosu get audit (operation prune, status failure); ls -ld FOLDER; df -h FOLDER',
      automatic: 'a set of which a file is gone is refused for restores, and deleted with the next prune or start',
      remedy: ["let the daemon's user remove files there", 'modosu prune'],
    },
    ja: {
      cause: '保持ポリシーによる削除が完了しなかった',
      check: '`modosu get audit`（operation が prune、status が failure）、`ls -ld FOLDER`、`df -h FOLDER`',
      automatic: '一部が削除されたバックアップはリストアに使用されず、次回の削除または起動時に残りが削除される',
      remedy: ['デーモンのユーザーに削除権限を与える', '`modosu prune`'],
    },
  },
  ClockImplausible: {
    exitCode: 7,
    en: {
      cause:
        'the system clock was set, or says what cannot be: it does not fit the uptime of the machine, the last run or the files',
      check: 'date -u; timedatectl; the journal: journalctl -u modosu | grep ClockImplausible',
      automatic:
        'nothing is deleted for its age; restores go on by the time that has passed; a time server that vouches for the clock ends it',
      remedy: [
        'set the clock right, or have it kept by a time server',
        'where it is right: modosu prune --trust-clock',
      ],
    },
    ja: {
      cause: 'システム時計が変更された、または稼働時間・前回の実行・ファイルと矛盾する時刻を示している',
      check: '`date -u`、`timedatectl`、`journalctl -u modosu | grep ClockImplausible`',
      automatic:
        '古いという理由では何も削除しない。リストアは経過時間に基づいて続行する。時刻同期が確認されると解除される',
      remedy: ['時計を正しく設定するか、時刻同期を有効にする', '時計が正しい場合は `modosu prune --trust-clock`'],
    },
  },
  FolderChanged: {
    exitCode: 1,
    en: {
      cause: 'a folder was moved, or a link was put in its place, between the look and the deletion',
      check: 'ls -ld FOLDER; namei -l FOLDER',
      automatic: 'nothing was deleted there',
      remedy: ['find out who changes the folder', 'modosu prune'],
    },
    ja: {
      cause: '確認から削除までの間に、フォルダーが移動されたかリンクに置き換えられた',
      check: '`ls -ld FOLDER`、`namei -l FOLDER`',
      automatic: 'そのフォルダーでは何も削除していない',
      remedy: ['フォルダーを変更した者を調査する', '`modosu prune`'],
    },
  },
  BackupVerifyFailed: {
    exitCode: 7,
    en: {
      cause: 'the scheduled verification found a backup missing, changed or damaged (manual 6.3)',
      check: 'modosu get backups -o wide; modosu verify BACKUP',
      remedy: ['use another backup', 'keep the file until you know why: sudo dmesg --level=err,warn'],
    },
    ja: {
      cause: '定期検証で、バックアップの欠落、変更、または破損が見つかった（セクション 6.3）',
      check: '`modosu get backups -o wide`、`modosu verify BACKUP`',
      remedy: ['別のバックアップを使用する', '原因が判明するまでファイルを残す: `sudo dmesg --level=err,warn`'],
    },
  },
} as const satisfies Readonly<Record<string, ReasonEntry>>
