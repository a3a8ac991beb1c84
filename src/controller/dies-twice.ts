/** Whether a database is damaged is decided by two deaths: the first may have been anybody's kill, the kernel's for want of memory too. */

import { RestoreError } from '../domain/errors.ts'

/**
 * Does something in a child process, and once more where the process died of it. For repeatable work whose failure makes
 * the present database count as damaged; the check of a backup fails at once.
 */
export async function unlessItDiesTwice<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof RestoreError) || error.reason !== 'Unverifiable') throw error
    return work()
  }
}
