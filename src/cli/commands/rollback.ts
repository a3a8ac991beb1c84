/** `modosu rollback`: the manual rollback of manual 7.2 as one command. */

import type { Command } from 'commander'

import { listSafetyBackups, resolveSafetyBackup } from '../../catalog/safety-backups.ts'
import { RestoreError } from '../../domain/errors.ts'
import type { Language } from '../../domain/messages.ts'
import type { Target } from '../../domain/target.ts'
import { confirmRestore } from '../confirmation.ts'
import type { CliContext } from '../context.ts'
import { examples } from '../help.ts'
import { plainName } from '../reference.ts'
import { conclude, type ResultFormat } from '../request-flow.ts'
import { commonOptions } from './restore.ts'

interface RollbackOptions {
  readonly target?: string
  readonly to?: string
  readonly reason?: string
  readonly yes?: boolean
  readonly wait: boolean
  readonly timeout?: number
  readonly output: ResultFormat
  readonly lang: Language
}

export function addRollbackCommand(program: Command, context: CliContext): void {
  const command = program
    .command('rollback')
    .summary('put a safety backup back')
    .description(
      'Restores the newest safety backup of a target, or the one that --to names: back to the moment before a restore. It ' +
        'is a restore like any other, with a safety backup of its own, so it can be undone too.',
    )
    .option('-t, --target <target>', 'the database; may be left out where there is one')
    .option('--to <safety>', 'this safety backup and not the newest')
    .option('--reason <text>', 'why, for the audit log and the report')
    .option('-y, --yes', 'do not ask')
    .option('--wait', 'follow the restore to its end', true)
    .option('--no-wait', 'return as soon as it is submitted')
  for (const option of commonOptions()) command.addOption(option)
  command
    .addHelpText(
      'after',
      examples(
        { command: 'rollback --target itsm-nexus', tells: 'undo the last restore; asks first' },
        {
          command: 'rollback --target itsm-nexus --to restore_safety_20260215150530.db --yes',
          tells: 'back to one moment, without asking',
        },
      ),
    )
    .action(async (options: RollbackOptions) => {
      await rollback(context, options)
    })
}

async function rollback(context: CliContext, options: RollbackOptions): Promise<void> {
  const target = context.target(options.target)
  // Named even where the newest is meant: what was shown and confirmed is what is restored.
  const safetyBackup = options.to === undefined ? await newest(target) : plainName(options.to)
  if (options.wait) context.reader()
  const agreed = await confirmRestore(context, {
    target: target.name,
    source: safetyBackup,
    set: await resolveSafetyBackup(target, safetyBackup),
    backupCurrent: true,
    yes: options.yes === true,
    language: options.lang,
  })
  if (!agreed) {
    context.output.message('cancelled: nothing was changed')
    context.exitCode = 12
    return
  }
  const { reason, timeout } = options
  const resource = await context
    .client()
    .rollback(target.name, { safetyBackup, ...(reason === undefined ? {} : { reason }) })
  context.exitCode = await conclude(context, resource, {
    wait: options.wait,
    ...(timeout === undefined ? {} : { timeoutMs: timeout }),
    language: options.lang,
    format: options.output,
    verb: 'created',
  })
}

async function newest(target: Target): Promise<string> {
  const [file] = await listSafetyBackups(target)
  if (file !== undefined) return file.name
  throw new RestoreError(`no safety backup of ${target.name} in ${target.backups.path}`, {
    reason: 'NotFound',
    hint: `restore a backup instead (manual 7.3): modosu restore --latest --target ${target.name}`,
  })
}
