/** `modosu wait`. */

import { join } from 'node:path'

import { InvalidArgumentError, Option, type Command } from 'commander'

import { parseDuration } from '../../domain/clock.ts'
import { exitCodeFor, exitCodeOfTimeout } from '../../domain/reasons.ts'
import type { ExitCode } from '../../domain/reasons/entry.ts'
import type { Language } from '../../domain/messages.ts'
import { shellWord } from '../../domain/shell-word.ts'
import type { CliContext } from '../context.ts'
import { examples } from '../help.ts'
import { languageOption } from '../language.ts'
import { printable } from '../printable.ts'
import { awaitAppearance, type Appearance } from '../progress/appearance.ts'
import { printOutcome } from '../progress/outcome-view.ts'
import { follow, type FollowResult } from '../progress/follow.ts'
import { plainName } from '../reference.ts'
import { refusalText, type RefusedFile } from '../refused-files.ts'
import { isMet, namesAnotherEnd, parseWaitCondition, type WaitCondition } from '../progress/wait-condition.ts'

interface WaitOptions {
  readonly for: WaitCondition
  readonly timeout: number
  readonly progress?: boolean
  readonly lang: Language
}

/** A look at the daemon must not outlive the wait by much. */
const PATIENCE_MS = 3000

const SUCCEEDED: WaitCondition = { kind: 'condition', type: 'Succeeded', status: 'True' }

export function addWaitCommand(program: Command, context: CliContext): void {
  program
    .command('wait')
    .summary('wait until a request has succeeded, or until something else is so')
    .description(
      'Waits for a request. Exit code 0 means that what was waited for is so; without --for that is success and nothing ' +
        'else. A request that ends otherwise gives its own exit code at once, and so does one whose file was refused; a name that ' +
        'no request and no file of the spool has ends with 5, unless it is waited for with --for=create.',
    )
    .argument('<requests...>', 'their names; one after the other')
    .addOption(
      new Option('--for <what>', 'condition=TYPE[=False], phase=PHASE, terminal, or create')
        .argParser(waitCondition)
        .default(SUCCEEDED, 'condition=Succeeded'),
    )
    .addOption(new Option('--timeout <duration>', 'give up after').argParser(duration).default(15 * 60_000, '15m'))
    .option('--progress', 'show the five steps meanwhile')
    .addOption(languageOption())
    .addHelpText(
      'after',
      examples(
        { command: 'wait inc-4711 --timeout 15m', tells: 'in a script: go on only when the restore has succeeded' },
        { command: 'wait inc-4711 --progress', tells: 'follow a restore that somebody else has started' },
        { command: 'wait inc-4711 --for=phase=Swapping', tells: 'until the database is about to be replaced' },
        { command: 'wait inc-4711 --for=create', tells: 'until its file has come and was read' },
        { command: 'wait inc-4711 --for=terminal', tells: 'however it ends; the exit code tells how' },
      ),
    )
    .action(async (references: readonly string[], options: WaitOptions) => {
      const endMs = performance.now() + options.timeout
      for (const reference of references) {
        const timeout = Math.max(1, Math.ceil(endMs - performance.now()))
        const code = await waitFor(context, plainName(reference), { ...options, timeout })
        if (context.exitCode === 0) context.exitCode = code
      }
    })
}

async function waitFor(context: CliContext, name: string, options: WaitOptions): Promise<ExitCode> {
  const { for: condition, timeout: timeoutMs, progress = false, lang } = options
  const startMs = performance.now()
  const appearance = await awaitAppearance(context, name, { timeoutMs, patient: condition.kind === 'created' })
  if (appearance.kind !== 'there') return notThere(context, name, appearance)
  const result = await follow(context, name, {
    timeoutMs: Math.max(1, Math.ceil(timeoutMs - (performance.now() - startMs))),
    ...(progress ? { progress: lang } : {}),
    until: (sight) => isMet(condition, sight),
  })
  return conclude(context, name, condition, result, progress ? lang : null)
}

/** @param progress the language of the outcome's text; null: one line is enough. */
function conclude(
  context: CliContext,
  name: string,
  condition: WaitCondition,
  result: FollowResult,
  progress: Language | null,
): ExitCode {
  const { output } = context
  if (result.sight === undefined) {
    output.message(context.sayings.requestNotFound(name))
    return result.kind === 'interrupted' ? 3 : 5
  }
  const { request } = result.sight
  const spool = context.configuration().spool.path
  const outcome = exitCodeFor(request.phase, request.status.reason ?? '', request.status.conditions)
  switch (result.kind) {
    case 'reached':
      if (progress === null) output.line(`${name}: ${request.phase}`)
      else printOutcome(output, request, progress, spool)
      return namesAnotherEnd(condition) ? 0 : outcome
    case 'ended':
      printOutcome(output, request, context.language, spool)
      if (outcome !== 0) return outcome
      output.message(context.sayings.willNotCome(name))
      return 1
    case 'timeout':
      output.message(context.sayings.timedOut(name, request.phase))
      return exitCodeOfTimeout(request)
    case 'interrupted':
      output.message(context.sayings.goesOn(name, request.phase))
      return 3
  }
}

/** Not stored, and why as far as it is known. */
async function notThere(
  context: CliContext,
  name: string,
  appearance: Exclude<Appearance, { kind: 'there' }>,
): Promise<ExitCode> {
  const { output } = context
  if (appearance.kind === 'refused') return sayRefused(context, name, appearance.refused)
  output.message(context.sayings.requestNotFound(name))
  if (!(await context.client({ timeoutMs: PATIENCE_MS }).alive())) {
    output.message(context.sayings.daemonDown)
  }
  const { spool } = context.configuration()
  output.message(context.sayings.whereLooked(shellWord(spool.path), name))
  return appearance.kind === 'interrupted' ? 3 : 5
}

function sayRefused(context: CliContext, name: string, refused: RefusedFile): ExitCode {
  const { output } = context
  const { file, reason } = refused
  const path = shellWord(join(context.configuration().spool.path, file))
  const { sayings } = context
  output.message(sayings.refused(printable(file), name, printable(context.say(refusalText(refused)))))
  output.message(sayings.phaseAndReason('Rejected', reason))
  const hints = refused.problems.flatMap(({ hint }) => hint ?? [])
  for (const hint of hints) output.message(`${sayings.hint} ${printable(context.say(hint))}`)
  output.message(`${sayings.next} modosu validate -f ${path}   # ${sayings.why.validate}`)
  return exitCodeFor('Rejected', reason)
}

function waitCondition(text: string): WaitCondition {
  const condition = parseWaitCondition(text)
  if (condition === undefined) {
    throw new InvalidArgumentError(
      'Allowed are condition=TYPE, condition=TYPE=False, phase=PHASE, terminal and create.',
    )
  }
  return condition
}

/** Milliseconds. */
export function duration(text: string): number {
  const ms = parseDuration(text)
  if (ms === undefined) throw new InvalidArgumentError('A duration is expected, such as 90s, 15m or 1h.')
  return ms
}
