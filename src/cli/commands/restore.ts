/** `modosu restore`: the manual's procedure as one command (manual 3.2 and 4.2). */

import { Option, type Command } from 'commander'

import { madeUpName } from '../../controller/request-name.ts'
import { warningBeforeRestore } from '../../controller/unacknowledged.ts'
import { RestoreError } from '../../domain/errors.ts'
import type { Language } from '../../domain/messages.ts'
import { API_VERSION, BACKUP_TYPES, REQUEST_KIND, type Mode, type Source } from '../../domain/resource.ts'
import { confirmRestore } from '../confirmation.ts'
import type { Target } from '../../domain/target.ts'
import type { CliContext } from '../context.ts'
import { formatOption } from '../format.ts'
import { examples } from '../help.ts'
import { languageOption } from '../language.ts'
import { conclude, RESULT_FORMATS, type ResultFormat } from '../request-flow.ts'
import { sourceText } from '../resources/requests.ts'
import { agreedSource, setOf, sourceOf, type SourceOptions } from '../restore-source.ts'
import { duration } from './wait.ts'

interface RestoreOptions extends SourceOptions {
  readonly target?: string
  readonly reason?: string
  readonly safetyBackup: boolean
  readonly drill?: boolean
  readonly dryRun?: boolean
  readonly extract?: boolean
  readonly yes?: boolean
  readonly wait: boolean
  readonly timeout?: number
  readonly name?: string | undefined
  readonly requestedBy?: string
  readonly output: ResultFormat
  readonly lang: Language
}

export function addRestoreCommand(program: Command, context: CliContext): void {
  const command = program
    .command('restore')
    .summary('restore a database from a backup')
    .description(
      'Restores a target from a backup: shows what will be replaced by what, asks, submits a request to the daemon and ' +
        'follows it through its five steps. Ctrl-C detaches; the restore goes on.',
    )
    .argument('[backup]', 'a backup id, a safety backup, or a file inside the backup directory')
    .option('--latest', 'the newest backup that passes every check')
    .addOption(new Option('--type <types...>', 'with --latest: only of these types').choices(BACKUP_TYPES))
    .option('--before <time>', 'with --latest: only backups made before, such as 2026-02-15T03:00:00Z')
    .option('-t, --target <target>', 'the database; may be left out where there is one')
    .option('--reason <text>', 'why, for the audit log and the report')
    .option('--requested-by <name>', 'on whose behalf; your login name unless given')
    .option('--no-safety-backup', 'make none: a failed restore is NOT rolled back (manual 4.4)')
    .option('--dry-run', 'the plan only; nothing is changed')
    .option('--drill', 'rehearse: restore to a scratch file, check, delete; nothing is changed')
    .addOption(
      new Option('--extract', 'write the checked backup as a file into extracts.path; nothing is changed').conflicts([
        'drill',
        'dryRun',
      ]),
    )
    .option('-y, --yes', 'do not ask')
    .option('--wait', 'follow the restore to its end', true)
    .option('--no-wait', 'return as soon as it is submitted')
    .option('--name <name>', 'of the request; made up unless given')
  for (const option of commonOptions()) command.addOption(option)
  command
    .addHelpText(
      'after',
      examples(
        { command: 'restore BKP-20260215-020015-daily', tells: 'restore one backup; asks first' },
        { command: 'restore BKP-20260215-020015-daily --dry-run', tells: 'what would be done, step by step' },
        { command: 'restore --latest --target itsm-nexus --yes', tells: 'in a script: the newest sound backup' },
        { command: 'restore --latest --drill', tells: 'the quarterly rehearsal; the live database is not touched' },
        { command: 'restore BKP-20260215-020015-daily --extract', tells: 'the checked backup as a file of its own' },
        { command: 'restore restore_safety_20260215150530.db --yes', tells: 'back to before an earlier restore' },
      ),
    )
    .action(async (backup: string | undefined, options: RestoreOptions) => {
      await restore(context, backup, options)
    })
}

