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
