/** The process in which the controller lives, as the test holds it: calls, and its deaths. */

import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import type { Answer, Call, LifeSettings } from './protocol.ts'

/** What became of a call: an answer, or the process died before it came. */
export type Result = { readonly text: string; readonly refused: boolean } | 'died'

/** Of another build, where one that is broken on purpose is to be found out. */
const ENTRY =
  process.env['MODOSU_PROPERTY_CONTROLLER'] ?? fileURLToPath(new URL('./controller-child.js', import.meta.url))

export class Life {
  readonly #process: ChildProcess
  readonly #waiting = new Map<number, (result: Result) => void>()
  #stderr = ''
  #nextId = 1
  #dead = false

  private constructor(settings: LifeSettings) {
    this.#process = fork(ENTRY, [JSON.stringify(settings)], {
      execArgv: ['--enable-source-maps'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-4000)
    })
    this.#process.on('message', ({ id, ...answer }: Answer) => {
      this.#settle(id, answer)
    })
    this.#process.on('exit', () => {
      this.#dead = true
      for (const id of [...this.#waiting.keys()]) this.#settle(id, 'died')
    })
  }

  static async begin(settings: LifeSettings): Promise<Life> {
    const life = new Life(settings)
    const ready = await life.#expect(0)
    if (ready === 'died') throw new Error(`the controller did not start: ${life.#stderr}`)
    return life
  }

  get dead(): boolean {
    return this.#dead
  }

  /** Ended by a failpoint's SIGKILL or ours, and by nothing else. */
  get diedOfKill(): boolean {
    return this.#process.signalCode === 'SIGKILL'
  }

  get lastWords(): string {
    return this.#stderr
  }

  async call(call: Call): Promise<Result> {
    if (this.#dead) return 'died'
    const id = this.#nextId++
    const result = this.#expect(id)
    this.#process.send({ id, call }, () => undefined)
    return result
  }

  async kill(): Promise<void> {
    if (this.#dead) return
    const gone = once(this.#process, 'exit')
    this.#process.kill('SIGKILL')
    await gone
  }

  #expect(id: number): Promise<Result> {
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve)
    })
  }

  #settle(id: number, result: Result): void {
    this.#waiting.get(id)?.(result)
    this.#waiting.delete(id)
  }
}
