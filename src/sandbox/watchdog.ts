/**
 * The thread inside a sandbox child that outlasts a synchronous SQLite call: it ends the process when the daemon is
 * gone (nobody may go on writing beside the next daemon) or when the child's own memory grows past its limit. The
 * kernel has no other way for this: SQLite here is built without memory accounting, so its heap limit counts nothing.
 */

import { readFileSync, writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import type { ChildSettings } from './protocol.ts'

const PERIOD_MS = 100

const settings = workerData as ChildSettings

/** Anonymous memory in MiB, from proc(5) `status`; file mappings are not in it. 0 where there is no /proc. */
function residentMb(): number {
  try {
    const kib = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? '0'
    return Number(kib) / 1024
  } catch {
    return 0
  }
}

function look(): void {
  // A dead parent's children belong to another process from that instant, so the number cannot be a reused one.
  if (process.ppid !== settings.parentPid) process.kill(process.pid, 'SIGKILL')
  if (residentMb() > settings.residentLimitMb) {
    writeSync(2, `used more than ${settings.residentLimitMb} MiB of memory\n`)
    process.kill(process.pid, 'SIGKILL')
  }
}

look()
setInterval(look, PERIOD_MS)
