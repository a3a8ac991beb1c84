/**
 * Writes log lines synchronously: when write returns, the kernel has the line, and SIGKILL loses nothing that was logged.
 *
 * A log that cannot be written must not end a restore: lines are dropped and counted until one gets through, which says
 * first how many are missing. Where the descriptor does not block (Node makes a pipe so as soon as anything touches
 * process.stdout), a reader that does not read is waited for once and briefly, not for each line.
 */

import { writeSync } from 'node:fs'

import { codeOf } from '../domain/errors.ts'

const PAUSE_MS = 10

export class LineWriter {
  readonly #fd: number
  readonly #patienceMs: number
  readonly #lostLine: (count: number) => string
  readonly #pause = new Int32Array(new SharedArrayBuffer(4))
  #lost = 0
  /** The last line got through in part; the next begins on a line of its own. */
  #torn = false

  /**
   * @param patienceMs how long a reader that does not read is waited for.
   * @param lostLine the line, with its newline, that says how many are missing.
   */
  constructor(fd: number, patienceMs: number, lostLine: (count: number) => string) {
    this.#fd = fd
    this.#patienceMs = patienceMs
    this.#lostLine = lostLine
  }

  /** Takes whole lines, each with its newline. Never throws. */
  write(lines: string): void {
    const notice = this.#lost === 0 ? '' : this.#lostLine(this.#lost)
    const text = Buffer.from(`${this.#torn ? '\n' : ''}${notice}${lines}`)
    const written = this.#writeAll(text, this.#lost === 0 ? this.#patienceMs : 0)
    if (written === text.length) {
      this.#lost = 0
      this.#torn = false
      return
    }
    this.#lost += 1
    if (written > 0) this.#torn = text[written - 1] !== 0x0a
  }

  /** Returns how many bytes got through. */
  #writeAll(text: Buffer, patienceMs: number): number {
    let offset = 0
    for (let waitedMs = 0; offset < text.length;) {
      try {
        offset += writeSync(this.#fd, text, offset)
      } catch (error) {
        if (codeOf(error) !== 'EAGAIN' || waitedMs >= patienceMs) return offset
        Atomics.wait(this.#pause, 0, 0, PAUSE_MS)
        waitedMs += PAUSE_MS
      }
    }
    return offset
  }
}
