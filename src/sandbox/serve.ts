/** The child's side of a sandbox: what a child's entry file calls, once, with the operations that it offers. */

import { writeFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { codeOf, messageOf, RestoreError } from '../domain/errors.ts'
import { holdSharedLock } from './orphans.ts'
import type { Call, ChildSettings, Failure, Reply } from './protocol.ts'

/** Sends a value to the caller's `onProgress`. */
export type Report = (value: unknown) => void

/** How long a child whose channel is closed may take to let go of what it has open before it is ended. */
const LINGER_MS = 1000

function failureOf(error: unknown): Failure {
  const known = error instanceof RestoreError ? error : undefined
  return {
    message: messageOf(error),
    reason: known?.reason ?? 'InternalError',
    disposition: known?.disposition ?? 'terminal',
    hint: known?.hint,
    code: codeOf(known?.cause ?? error),
  }
}

function send(reply: Reply): void {
  // A closed channel means that the daemon is gone; 'disconnect' ends the process then.
  process.send?.(reply, undefined, undefined, () => undefined)
}

function preferToDieFirst(): void {
  try {
    // proc(5): when memory runs out the kernel takes the check, never the daemon.
    writeFileSync('/proc/self/oom_score_adj', '1000')
  } catch {
    // No /proc, or not ours to change: the kernel chooses as it likes.
  }
}

/**
 * Offers operations to the pool that forked this process, one call at a time, until the channel closes.
 *
 * The shared lock comes before `ready`, and calls come after it: a process that does anything holds the lock.
 *
 * @param operations by name; each takes its argument and a way to report progress, and may be synchronous.
 */
export function serve(operations: Readonly<Record<string, (argument: never, report: Report) => unknown>>): void {
  const settings = JSON.parse(process.argv[2] ?? '') as ChildSettings
  let busy = false
  preferToDieFirst()
  // The build puts JavaScript beside JavaScript: a URL is no import, so its extension is not rewritten.
  new Worker(new URL('./watchdog.js', import.meta.url), { workerData: settings }).unref()

  process.on('message', (call: Call) => {
    const operation = operations[call.operation]
    busy = true
    const report: Report = (value) => {
      send({ kind: 'progress', value })
    }
    Promise.resolve()
      .then(() => {
        if (operation === undefined) throw new Error(`no such operation: ${call.operation}`)
        return operation(call.argument as never, report)
      })
      .then(
        (value): Reply => ({ kind: 'result', value }),
        (error: unknown): Reply => ({ kind: 'error', failure: failureOf(error) }),
      )
      .then((reply) => {
        busy = false
        send(reply)
      })
      .catch((error: unknown) => {
        send({ kind: 'error', failure: failureOf(error) })
      })
  })
  process.on('disconnect', () => {
    if (busy) process.kill(process.pid, 'SIGKILL')
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), LINGER_MS).unref()
  })

  if (settings.lockFile !== null) holdSharedLock(settings.lockFile)
  send({ kind: 'ready' })
}
