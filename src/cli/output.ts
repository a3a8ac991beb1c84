/** Where a command writes: data to stdout, messages to stderr, colour only where a person looks. */

import { styleText } from 'node:util'
import type { WriteStream } from 'node:tty'

import { codeOf } from '../domain/errors.ts'
import { withoutMarks } from './printable.ts'
import type { Environment } from './environment.ts'

export type Style = Parameters<typeof styleText>[0]

/** What of `process` a command may write to; a pipe has no `isTTY`. */
export type Sink = NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>

export class Output {
  readonly #stdout: Sink
  readonly #stderr: Sink
  readonly #environment: Environment
  readonly #gone = new AbortController()
  #say: (text: string) => string = (text) => text
  #failure: unknown

  /** From now on a reader that goes away (`modosu get requests | head -1`) is no error; one of stderr's is nobody's to hear. */
  constructor(stdout: Sink, stderr: Sink, environment: Environment) {
    this.#stdout = stdout
    this.#stderr = stderr
    this.#environment = environment
    for (const stream of [stdout, stderr]) {
      stream.on('error', (error: unknown) => {
        if (stream !== stdout) return
        if (codeOf(error) !== 'EPIPE') this.#failure ??= error
        this.#gone.abort()
      })
    }
  }

  /** From now on what is said to a person is said through this; data is printed as it is. */
  speakThrough(say: (text: string) => string): void {
    this.#say = say
  }

  /** What kept stdout from being written, a full disk say; a reader that has gone away is no failure. */
  get failure(): unknown {
    return this.#failure
  }

  /** Fires when nobody reads stdout any more: whatever prints for ever ends. */
  get gone(): AbortSignal {
    return this.#gone.signal
  }

  /** Whether stdout is a terminal that can rewrite a line. */
  get animated(): boolean {
    return this.#stdout.isTTY === true && !this.#environment.dumbTerminal
  }

  /** Whether a person could answer a question asked on stderr. */
  get talking(): boolean {
    return this.#stderr.isTTY === true
  }

  /** Where a question is asked: stdout may be somebody's pipe. */
  get dialogue(): NodeJS.WritableStream {
    return this.#stderr
  }

  get columns(): number {
    return this.#stdout.columns ?? 80
  }

  /** Data: one line, or several. */
  line(text = ''): void {
    this.write(`${text}\n`)
  }

  /** A result for a person, in the language of the command. */
  say(text: string): void {
    this.line(this.#say(text))
  }

  write(text: string): void {
    if (!this.#gone.signal.aborted) this.#stdout.write(withoutMarks(text))
  }

  /** Resolves when what was written to stdout has got there, or cannot. Never rejects. */
  async drained(): Promise<void> {
    if (this.#gone.signal.aborted) return
    await new Promise<void>((resolve) => {
      this.gone.addEventListener('abort', () => {
        resolve()
      })
      this.#stdout.write('', () => {
        resolve()
      })
    })
    // The error event follows the callback.
    await new Promise((resolve) => setImmediate(resolve))
  }

  /** A message for a person, in the language of the command. */
  message(text: string): void {
    this.#tell(this.#say(text))
  }

  warning(text: string): void {
    this.#tell(this.onStderr(['bold', 'yellow'], this.#say(`warning: ${text}`)))
  }

  #tell(text: string): void {
    this.#stderr.write(`${withoutMarks(text)}\n`)
  }

  /** Styled for stdout, or the text as it is. */
  onStdout(style: Style, text: string): string {
    return this.#stdout.isTTY === true && !this.#environment.noColor ? styleText(style, text) : text
  }

  onStderr(style: Style, text: string): string {
    return this.#stderr.isTTY === true && !this.#environment.noColor ? styleText(style, text) : text
  }
}
