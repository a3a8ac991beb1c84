/** `modosu verify`: the five checks of manual 6.2, on a copy; the backup directory is only read. */

import type { Command } from 'commander'

import { verifyBackup, type BackupVerification, type VerifiedCheck } from '../../api/backup-verification.ts'
import type { Target } from '../../domain/target.ts'
import type { CliContext } from '../context.ts'
import { formatOption, OBJECT_FORMATS, toJson, toYaml, type ObjectFormat } from '../format.ts'
import { examples } from '../help.ts'
import { untilInterrupted } from '../interrupt.ts'
import { scratchParent } from '../look.ts'
import { plainName } from '../reference.ts'
import { backupNamed } from '../resources/backups.ts'
import { tableLines } from '../table.ts'

const LABELS: Readonly<Record<VerifiedCheck['name'], string>> = {
  file_exists: 'file exists',
  file_size: 'size is not 0',
  checksum: 'checksum',
  integrity: 'integrity',
  tables: 'tables',
}

export function addVerifyCommand(program: Command, context: CliContext): void {
  program
    .command('verify')
    .summary('check a backup without restoring it')
    .description(
      'Checks a backup on a copy: it exists, is not empty, has its recorded checksum, passes integrity_check and holds ' +
        'tables. Nothing in the backup directory is changed. Exit code 7 when a check fails.',
    )
    .argument('<backup>', 'a backup id, or the name of a safety backup')
    .option('-t, --target <target>', 'of this target')
    .addOption(formatOption(OBJECT_FORMATS, 'table'))
    .addHelpText(
      'after',
      examples(
        { command: 'verify BKP-20260215-020015-daily', tells: 'before you need it' },
        { command: 'verify restore_safety_20260215150530.db -t itsm-nexus', tells: 'a safety backup (manual 5.4)' },
        { command: 'verify BKP-20260215-020015-daily -o json', tells: 'for a script' },
      ),
    )
    .action(async (backup: string, options: { target?: string; output: ObjectFormat }) => {
      await verify(context, plainName(backup), options.target, options.output)
    })
}

async function verify(
  context: CliContext,
  backup: string,
  targetName: string | undefined,
  format: ObjectFormat,
): Promise<void> {
  const target = backup.startsWith('restore_safety_')
    ? context.target(targetName)
    : (await backupNamed(context, backup, targetName)).target
  const client = context.client()
  const recorded = await client.alive()
  const result = await untilInterrupted((signal) =>
    recorded
      ? client.verify(target.name, backup)
      : verifyBackup(target, backup, {
          database: context.database(),
          clock: context.clock,
          scratchDir: scratchParent(context),
          signal,
        }),
  )
  print(context, target, result, format)
  if (!recorded) context.output.message('not recorded: the daemon, which keeps the verdicts, is not running')
  if (!result.passed) context.exitCode = 7
}

function print(
  { output, say, sayings }: CliContext,
  target: Target,
  result: BackupVerification,
  format: ObjectFormat,
): void {
  switch (format) {
    case 'json':
      output.line(toJson(result))
      return
    case 'yaml':
      output.line(toYaml(result))
      return
    case 'table': {
      const rows = result.checks.map(({ name, result: verdict, message }) => [
        say(LABELS[name]),
        { text: verdict, style: (text: string) => (verdict === 'fail' ? output.onStdout('red', text) : text) },
        say(message),
      ])
      output.line(`${result.backupId} (${target.name})`)
      for (const line of tableLines(['CHECK', 'RESULT', 'DETAIL'], rows)) output.line(line)
      if (!result.passed)
        output.message(`${sayings.hint} ${say(`choose another backup: modosu get backups --target ${target.name}`)}`)
    }
  }
}
