/** `modosu prune`: shows what retention would delete, and why, and has the daemon delete just that (manual 5.5, 8.4). */

import { InvalidArgumentError, type Command } from 'commander'

import type { PruneAnswer } from '../../api/prune-routes.ts'
import { toRfc3339 } from '../../domain/clock.ts'
import { exitCodeOfReason } from '../../domain/reasons.ts'
import { API_VERSION } from '../../domain/resource.ts'
import { PRUNE_KINDS, sizeOfSet, type Decision, type PruneKind } from '../../domain/retention.ts'
import { humanSize } from '../../domain/size.ts'
import { TRUST_HINT } from '../../domain/steady-clock.ts'
import { deletableText } from '../../retention/policy.ts'
import { digestOf, kindsToPrune, type Survey } from '../../retention/survey.ts'
import { confirmed } from '../confirmation.ts'
import type { CliContext } from '../context.ts'
import { formatOption, OBJECT_FORMATS, toJson, toYaml, type ObjectFormat } from '../format.ts'
import { examples } from '../help.ts'
import { dateAndTime } from '../human.ts'
import { surveyNow, warnOfFailures } from '../retention.ts'
import { tableLines } from '../table.ts'

/** Ten thousand files on a slow disk. */
const TIMEOUT_MS = 1_800_000

interface PruneOptions {
  readonly kind?: readonly PruneKind[]
  readonly target?: string
  readonly dryRun?: boolean
  readonly all?: boolean
  readonly yes?: boolean
  readonly trustClock?: boolean
  readonly output: ObjectFormat
}

export function addPruneCommand(program: Command, context: CliContext): void {
  program
    .command('prune')
    .summary('delete old safety backups and what else retention lets go')
    .description(
      'Shows what retention would delete now, with the reason and the size of each, asks, and has the daemon delete ' +
        'exactly that. Never the newest, never what a request still needs. Kinds are ' +
        `${PRUNE_KINDS.join(', ')}; without --kind, those that the configuration has turned on. backups are only ever ` +
        'deleted where retention.backups.enabled is true.',
    )
    .option('-k, --kind <kinds>', 'only these kinds of files, separated by commas', kinds)
    .option('-t, --target <target>', 'only those of this target')
    .option('--dry-run', 'only show what would be deleted; works with the daemon down')
    .option('-a, --all', 'show what stays, too, and why')
    .option('-y, --yes', 'do not ask')
    .option('--trust-clock', 'the system clock is right, though the daemon does not believe it (ClockImplausible)')
    .addOption(formatOption(OBJECT_FORMATS, 'table'))
    .addHelpText(
      'after',
      examples(
        { command: 'prune --dry-run', tells: 'what would go now' },
        { command: 'prune --dry-run --all', tells: 'and what stays, and why' },
        { command: 'prune --kind safety,broken', tells: 'make room (manual 8.4); asks first' },
        { command: 'prune --target itsm-nexus --yes', tells: 'for a script' },
      ),
    )
    .action(async (options: PruneOptions) => {
      await prune(context, options)
    })
}

function kinds(text: string): readonly PruneKind[] {
  return text.split(',').map((word) => {
    const kind = PRUNE_KINDS.find((each) => each === word.trim())
    if (kind !== undefined) return kind
    throw new InvalidArgumentError(`Allowed are ${PRUNE_KINDS.join(', ')}.`)
  })
}

async function prune(context: CliContext, options: PruneOptions): Promise<void> {
  const { output } = context
  const { retention } = context.configuration()
  const chosen = kindsToPrune(retention, options.kind ?? null)
  if (options.kind?.includes('backups') === true && !retention.backups.enabled) {
    output.message('backups are left alone: retention.backups.enabled is false')
  }
  const time = options.trustClock === true ? { nowMs: context.clock.nowMs(), doubt: null } : context.time()
  const survey = await surveyNow(context, context.targets(options.target), chosen, time.nowMs)
  const going = survey.plan.decisions.filter(({ act }) => act === 'delete')
  print(context, survey, options)
  warnOfFailures(context, survey)
  if (survey.failures.length > 0) context.exitCode = 1
  if (time.doubt !== null) {
    output.warning(`nothing is deleted while the clock is not believed: ${time.doubt}; ${TRUST_HINT}`)
    context.exitCode = exitCodeOfReason('ClockImplausible')
    return
  }
  if (options.dryRun === true || (options.trustClock !== true && going.length === 0 && survey.underWay.length === 0))
    return
  if (options.yes !== true && !(await confirmed(context, question(going.length)))) {
    output.message('cancelled: nothing was deleted')
    context.exitCode = 12
    return
  }
  const { kind, target } = options
  const order = { ...(kind === undefined ? {} : { kinds: kind }), ...(target === undefined ? {} : { target }) }
  const trust = options.trustClock === true ? { trustClock: true } : {}
  const answer = await context
    .client({ timeoutMs: TIMEOUT_MS })
    .prune({ ...order, ...trust, digest: digestOf(survey.plan) })
  report(context, answer)
}

