/** Runs one command line from its words to its exit code. Every error ends here, and is told once. */

import { CommanderError } from 'commander'

import { systemClock } from '../domain/clock.ts'
import { RestoreError, messageOf } from '../domain/errors.ts'
import { exitCodeOfReason } from '../domain/reasons.ts'
import { versionInfo } from '../daemon/version.ts'
import { CliContext } from './context.ts'
import type { Environment } from './environment.ts'
import { errorLines } from './error-lines.ts'
import { insteadOf } from './instead.ts'
import { Output, type Sink } from './output.ts'
import { commandWord, createProgram } from './program.ts'

export interface Terminal {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: Sink
  readonly stderr: Sink
}

/**
 * @param words what follows the program's name.
 * @returns the exit code; never rejects.
 */
export async function runCommandLine(
  words: readonly string[],
  { stdin, stdout, stderr }: Terminal,
  environment: Environment,
): Promise<number> {
  const output = new Output(stdout, stderr, environment)
  const context = new CliContext({ environment, output, stdin, system: systemClock })
  try {
    refuseForeign(words)
    const program = await createProgram(context, versionInfo().modosu, words)
    await program.parseAsync([...words], { from: 'user' })
    await output.drained()
    if (output.failure === undefined) return context.exitCode
    output.message(context.sayings.notWritten(messageOf(output.failure)))
    return context.exitCode === 0 ? 1 : context.exitCode
  } catch (error) {
    return report(context, error)
  } finally {
    await context.close()
  }
}

/** A word of kubectl that is no command here is met with what to type instead. @throws RestoreError `UsageError`. */
function refuseForeign(words: readonly string[]): void {
  const command = commandWord(words)
  const instead = command === undefined ? undefined : insteadOf(command)
  if (instead === undefined) return
  throw new RestoreError(`modosu has no command ${command ?? ''}`, { reason: 'UsageError', hint: instead })
}

function report(context: CliContext, error: unknown): number {
  const { output, verbose, language, sayings } = context
  // Commander has told its own already; what it was asked to show (help, version) is no error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  const label = output.onStderr(['bold', 'red'], sayings.error)
  if (error instanceof RestoreError) {
    for (const line of errorLines(error, language, label)) output.message(line)
    if (verbose && error.cause !== undefined) output.message(stackOf(error.cause))
    return exitCodeOfReason(error.reason)
  }
  output.message(`${label} ${messageOf(error)}`)
  if (verbose) output.message(stackOf(error))
  else output.message(`${sayings.hint} ${sayings.unforeseen}`)
  return 1
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
