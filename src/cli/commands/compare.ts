/** `modosu compare`: what a restore of a backup would take away, bring back and change, before anybody asks for one. */

import { join } from 'node:path'

import { InvalidArgumentError, type Command } from 'commander'

import { deadlineFor } from '../../controller/deadlines.ts'
import type { Comparison } from '../../database/look-contract.ts'
import { toRfc3339 } from '../../domain/clock.ts'
import { RestoreError } from '../../domain/errors.ts'
import { comparisonLines } from '../comparison-view.ts'
import type { CliContext } from '../context.ts'
import { formatOption, OBJECT_FORMATS, toJson, toYaml, type ObjectFormat } from '../format.ts'
import { examples } from '../help.ts'
import { untilInterrupted } from '../interrupt.ts'
import { chosen, copyOfBackup, copyOfPresent, withScratch, type Chosen } from '../look.ts'
import { plainName } from '../reference.ts'
import { comparisonObject } from '../shown-values.ts'

const ROWS_MAX = 1000
/** Both files are read to the end, twice at most, and the rows of one are looked up in the other. */
const TIMES_A_CHECK = 4
/** Of the call's time, for what comes after the last row. */
const SPARE_MS = 5000

interface Options {
  readonly target?: string
  readonly table?: readonly string[]
  readonly rows: number
  readonly output: ObjectFormat
}

export function addCompareCommand(program: Command, context: CliContext): void {
  program
    .command('compare')
    .summary('what a restore would take away, bring back and change')
    .description(
      'Compares a backup with the present database, row by row and by primary key: how many rows a restore would take ' +
        'away (VANISH), bring back (RETURN) and set back to an older content (CHANGE), with some of them to look at. Both are ' +
        'read from checked copies; nothing is changed beside the database or the backup. Works with the daemon down.',
    )
    .argument('<backup>', 'a backup id, or the name of a safety backup')
    .option('-t, --target <target>', 'of this target')
    .option('--table <table...>', 'only these tables')
    .option('--rows <n>', 'so many rows of each kind are shown for each table', rowsOf, 3)
    .addOption(formatOption(OBJECT_FORMATS, 'table'))
    .addHelpText(
      'after',
      examples(
        { command: 'compare BKP-20260215-020015-daily', tells: 'before a restore' },
        { command: 'compare BKP-20260215-020015-daily --table incidents --rows 20', tells: 'more rows of one table' },
        { command: 'compare restore_safety_20260215150530.db -t itsm-nexus', tells: 'before a restore is undone' },
        { command: 'compare BKP-20260215-020015-daily -o json', tells: 'for a script' },
      ),
    )
    .action(async (backup: string, options: Options) => {
      await untilInterrupted((signal) =>
        withScratch(context, (folder) => compare(context, plainName(backup), options, folder, signal)),
      )
    })
}

function rowsOf(text: string): number {
  const rows = Number(text)
  if (/^\d+$/.test(text) && rows <= ROWS_MAX) return rows
  throw new InvalidArgumentError(`a number from 0 to ${ROWS_MAX}`)
}

async function compare(
  context: CliContext,
  backup: string,
  { target: targetName, table, rows, output: format }: Options,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const found = await chosen(context, backup, targetName, folder)
  const [present, copy] = [join(folder, 'present.db'), join(folder, 'backup.db')]
  const { sizeBytes } = await copyOfPresent(context, found.target, present, signal)
  const comparedAtMs = context.clock.nowMs()
  await copyOfBackup(context, found, copy, signal)
  const deadlineMs = TIMES_A_CHECK * deadlineFor(found.target, Math.max(sizeBytes, found.set.sizeBytes))
  const comparison = await context
    .database()
    .compare(
      { present, backup: copy, tables: table ?? null, rows, budgetMs: deadlineMs - SPARE_MS },
      { deadlineMs, signal },
    )
  requireTables(table ?? [], comparison)
  print(context, found, comparison, format, comparedAtMs)
}

/** @throws RestoreError `UsageError` for a table that neither has. */
function requireTables(wanted: readonly string[], { tables }: Comparison): void {
  const known = new Set(tables.map(({ table }) => table.toLowerCase()))
  const missing = wanted.find((table) => !known.has(table.toLowerCase()))
  if (missing === undefined) return
  throw new RestoreError(`neither the database nor the backup has a table ${missing}`, {
    reason: 'UsageError',
    hint: 'leave --table away to see all of them',
  })
}

function print(
  context: CliContext,
  { target, set }: Chosen,
  comparison: Comparison,
  format: ObjectFormat,
  comparedAtMs: number,
): void {
  const { output } = context
  const head = {
    target: target.name,
    backupId: set.id,
    createdAt: toRfc3339(set.createdAtMs),
    comparedAt: toRfc3339(comparedAtMs),
  }
  switch (format) {
    case 'json':
      output.line(toJson({ ...head, ...comparisonObject(comparison) }))
      return
    case 'yaml':
      output.line(toYaml({ ...head, ...comparisonObject(comparison) }))
      return
    case 'table': {
      output.line(`${head.backupId} (${head.target}, ${head.createdAt})`)
      for (const line of comparisonLines(context, comparison)) output.line(line)
    }
  }
}
