/** Who may write where orders come in, or where databases lie, commands the daemon: everybody is too many. */

import { statSync } from 'node:fs'
import { dirname } from 'node:path'

import { RestoreError } from '../domain/errors.ts'
import type { Configuration } from './configuration.ts'

const OTHERS_MAY_WRITE = 0o002

/**
 * Refuses to start where everybody may write to a directory in use or to the configuration. What does not exist yet is
 * made with safe permissions, or is complained of where it is used.
 *
 * @throws RestoreError `InsecurePermissions`, naming every such path and the command that mends it.
 */
export function requireSafePermissions(configuration: Configuration): void {
  const { file, stateDir, spool, targets } = configuration
  const folders = targets.flatMap(({ database, backups }) => [dirname(database), backups.path])
  const open = [...new Set([file, stateDir, spool.path, ...folders])].filter(isOpenToAll)
  if (open.length === 0) return
  throw new RestoreError(`everybody may write to ${open.join(', ')}`, {
    reason: 'InsecurePermissions',
    hint: `chmod o-w ${open.join(' ')}   (for a trial only: modosu daemon --insecure-permissions)`,
  })
}

function isOpenToAll(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  return found !== undefined && (found.mode & OTHERS_MAY_WRITE) !== 0
}
