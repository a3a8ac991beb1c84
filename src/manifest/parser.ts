/** The reader of manifests behind a wall: the text is parsed in another process, which may die of it. */

import { RestoreError } from '../domain/errors.ts'
import { fileProblem, type ManifestProblem } from './problem.ts'
import type { ParsedFile } from './parse.ts'

/** What runs an operation in another process: a `ChildPool` of the sandbox, whose child offers `parse`. */
export interface ParseRunner {
  run<T>(
    operation: string,
    argument: unknown,
    options: { readonly deadlineMs: number; readonly signal?: AbortSignal },
  ): Promise<T>
  close(): Promise<void>
}

/** A text is parsed in milliseconds; the rest is the start of a process on a busy machine. */
const DEADLINES_MS = [5000, 20_000] as const
/** A text that no parser can stumble over: what it takes is the machine's own doing. */
const HARMLESS = 'a: 1\n'

export class ManifestParser {
  readonly #runner: ParseRunner
  readonly #deadlinesMs: readonly number[]

  /** @param deadlinesMs of each try, in order; there are as many tries as deadlines. */
  constructor(runner: ParseRunner, deadlinesMs: readonly number[] = DEADLINES_MS) {
    this.#runner = runner
    this.#deadlinesMs = deadlinesMs
  }

  /**
   * Parses a decoded text.
   *
   * @returns what the file holds. A text that kills the parser or overruns its time, at every try, is a problem of that file,
   *   where a harmless text takes no such time.
   * @throws RestoreError `Interrupted` where the signal was given or the parser was closed; `ParserBusy` where the machine
   *   is too busy to read anything in time: nothing is known of the file then.
   */
  async parse(text: string, signal?: AbortSignal): Promise<ParsedFile & { readonly parserFailed: boolean }> {
    let reason = ''
    let lastMs = 0
    for (const deadlineMs of this.#deadlinesMs) {
      try {
        const options = signal === undefined ? { deadlineMs } : { deadlineMs, signal }
        const file = await this.#runner.run<ParsedFile>('parse', text, options)
        return { ...file, parserFailed: false }
      } catch (error) {
        if (error instanceof RestoreError && error.reason === 'Interrupted') throw error
        reason = error instanceof RestoreError ? error.reason : 'InternalError'
        lastMs = deadlineMs
      }
    }
    if (reason === 'CheckTimedOut') await this.#requireUnhurried(lastMs, signal)
    return { documents: [], problems: [parserProblem(reason)], parserFailed: true }
  }

  /** @throws RestoreError `ParserBusy`, where even a harmless text is not read within the time. */
  async #requireUnhurried(deadlineMs: number, signal: AbortSignal | undefined): Promise<void> {
    try {
      await this.#runner.run('parse', HARMLESS, signal === undefined ? { deadlineMs } : { deadlineMs, signal })
    } catch (error) {
      if (error instanceof RestoreError && error.reason === 'Interrupted') throw error
      throw new RestoreError(`the machine is too busy to read a manifest within ${deadlineMs / 1000} s`, {
        reason: 'ParserBusy',
        disposition: 'retry',
        hint: 'nothing is wrong with the file as far as is known: try again; what keeps the machine busy: uptime, top',
        cause: error,
      })
    }
  }

  async close(): Promise<void> {
    await this.#runner.close()
  }
}

function parserProblem(reason: string): ManifestProblem {
  const what =
    reason === 'CheckTimedOut' ? 'reading the file took too long' : 'the file could not be read by the parser'
  return fileProblem(`${what}; it was given up (${reason})`, 'write the request anew, in plain YAML')
}