function print(context: CliContext, survey: Survey, { output: format, all = false }: PruneOptions): void {
  const { output } = context
  switch (format) {
    case 'json':
      output.line(toJson(toObject(survey)))
      return
    case 'yaml':
      output.line(toYaml(toObject(survey)))
      return
    case 'table':
      printTable(context, survey, all)
  }
}

function printTable({ output, say }: CliContext, { plan, underWay }: Survey, all: boolean): void {
  const shown = plan.decisions.filter(({ act }) => all || act === 'delete')
  const going = plan.decisions.filter(({ act }) => act === 'delete')
  if (shown.length > 0) {
    const header = ['ACTION', 'KIND', 'TARGET', 'NAME', 'FILES', 'CREATED', 'SIZE', 'WHY']
    for (const line of tableLines(
      header,
      shown.map((decision) => cells(decision, say)),
    ))
      output.line(line)
  }
  for (const { target, name } of underWay) {
    output.message(`${name} (${target}): its deletion was interrupted and is finished first`)
  }
  const freed = going.reduce((sum, { set }) => sum + sizeOfSet(set), 0)
  if (going.length === 0) output.message('nothing is to be deleted')
  else output.message(`to be deleted: ${counted(going.length)}, ${humanSize(freed)}`)
  for (const [target, bytes] of plan.shortBytes) {
    output.warning(
      `${target}: free space stays ${humanSize(bytes)} under retention.safetyBackups.minFreeBytes, and nothing more may be deleted`,
    )
  }
}

function cells({ act, set, why }: Decision, say: CliContext['say']): string[] {
  const created = set.createdAtMs === null ? '' : `${dateAndTime(set.createdAtMs)}Z`
  const { kind, target, name, files } = set
  return [act, kind, target, name, String(files.length), created, humanSize(sizeOfSet(set)), say(why)]
}

function toObject({ plan, underWay, failures }: Survey): object {
  return {
    apiVersion: API_VERSION,
    kind: 'PrunePlan',
    digest: digestOf(plan),
    decisions: plan.decisions.map((decision) => {
      const { set, act, why, pinnedBy, deletableAfterMs } = decision
      const time = (ms: number | null): string | null => (ms === null ? null : toRfc3339(ms))
      return {
        action: act,
        why,
        kind: set.kind,
        target: set.target,
        name: set.name,
        folder: set.folder,
        files: set.files.map((file) => ({ name: file.name, sizeBytes: file.sizeBytes })),
        sizeBytes: sizeOfSet(set),
        createdAt: time(set.createdAtMs),
        deletableAfter: time(deletableAfterMs),
        deletable: deletableText(decision),
        pinnedBy,
      }
    }),
    shortBytes: Object.fromEntries(plan.shortBytes),
    interrupted: underWay.map(({ target, kind, name }) => ({ target, kind, name })),
    failures: failures.map(({ target, error }) => ({ target, error: error.message })),
  }
}

function report(context: CliContext, { deleted, freedBytes, spared, failed }: PruneAnswer): void {
  const { output } = context
  for (const { name, why } of spared) output.message(`spared ${name}: ${why}`)
  for (const { name, why } of failed) output.warning(`not deleted ${name}: ${why}`)
  output.message(`deleted ${counted(deleted.length)}, ${humanSize(freedBytes)}`)
  if (failed.length > 0) context.exitCode = 1
}

function question(sets: number): string {
  return sets === 0 ? 'Finish what was interrupted?' : `Delete ${counted(sets)}?`
}

function counted(sets: number): string {
  return sets === 1 ? '1 item' : `${sets} items`
}
