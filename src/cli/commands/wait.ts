/** `modosu wait`. */

import { readdirSync } from 'node:fs'

import { InvalidArgumentError, Option, type Command } from 'commander'

import { parseDuration } from '../../domain/clock.ts'
import { exitCodeFor, exitCodeOfTimeout } from '../../domain/reasons.ts'
import type { ExitCode } from '../../domain/reasons/entry.ts'
import type { Language } from '../../domain/messages.ts'
import type { CliContext } from '../context.ts'
import { examples } from '../help.ts'
import { languageOption } from '../language.ts'
import { printOutcome } from '../progress/outcome-view.ts'
import { follow, type FollowResult } from '../progress/follow.ts'
import { plainName } from '../reference.ts'
import { isMet, namesAnotherEnd, parseWaitCondition, type WaitCondition } from '../progress/wait-condition.ts'

interface WaitOptions {
  readonly for: WaitCondition
  readonly timeout: number
  readonly progress?: boolean
  readonly lang: Language
}

const SUCCEEDED: WaitCondition = { kind: 'condition', type: 'Succeeded', status: 'True' }

export function addWaitCommand(program: Command, context: CliContext): void {
  program
    .command('wait')
    .summary('wait until a request has succeeded, or until something else is so')
    .description(
      'Waits for a request. Exit code 0 means that what was waited for is so; without --for that is success and nothing ' +
        'else. A request that ends otherwise gives its own exit code at once; one that is not there is waited for.',
    )
    .argument('<request>', 'its name')
    .addOption(
      new Option('--for <what>', 'condition=TYPE[=False], phase=PHASE, or terminal')
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
        { command: 'wait inc-4711 --for=terminal', tells: 'however it ends; the exit code tells how' },
      ),
    )
    .action(async (reference: string, options: WaitOptions) => {
      const name = plainName(reference)
      const { for: condition, timeout: timeoutMs, progress = false, lang } = options
      const result = await follow(context, name, {
        timeoutMs,
        ...(progress ? { progress: lang } : {}),
        until: (sight) => isMet(condition, sight),
      })
      context.exitCode = conclude(context, name, condition, result, progress ? lang : null)
    })
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
  if (result.sight === undefined) return notThere(context, name, result.kind)
  const { request } = result.sight
  const outcome = exitCodeFor(request.phase, request.status.reason ?? '', request.status.conditions)
  switch (result.kind) {
    case 'reached':
      if (progress === null) output.line(`${name}: ${request.phase}`)
      else printOutcome(output, request, progress)
      return namesAnotherEnd(condition) ? 0 : outcome
    case 'ended':
      printOutcome(output, request, progress ?? 'en')
      if (outcome !== 0) return outcome
      output.message(`error: ${name} has ended, and what was waited for will not come`)
      return 1
    case 'timeout':
      output.message(`error: timed out: ${name} is in phase ${request.phase}; it goes on`)
      return exitCodeOfTimeout(request)
    case 'interrupted':
      output.message(`${name} goes on (phase ${request.phase}); look: modosu describe request ${name}`)
      return 3
  }
}

/** A request that never appeared: perhaps the spool refused its file. */
function notThere(context: CliContext, name: string, kind: FollowResult['kind']): ExitCode {
  const { output } = context
  output.message(`error: restore request not found: ${name}`)
  const refused = refusedFiles(context)
  if (refused.length > 0) output.message(`hint: the spool refused ${refused.join(', ')}: see ${context.rejectedDir}`)
  else output.message('hint: list them: modosu get requests')
  return kind === 'interrupted' ? 3 : 5
}

function refusedFiles({ rejectedDir }: CliContext): readonly string[] {
  try {
    return readdirSync(rejectedDir)
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => name.slice(0, -'.yaml'.length))
  } catch {
    return []
  }
}

function waitCondition(text: string): WaitCondition {
  const condition = parseWaitCondition(text)
  if (condition === undefined) {
    throw new InvalidArgumentError('Allowed are condition=TYPE, condition=TYPE=False, phase=PHASE and terminal.')
  }
  return condition
}

/** Milliseconds. */
export function duration(text: string): number {
  const ms = parseDuration(text)
  if (ms === undefined) throw new InvalidArgumentError('A duration is expected, such as 90s, 15m or 1h.')
  return ms
}
