/** The daemon's folder for copies that nobody keeps. */

import { ensureStateFolder } from '../files/state-folder.ts'

const SCRATCH = 'scratch'
/** Copies hold all that the databases hold. */
const OWNER_ONLY = 0o700

/** Makes the folder where it is missing. @returns its path, links resolved. */
export function scratchFolder(stateDir: string): string {
  return ensureStateFolder(stateDir, SCRATCH, OWNER_ONLY)
}
