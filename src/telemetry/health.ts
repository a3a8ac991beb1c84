/** Health as a list of named checks: each answers in time or has failed, and one that hangs is not started again. */

import { access, constants } from 'node:fs/promises'

import { messageOf, RestoreError } from '../domain/errors.ts'

/** Throws or rejects where the thing is not well; the message says why. */
export interface HealthCheck {
  readonly name: string
  check(): void | Promise<void>
}

export interface CheckVerdict {
  readonly name: string
  /** null: well. */
  readonly failure: string | null
}

/** Runs checks side by side, each with a deadline. */
export class HealthChecks {
  readonly #checks: readonly HealthCheck[]
  readonly #deadlineMs: number
  readonly #running = new Map<HealthCheck, Promise<string | null>>()

  constructor(checks: readonly HealthCheck[], deadlineMs: number) {
    this.#checks = checks
    this.#deadlineMs = deadlineMs
  }

  /** The verdicts in the order of the checks. Never rejects. */
  async run(): Promise<CheckVerdict[]> {
    return Promise.all(this.#checks.map(async (check) => ({ name: check.name, failure: await this.#inTime(check) })))
  }

  async #inTime(check: HealthCheck): Promise<string | null> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => {
        resolve(`no answer within ${this.#deadlineMs} ms`)
      }, this.#deadlineMs)
    })
    try {
      return await Promise.race([this.#start(check), late])
    } finally {
      clearTimeout(timer)
    }
  }

  /** A probe comes every few seconds; on a mount that hangs each new call would take another thread of libuv's pool. */
  #start(check: HealthCheck): Promise<string | null> {
    const running = this.#running.get(check)
    if (running !== undefined) return running
    const started = failureOf(check).finally(() => this.#running.delete(check))
    this.#running.set(check, started)
    return started
  }
}

async function failureOf(check: HealthCheck): Promise<string | null> {
  try {
    await check.check()
    return null
  } catch (error) {
    return messageOf(error)
  }
}

/**
 * The text that Kubernetes' own endpoints print (https://kubernetes.io/docs/reference/using-api/health-checks/), with the
 * reasons, which are for operators here.
 */
export function verdictText(endpoint: string, verdicts: readonly CheckVerdict[]): string {
  const lines = verdicts.map(({ name, failure }) =>
    failure === null ? `[+]${name} ok` : `[-]${name} failed: ${failure}`,
  )
  const passed = verdicts.every(({ failure }) => failure === null)
  return [...lines, `${endpoint} check ${passed ? 'passed' : 'failed'}`, ''].join('\n')
}

/** Fails when the event loop takes longer than `limitMs` to come round: something synchronous holds it up. */
export function eventLoopCheck(limitMs: number): HealthCheck {
  return {
    name: 'event-loop',
    check: async () => {
      const before = performance.now()
      await new Promise((resolve) => setImmediate(resolve))
      await new Promise((resolve) => setImmediate(resolve))
      const tookMs = Math.round(performance.now() - before)
      if (tookMs > limitMs) throw new RestoreError(`one turn took ${tookMs} ms`, { reason: 'EventLoopBlocked' })
    },
  }
}

/** Fails where the directory is not there or the daemon may not use it. */
export function directoryCheck(name: string, path: string, use: 'read' | 'write'): HealthCheck {
  const mode = constants.R_OK | constants.X_OK | (use === 'write' ? constants.W_OK : 0)
  return { name, check: () => access(path, mode) }
}
