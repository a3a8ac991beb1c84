/** `modosu rollback`: the manual rollback of manual 7.2 as one command. */

import type { Command } from 'commander'

import type { BackupSet } from '../../catalog/contract.ts'
import { listSafetyBackups } from '../../catalog/safety-backups.ts'
import { chooseUndo } from '../../controller/undo.ts'
import { RestoreError } from '../../domain/errors.ts'
import type { Language } from '../../domain/messages.ts'
import type { Target } from '../../domain/target.ts'
import { confirmRestore } from '../confirmation.ts'
import type { CliContext } from '../context.ts'
import { examples } from '../help.ts'
import { plainName } from '../reference.ts'
import { conclude, type ResultFormat } from '../request-flow.ts'
import { keptSet, readerIfAny } from '../restore-source.ts'
import { guessLines, undoLines } from '../undo-view.ts'
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
    .summary('undo the last restore')
    .description(
      'Puts back what the last restore that took effect has replaced, as the state store knows it, or the file that --to ' +
        'names. Restores that were rolled back, drills and dry runs do not count. It is a restore like any other, with a ' +
        'safety backup of its own: the next rollback takes it back. --to goes further back.',
    )
    .option('-t, --target <target>', 'the database; may be left out where there is one')
    .option('--to <safety>', 'this safety backup, whatever was restored last')
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

/** What is put back, and the order that says so to the daemon. */
interface WayBack {
  readonly name: string
  readonly set: BackupSet
  readonly order: { readonly safetyBackup: string; readonly undoes?: string }
}

async function rollback(context: CliContext, options: RollbackOptions): Promise<void> {
  const target = context.target(options.target)
  if (options.wait) context.reader()
  // Named even where the state store has chosen: what was shown and confirmed is what is restored.
  const { name, set, order } =
    options.to === undefined ? await lastRestore(context, target, options) : await named(context, target, options.to)
  const agreed = await confirmRestore(context, {
    target: target.name,
    source: name,
    set,
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
    .rollback(target.name, { ...order, ...(reason === undefined ? {} : { reason }) })
  context.exitCode = await conclude(context, resource, {
    wait: options.wait,
    ...(timeout === undefined ? {} : { timeoutMs: timeout }),
    language: options.lang,
    format: options.output,
    verb: 'created',
  })
}

async function named(context: CliContext, target: Target, to: string): Promise<WayBack> {
  const name = plainName(to)
  const { set, warning } = await keptSet(context, target, name)
  if (warning !== null) context.output.warning(warning)
  return { name, set, order: { safetyBackup: name } }
}

/** By the state store, which knows what took effect last. Without its knowledge: by name, which a person must confirm. */
async function lastRestore(context: CliContext, target: Target, options: RollbackOptions): Promise<WayBack> {
  const reader = readerIfAny(context)
  const undo = reader === null ? null : await chooseUndo(reader, target)
  if (undo === null) return newestByName(context, target, options)
  for (const line of undoLines(undo, options.lang, context.clock.nowMs())) context.output.message(line)
  const { name } = undo.file
  const { set } = await keptSet(context, target, name)
  return { name, set, order: { safetyBackup: name, undoes: undo.restore.request } }
}

async function newestByName(context: CliContext, target: Target, { yes, lang }: RollbackOptions): Promise<WayBack> {
  const [file] = await listSafetyBackups(target)
  if (file === undefined) {
    throw new RestoreError(
      `no restore of ${target.name} is known, and no safety backup lies in ${target.backups.path}`,
      {
        reason: 'NotFound',
        hint: `restore a backup instead (manual 7.3): modosu restore --latest --target ${target.name}`,
      },
    )
  }
  const { name } = file
  for (const line of guessLines(target, name, lang)) context.output.warning(line)
  const shared = (target.backups.sharedWith ?? []).length > 0
  if (shared || yes === true || !context.stdin.isTTY || !context.output.talking) {
    throw new RestoreError('which safety backup? its name alone does not decide without somebody who looks', {
      reason: 'UsageError',
      hint: `look at them: modosu get safety --target ${target.name}; then: modosu rollback --target ${target.name} --to ${name}`,
    })
  }
  return named(context, target, name)
}
