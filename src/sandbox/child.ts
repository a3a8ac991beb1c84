/** One child process of a sandbox, seen from the daemon: starting it, giving it one call at a time, ending it. */

import { fork, type ChildProcess } from 'node:child_process'
import { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { RestoreError } from '../domain/errors.ts'
import type { Call, ChildSettings, Failure, Reply } from './protocol.ts'

/** How much of what a dying child wrote to stderr is kept for its epitaph. */
const STDERR_BYTES = 4096
/** A process in an uninterruptible wait (a dead network disk) does not even die of SIGKILL: nobody waits longer. */
const KILL_WAIT_MS = 5000
/** Between the process's end and the end of its pipes. */
const DRAIN_WAIT_MS = 1000

export interface ChildOptions extends ChildSettings {
  readonly entry: URL
  readonly memoryMb: number
}

interface Pending {
  readonly operation: string
  readonly onProgress: ((value: unknown) => void) | undefined
  readonly resolve: (value: unknown) => void
  readonly reject: (error: RestoreError) => void
}

function errorOf(failure: Failure): RestoreError {
  const { message, reason, disposition, hint, code } = failure
  const cause = code === undefined ? undefined : Object.assign(new Error(message), { code })
  return new RestoreError(message, {
    reason,
    disposition,
    ...(hint === undefined ? {} : { hint }),
    ...(cause === undefined ? {} : { cause }),
  })
}

export class Child {
  readonly #process: ChildProcess
  readonly #gone: Promise<void>
  #ready = false
  #dead = false
  #stderr = ''
  #ending = 'ended'
  #call: Call | null = null
  #pending: Pending | null = null

  constructor({ entry, memoryMb, parentPid, lockFile, residentLimitMb }: ChildOptions) {
    const settings: ChildSettings = { parentPid, lockFile, residentLimitMb }
    this.#process = fork(fileURLToPath(entry), [JSON.stringify(settings)], {
      execArgv: [`--max-old-space-size=${memoryMb}`],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_BYTES)
    })
    this.#process.on('message', (reply: Reply) => {
      this.#receive(reply)
    })
    this.#gone = new Promise((resolve) => {
      const end = (): void => {
        this.#die()
        resolve()
      }
      this.#process.once('exit', (code, signal) => {
        this.#ending = signal === null ? `ended with exit status ${code ?? 'unknown'}` : `was killed by ${signal}`
        // 'close' comes after the last message was read; a descendant with our pipe open must not hold it back.
        setTimeout(end, DRAIN_WAIT_MS).unref()
      })
      this.#process.once('close', end)
      this.#process.on('error', (error) => {
        if (this.#process.pid !== undefined) return
        this.#ending = `could not be started: ${error.message}`
        end()
      })
    })
    this.unref()
  }

  get pid(): number | undefined {
    return this.#process.pid
  }

  /** Whether it can still be given a call. */
  get usable(): boolean {
    return !this.#dead && this.#process.exitCode === null && this.#process.signalCode === null && !this.#process.killed
  }

  /** Resolves when the process is no more. */
  get gone(): Promise<void> {
    return this.#gone
  }

  /** Lets the daemon exit while this child runs; the child ends when its channel closes. */
  unref(): void {
    this.#process.unref()
    this.#process.channel?.unref()
    if (this.#process.stderr instanceof Socket) this.#process.stderr.unref()
  }

  /** Keeps the daemon's event loop alive for this child. */
  ref(): void {
    this.#process.ref()
    this.#process.channel?.ref()
    if (this.#process.stderr instanceof Socket) this.#process.stderr.ref()
  }

  /**
   * Has the child do one operation. One at a time.
   *
   * @throws RestoreError what the operation threw; `Unverifiable` when the process died of it.
   */
  perform(call: Call, onProgress: ((value: unknown) => void) | undefined): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#pending = { operation: call.operation, onProgress, resolve, reject }
      this.#call = call
      if (this.#dead) this.#die()
      else if (this.#ready) this.#send()
    })
  }

  /** Closes the channel: an idle child ends by itself. */
  dismiss(): void {
    if (this.#process.connected) this.#process.disconnect()
    this.unref()
  }

  /** Kills the process and resolves when it is gone, so that nothing it did can happen after the call. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL')
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, KILL_WAIT_MS)
    })
    await Promise.race([this.#gone, limit])
    clearTimeout(timer)
  }

  /** Settles the call of a process that does not end. */
  abandon(): void {
    if (!this.#dead) this.#die()
  }

  #send(): void {
    const call = this.#call
    this.#call = null
    // A failed send means that the process is going away: its end settles the call.
    if (call !== null && this.#process.connected) this.#process.send(call, () => undefined)
  }

  #receive(reply: Reply): void {
    switch (reply.kind) {
      case 'ready':
        this.#ready = true
        this.#send()
        return
      case 'progress':
        this.#pending?.onProgress?.(reply.value)
        return
      case 'result':
        this.#settle((pending) => {
          pending.resolve(reply.value)
        })
        return
      case 'error':
        this.#settle((pending) => {
          pending.reject(errorOf(reply.failure))
        })
    }
  }

  #settle(how: (pending: Pending) => void): void {
    const pending = this.#pending
    this.#pending = null
    if (pending !== null) how(pending)
  }

  #die(): void {
    this.#dead = true
    this.#settle(({ operation, reject }) => {
      const last = this.#stderr.trim().split('\n').at(-1)?.trim() ?? ''
      const message = `the ${operation}'s process ${this.#ending}`
      reject(new RestoreError(last === '' ? message : `${message}: ${last}`, { reason: 'Unverifiable' }))
    })
  }
}