/** What every command has that can follow a request. */
export function commonOptions(): readonly Option[] {
  const timeout = new Option(
    '--timeout <duration>',
    "give up following after; the request's own deadline and a minute unless given",
  )
  return [timeout.argParser(duration), formatOption(RESULT_FORMATS, 'text'), languageOption()]
}

async function restore(context: CliContext, backup: string | undefined, options: RestoreOptions): Promise<void> {
  const target = context.target(options.target)
  const asked = sourceOf(backup, options)
  const mode = modeOf(options)
  // Without it a submitted request could not be followed; better said before than after.
  if (options.wait) context.reader()
  const source = mode === 'Restore' ? await confirmed(context, target, asked, options) : asked
  if (source === null) {
    context.output.message(context.sayings.cancelled)
    context.exitCode = 12
    return
  }
  const { resource } = await context.client().submit(manifestOf(context, target.name, source, mode, options))
  context.exitCode = await conclude(context, resource, {
    wait: options.wait,
    ...(options.timeout === undefined ? {} : { timeoutMs: options.timeout }),
    language: options.lang,
    format: options.output,
    verb: 'created',
  })
  // The backup that was agreed to is bad: the next newest is proposed, under a name of its own, and asked for anew.
  if (
    options.wait &&
    asked.latest !== undefined &&
    source.backupId !== undefined &&
    isBad(context, resource.metadata.name)
  )
    await restore(context, backup, { ...options, name: undefined })
}

function isBad(context: CliContext, name: string): boolean {
  const { phase, status } = context.reader().request(name) ?? {}
  return phase === 'Failed' && BAD_BACKUP.has(status?.reason ?? '')
}

/** What a verdict on the backup's bytes says: it is in the ledger, and the next look passes the backup over. */
const BAD_BACKUP: ReadonlySet<string> = new Set([
  'ChecksumMismatch',
  'IntegrityCheckFailed',
  'BackupIncomplete',
  'WalMismatch',
])

function modeOf({ drill, dryRun, extract }: RestoreOptions): Mode {
  if (dryRun === true) return 'DryRun'
  if (extract === true) return 'Extract'
  return drill === true ? 'Drill' : 'Restore'
}

/** @returns the source that was shown and agreed to; null: the answer was no. */
async function confirmed(
  context: CliContext,
  target: Target,
  source: Source,
  { safetyBackup, yes, lang }: RestoreOptions,
): Promise<Source | null> {
  const set = await setOf(context, target, source)
  warnOfOpenResult(context, target.name, source)
  const agreed = await confirmRestore(context, {
    target: target.name,
    source: source.latest === undefined ? sourceText(source) : 'latest',
    set,
    backupCurrent: safetyBackup,
    yes: yes === true,
    language: lang,
  })
  return agreed ? agreedSource(source, set, yes !== true) : null
}

/** Manual Q6: whoever restores again has checked the application first. Without a state store nothing is known of a last time. */
function warnOfOpenResult(context: CliContext, target: string, source: Source): void {
  let warning: string | null = null
  try {
    warning = warningBeforeRestore(context.reader(), { mode: 'Restore', target, source })
  } catch (error) {
    if (!(error instanceof RestoreError) || error.reason !== 'NoStateStore') throw error
  }
  if (warning !== null) context.output.warning(warning)
}

function manifestOf(
  { clock, environment }: CliContext,
  target: string,
  source: Source,
  mode: Mode,
  { name, safetyBackup, requestedBy, reason }: RestoreOptions,
): object {
  return {
    apiVersion: API_VERSION,
    kind: REQUEST_KIND,
    metadata: { name: name ?? madeUpName(target, clock.nowMs()) },
    spec: {
      target,
      source,
      confirm: true,
      backupCurrent: safetyBackup,
      mode,
      requestedBy: requestedBy ?? environment.login,
      ...(reason === undefined ? {} : { reason }),
    },
  }
}
