/** `modosu checklist`: the ten points before a restore and the ten after it (manual 10 and 11). */

import { Argument, type Command } from 'commander'

import { checklistFor } from '../../controller/papers/checklist-of.ts'
import type { ChecklistSources } from '../../controller/papers/checklist-sources.ts'
import { checklistObject } from '../../domain/papers/checklist-object.ts'
import { checklistWords, CHECKLIST_NAMES, type ChecklistName } from '../../domain/papers/checklist-words.ts'
import { POINTS, spokenPoints, whoText, type Checklist } from '../../domain/papers/checklist.ts'
import { RestoreError } from '../../domain/errors.ts'
import type { Target } from '../../domain/target.ts'
import type { CliContext } from '../context.ts'
import { formatOption, toJson, toYaml } from '../format.ts'
import { examples } from '../help.ts'
import { languageOption } from '../language.ts'
import { printable } from '../printable.ts'
import { plainName } from '../reference.ts'
import { backupListing } from '../resources/backups.ts'
import { findRequest } from '../resources/requests.ts'

const CHECKLIST_FORMATS = ['text', 'json', 'yaml'] as const

interface ChecklistOptions {
  readonly tick?: readonly number[]
  readonly untick?: readonly number[]
  readonly note?: string
  readonly output: (typeof CHECKLIST_FORMATS)[number]
}

export function addChecklistCommand(program: Command, context: CliContext): void {
  program
    .command('checklist')
    .summary('the checklist before a restore, and the one after it')
    .description(
      'Shows the ten points of the manual’s section 10 (pre) or 11 (post) for a request. What the program can know it has ' +
        'judged, with what that rests on; the other points are ticked by people, and who and when is recorded. A target with ' +
        '`checklist: require` is not restored before the first list is complete.',
    )
    .addArgument(new Argument('<list>', 'before the restore, or after it').choices(CHECKLIST_NAMES))
    .argument('<request>', 'its name')
    .option('--tick <numbers>', 'points that are done: 5, or 5,6,9', pointNumbers)
    .option('--untick <numbers>', 'points that are not done after all', pointNumbers)
    .option('--note <text>', 'what is to be remembered with these points')
    .addOption(languageOption())
    .addOption(formatOption(CHECKLIST_FORMATS, 'text'))
    .addHelpText(
      'after',
      examples(
        { command: 'checklist pre inc-4711', tells: 'what is still open before the restore' },
        { command: 'checklist pre inc-4711 --tick 5,6,9,10 --note "mailed at 14:55"', tells: 'these are done' },
        { command: 'checklist post inc-4711 --tick 3,7', tells: 'login works, a record can be made' },
        { command: 'checklist pre inc-4711 --untick 6', tells: 'ticked by mistake' },
      ),
    )
    .action(async (list: ChecklistName, name: string, options: ChecklistOptions) => {
      await checklist(context, list, plainName(name), options)
    })
}

/** @throws RestoreError `UsageError`. */
function pointNumbers(word: string, before: readonly number[] = []): readonly number[] {
  const numbers = word.split(',').map((each) => Number(each))
  if (numbers.every((number) => Number.isInteger(number) && number >= 1 && number <= POINTS)) {
    return [...before, ...numbers]
  }
  throw new RestoreError(`not a point of a checklist: ${word}`, {
    reason: 'UsageError',
    hint: `the points are 1 to ${POINTS}: --tick 5,6`,
  })
}

async function checklist(
  context: CliContext,
  list: ChecklistName,
  name: string,
  { tick = [], untick = [], note, output: format }: ChecklistOptions,
): Promise<void> {
  if (tick.length > 0 || untick.length > 0) {
    await context.client().tick(name, { list, tick, untick, ...(note === undefined ? {} : { note }) })
  } else if (note !== undefined) {
    throw new RestoreError('a note belongs to points', {
      reason: 'UsageError',
      hint: `modosu checklist ${list} ${name} --tick 5 --note "…"`,
    })
  }
  const request = findRequest(context.reader(), name)
  const target = context.target(request.spec.target)
  const found = await checklistFor(checklistSources(context), request, target, list)
  const { language, output, say } = context
  switch (format) {
    case 'text':
      for (const line of lines(context, found, name, target)) output.line(line)
      break
    case 'json':
      output.line(toJson(checklistObject(request, found, { language, say })))
      break
    case 'yaml':
      output.line(toYaml(checklistObject(request, found, { language, say })))
      break
  }
}

export function checklistSources(context: CliContext): ChecklistSources {
  return {
    reader: context.reader(),
    clock: context.clock,
    list: (target) => backupListing(context, target),
    contacts: context.configuration().report.contacts,
  }
}

function lines(context: CliContext, found: Checklist, name: string, target: Target): readonly string[] {
  const { language, say } = context
  const words = checklistWords(language)
  const timezone = context.configuration().report.timezone ?? target.backups.timezone
  const points = spokenPoints(found, { language, say }).flatMap((point) => {
    const mark = point.done ? '[x]' : '[ ]'
    const expected = point.expected === undefined ? '' : ` → ${point.expected}`
    const optional = point.optional && !point.done ? ` (${words.optional})` : ''
    const said = [whoText(point, language, timezone), point.evidence, point.note ?? ''].filter((text) => text !== '')
    return [
      `${mark} ${String(point.number).padStart(2)} ${point.item}${optional}`,
      `       ${point.how}${expected}`,
      `       ${printable(said.join(': '))}`,
    ]
  })
  const done = found.points.filter((point) => point.done).length
  return [`${words.titles[found.list]}: ${name}`, '', ...points, '', words.count(done, found.points.length)]
}
