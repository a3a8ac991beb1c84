/** Whether the daemon can see the processes of the whole machine, which is how it finds out who has a database open. */

import { readlinkSync } from 'node:fs'

import type { Log } from '../domain/log.ts'

/** The PID namespace that the machine boots with (PROC_PID_INIT_INO, include/linux/proc_ns.h of the kernel). */
const INITIAL_NAMESPACE = 'pid:[4026531836]'

/**
 * In a container /proc shows the processes of its PID namespace and nothing tells that there are others: an application outside,
 * idle in rollback-journal mode, holds no lock either, and would go on writing into the file that a restore has replaced. Whether
 * the namespace is shared with the application cannot be known from here, so this is said and not refused.
 *
 * @param namespace for tests; the daemon's own unless given.
 */
export function warnOfNarrowSight(log: Log, namespace: string | null = ownNamespace()): void {
  if (namespace === null || namespace === INITIAL_NAMESPACE) return
  log.warn(
    'this is a PID namespace of its own: only processes in it are seen when a restore looks for who has a database open; ' +
      "keep the database in WAL mode, or share the application's namespace (docs/install.md, In a container)",
    { namespace },
  )
}

/** Whether there may be processes that are not seen from here. */
export function hasNarrowSight(): boolean {
  const namespace = ownNamespace()
  return namespace !== null && namespace !== INITIAL_NAMESPACE
}

/** null where the kernel does not tell. */
function ownNamespace(): string | null {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return null
  }
}
