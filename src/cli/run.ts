/** Runs one command line from its words to its exit code. Every error ends here, and is told once. */

import { CommanderError } from 'commander'

import { systemClock } from '../domain/clock.ts'
import { RestoreError, messageOf } from '../domain/errors.ts'
import { exitCodeOfReason } from '../domain/reasons.ts'
import { versionInfo } from '../daemon/version.ts'
import { CliContext } from './context.ts'
import type { Environment } from './environment.ts'
import { Output, type Sink } from './output.ts'
import { createProgram } from './program.ts'

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
  const context = new CliContext({ environment, output, stdin, clock: systemClock })
  try {
    await createProgram(context, versionInfo().modosu).parseAsync([...words], { from: 'user' })
    await output.drained()
    if (output.failure === undefined) return context.exitCode
    output.message(`error: the output could not be written: ${messageOf(output.failure)}`)
    return context.exitCode === 0 ? 1 : context.exitCode
  } catch (error) {
    return report(context, error)
  } finally {
    await context.close()
  }
}

function report({ output, verbose }: CliContext, error: unknown): number {
  // Commander has told its own already; what it was asked to show (help, version) is no error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  const label = output.onStderr(['bold', 'red'], 'error:')
  output.message(`${label} ${messageOf(error)}`)
  if (error instanceof RestoreError) {
    if (error.hint !== undefined) output.message(`hint: ${error.hint}`)
    if (verbose && error.cause !== undefined) output.message(stackOf(error.cause))
    return exitCodeOfReason(error.reason)
  }
  if (verbose) output.message(stackOf(error))
  else output.message('hint: this was not foreseen; --verbose shows where it came from')
  return 1
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
