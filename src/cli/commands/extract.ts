/** `modosu extract`: a backup as one checked file, for whoever may read it. Without the daemon, and without a restore. */

import { mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

import type { Command } from 'commander'

import { deliver, placeTaken, requireDeliverable } from '../../database/delivery.ts'
import { codeOf, RestoreError } from '../../domain/errors.ts'
import { shellWord } from '../../domain/shell-word.ts'
import { humanSize } from '../../domain/size.ts'
import type { CliContext } from '../context.ts'
import { examples } from '../help.ts'
import { untilInterrupted } from '../interrupt.ts'
import { chosen, copyOfBackup, withScratch } from '../look.ts'
import { plainName } from '../reference.ts'

interface Options {
  readonly target?: string
  readonly to: string
  readonly force?: boolean
}

export function addExtractCommand(program: Command, context: CliContext): void {
  program
    .command('extract')
    .summary('take a backup along as one checked file')
    .description(
      'Writes a backup to a file of your own: the set is copied, its -wal taken in, and the copy checked as a restore would ' +
        'check it. The file belongs to you alone (mode 0600), is whole when it has its name, and its SHA-256 is printed as ' +
        'sha256sum prints it. Nothing is changed beside the backup. Takes no daemon, and no rights but to read the backup.',
    )
    .argument('<backup>', 'a backup id, or the name of a safety backup')
    .requiredOption('--to <file>', 'where to: a name that is free')
    .option('--force', 'replace the file that has that name')
    .option('-t, --target <target>', 'of this target')
    .addHelpText(
      'after',
      examples(
        { command: 'extract BKP-20260215-020015-daily --to /tmp/itsm.db', tells: 'to look into it with sqlite3' },
        {
          command: 'extract restore_safety_20260215150530.db -t itsm-nexus --to ./before.db',
          tells: 'a safety backup',
        },
      ),
    )
    .action(async (backup: string, options: Options) => {
      await untilInterrupted((signal) => extract(context, plainName(backup), options, signal))
    })
}

async function extract(
  context: CliContext,
  backup: string,
  { target, to: asked, force = false }: Options,
  signal: AbortSignal,
): Promise<void> {
  const to = placeOf(asked)
  requireElsewhere(context, to)
  await requireDeliverable(to, force)
  const found = await withScratch(context, (folder) => chosen(context, backup, target, folder))
  // Beside its place: only what is on the same file system can get its name in one step. Nobody else may enter.
  const folder = folderBeside(to)
  try {
    const copy = await copyOfBackup(context, found, join(folder, 'backup.db'), signal)
    const { identity } = copy.report
    if (identity === null) throw new RestoreError(`${copy.path} was not sealed`, { reason: 'InternalError' })
    await deliver(copy.path, to, identity, force)
    context.output.line(`${copy.sha256}  ${to}`)
    context.output.message(
      `${found.set.id} was extracted to ${to} (${humanSize(identity.sizeBytes)}); it passed every check`,
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @returns the absolute path, links in its folder resolved. */
function placeOf(asked: string): string {
  const path = resolve(asked)
  try {
    const folder = realpathSync(dirname(path))
    if (statSync(folder).isDirectory()) return join(folder, basename(path))
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'ENOTDIR') throw error
  }
  throw new RestoreError(`there is no folder ${dirname(path)}`, {
    reason: 'UsageError',
    hint: `make it: mkdir -p ${shellWord(dirname(path))}`,
  })
}

/** @throws RestoreError `UsageError`. */
function requireElsewhere(context: CliContext, to: string): void {
  for (const target of context.configuration().targets) {
    const taken = placeTaken(to, target)
    if (taken === 'database') {
      throw new RestoreError(`${to} is the database of ${target.name}: an extracted file never takes its place`, {
        reason: 'UsageError',
        hint: `to put the backup back: modosu restore BACKUP --target ${target.name}`,
      })
    }
    if (taken === 'backups') {
      throw new RestoreError(`${to} lies among the backups of ${target.name}, where it would be taken for one`, {
        reason: 'UsageError',
        hint: 'choose a folder of your own',
      })
    }
  }
}

function folderBeside(to: string): string {
  try {
    return mkdtempSync(join(dirname(to), `.${basename(to).slice(0, 100)}.modosu-`))
  } catch (error) {
    throw new RestoreError(`cannot write to ${dirname(to)}: ${String(codeOf(error))}`, {
      reason: 'PermissionDenied',
      hint: 'choose a folder of your own',
      cause: error,
    })
  }
}
