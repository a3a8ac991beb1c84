/**
 * Where a command's output goes: a file that has no name any more. A pipe would break when the daemon ends or stops
 * reading, and an application that a start command has left behind would die of its next line.
 */

import { randomUUID } from 'node:crypto'
import { open, unlink, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'

/** How much of the output is shown. */
export const TAIL_BYTES = 4096
/** A command that prints without end must not fill the disk while it is waited for. */
const LIMIT_BYTES = 1024 * 1024
const LOOK_MS = 200

export class OutputFile {
  readonly #handle: FileHandle
  readonly #guard: NodeJS.Timeout

  constructor(handle: FileHandle) {
    this.#handle = handle
    this.#guard = setInterval(() => void this.#bound(), LOOK_MS)
  }

  /** For the command's stdout and stderr, which append to it. */
  get fd(): number {
    return this.#handle.fd
  }

  /** The last 4 KB as printable text. Never throws: what cannot be read is empty. */
  async tail(): Promise<string> {
    try {
      const { size } = await this.#handle.stat()
      const start = Math.max(0, size - TAIL_BYTES)
      const { buffer, bytesRead } = await this.#handle.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, start)
      return printable(buffer.toString('utf8', 0, bytesRead))
    } catch {
      return ''
    }
  }

  /** Closes our end; a process that was left behind keeps its own. */
  async close(): Promise<void> {
    clearInterval(this.#guard)
    await this.#handle.close()
  }

  /** The writers append, so that after the cut they go on at the start. */
  async #bound(): Promise<void> {
    try {
      if ((await this.#handle.stat()).size > LIMIT_BYTES) await this.#handle.truncate(0)
    } catch {
      // closed meanwhile
    }
  }
}

/**
 * Makes the file and takes its name away: whoever dies afterwards leaves nothing, and whoever dies in between an empty file.
 *
 * @param directory any that the daemon may write to.
 */
export async function createOutputFile(directory: string): Promise<OutputFile> {
  const path = join(directory, `modosu-output-${randomUUID()}`)
  const handle = await open(path, 'ax+', 0o600)
  try {
    await unlink(path)
  } catch (error) {
    await handle.close()
    throw error
  }
  return new OutputFile(handle)
}

/** Without the control characters and the broken character at the cut that a terminal or a log could choke on. */
function printable(text: string): string {
  return text
    .replace(/^\uFFFD+/, '')
    .replaceAll('\r\n', '\n')
    .replaceAll(/[^\P{Cc}\n\t]/gu, '?')
    .trim()
}
