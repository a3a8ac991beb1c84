/** A process of its own that opens, writes and closes a file on command: what an editor, a copy or a script does slowly. */

import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

const SCRIPT = `
import sys, os, json, mmap
fd = None
area = None
for line in sys.stdin:
    act, value = json.loads(line)
    if act == 'open': fd = os.open(value[0], os.O_RDWR | (os.O_CREAT | os.O_TRUNC if value[1] == 'w' else os.O_APPEND if value[1] == 'a' else 0), 0o644)
    if act == 'write': os.write(fd, value.encode())
    if act == 'close': os.close(fd)
    if act == 'map':
        area = mmap.mmap(fd, os.fstat(fd).st_size); os.close(fd)
    if act == 'store': area[value[0]:value[0] + len(value[1])] = value[1].encode()
    if act == 'unmap': area.close()
    print('done', flush=True)
`

export const HAS_PYTHON = spawnSync('python3', ['-c', '']).status === 0

export class FileWriter {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>
  readonly #answers: Interface

  constructor() {
    this.#process = spawn('python3', ['-c', SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#answers = createInterface({ input: this.#process.stdout })
  }

  /** `w` makes the file anew, `r+` leaves it as it is and writes from its beginning, `a` writes at its end. */
  async open(path: string, flags: 'w' | 'r+' | 'a'): Promise<void> {
    await this.#tell('open', [path, flags])
  }

  async write(text: string): Promise<void> {
    await this.#tell('write', text)
  }

  async close(): Promise<void> {
    await this.#tell('close', null)
  }

  /** Maps the open file into memory, shared, and closes it. */
  async map(): Promise<void> {
    await this.#tell('map', null)
  }

  async store(at: number, text: string): Promise<void> {
    await this.#tell('store', [at, text])
  }

  async unmap(): Promise<void> {
    await this.#tell('unmap', null)
  }

  async end(): Promise<void> {
    if (this.#process.exitCode !== null) return
    const exit = once(this.#process, 'exit')
    this.#process.stdin.end()
    await exit
  }

  async #tell(act: string, value: unknown): Promise<void> {
    const answer = once(this.#answers, 'line')
    this.#process.stdin.write(`${JSON.stringify([act, value])}\n`)
    await answer
  }
}
