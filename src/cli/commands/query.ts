/** `modosu query`: a question in SQL to a backup or the present database, which cannot do anything but be answered. */

import { join } from 'node:path'

import { InvalidArgumentError, Option, type Command } from 'commander'

import type { QueryAnswer } from '../../database/look-contract.ts'
import { parseDuration } from '../../domain/clock.ts'
import { answerLines, csvLines, rowObjects } from '../answer-view.ts'
import type { CliContext } from '../context.ts'
import { formatOption, toJson } from '../format.ts'
import { examples } from '../help.ts'
import { untilInterrupted } from '../interrupt.ts'
import { chosen, copyOfBackup, copyOfPresent, withScratch } from '../look.ts'
import { plainName } from '../reference.ts'

const FORMATS = ['table', 'json', 'csv'] as const
const ROWS_MAX = 100_000
/** Of an answer, in memory on both sides of the channel. */
const BYTES_MAX = 16 * 2 ** 20
const TIMEOUT_MS = 30_000
const TIMEOUT_MAX_MS = 3_600_000

interface Options {
  readonly target?: string
  readonly rows: number
  readonly timeout: number
  readonly output: (typeof FORMATS)[number]
}

export function addQueryCommand(program: Command, context: CliContext): void {
  program
    .command('query')
    .summary('ask a backup or the present database in SQL')
    .description(
      'Answers one statement that only reads (SELECT, WITH, VALUES, EXPLAIN), on a copy that passed its checks: of a backup, ' +
        'or without one of the present database. It cannot write, attach or load anything, and is ended where it takes too ' +
        'long or too much memory. Nothing is changed beside the database or the backup. Works with the daemon down.',
    )
    .argument(
      '<backup-or-sql>',
      'a backup id or the name of a safety backup; the statement, where the present database is asked',
    )
    .argument('[sql]', 'the statement')
    .option('-t, --target <target>', 'of this target')
    .option('--rows <n>', 'at most so many rows', rowsOf, 1000)
    .addOption(new Option('--timeout <duration>', 'end it after').argParser(timeoutOf).default(TIMEOUT_MS, '30s'))
    .addOption(formatOption(FORMATS, 'table'))
    .addHelpText(
      'after',
      examples(
        { command: 'query BKP-20260215-020015-daily "SELECT count(*) FROM incidents"', tells: 'a backup' },
        { command: 'query --target itsm-nexus "SELECT max(created_at) FROM incidents"', tells: 'the present database' },
        {
          command:
            'query BKP-20260215-020015-daily "SELECT * FROM incidents WHERE status = \'open\'" -o csv > open.csv',
          tells: 'for a spreadsheet',
        },
        {
          command: 'query BKP-20260215-020015-daily "SELECT name, sql FROM sqlite_schema"',
          tells: 'the tables and their columns',
        },
      ),
    )
    .action(async (first: string, second: string | undefined, options: Options) => {
      const [backup, sql] = second === undefined ? [null, first] : [plainName(first), second]
      await untilInterrupted((signal) =>
        withScratch(context, async (folder) => {
          const path = await copy(context, backup, options.target, folder, signal)
          const limits = { maxRows: options.rows, maxBytes: BYTES_MAX }
          const answer = await context
            .database()
            .query({ path, sql, ...limits }, { deadlineMs: options.timeout, signal })
          print(context, answer, options)
        }),
      )
    })
}

function rowsOf(text: string): number {
  const rows = Number(text)
  if (/^\d+$/.test(text) && rows >= 1 && rows <= ROWS_MAX) return rows
  throw new InvalidArgumentError(`a number from 1 to ${ROWS_MAX}`)
}

function timeoutOf(text: string): number {
  const ms = parseDuration(text)
  if (ms !== undefined && ms > 0 && ms <= TIMEOUT_MAX_MS) return ms
  throw new InvalidArgumentError('a duration up to 1h, such as 30s or 5m')
}

async function copy(
  context: CliContext,
  backup: string | null,
  targetName: string | undefined,
  folder: string,
  signal: AbortSignal,
): Promise<string> {
  const path = join(folder, 'asked.db')
  if (backup === null) await copyOfPresent(context, context.target(targetName), path, signal)
  else await copyOfBackup(context, await chosen(context, backup, targetName, folder), path, signal)
  return path
}

function print({ output }: CliContext, answer: QueryAnswer, { output: format, rows }: Options): void {
  switch (format) {
    case 'json':
      output.line(toJson(rowObjects(answer)))
      break
    case 'csv':
      for (const line of csvLines(answer)) output.line(line)
      break
    case 'table':
      for (const line of answerLines(answer)) output.line(line)
  }
  if (answer.cut === 'rows') output.warning(`there are more than ${rows} rows: ask with LIMIT, or for more with --rows`)
  if (answer.cut === 'bytes') output.warning('the answer is too large and was cut: ask for fewer rows or columns')
}
