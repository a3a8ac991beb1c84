/** Where a browser goes after the login: to a path of this origin, or nowhere. */

import { RestoreError } from '../../domain/errors.ts'

const LONGEST = 2048
const HERE = 'http://here.invalid'

/**
 * @param given as the call has it; undefined: nothing was asked for.
 * @returns a path that begins with one slash, as a browser would read it.
 * @throws RestoreError `InvalidArgument` for everything that could lead to another origin.
 */
export function returnPath(given: string | undefined, fallback: string): string {
  if (given === undefined || given === '') return fallback
  // Browsers read a backslash as a slash, and drop tabs and line ends.
  const plain = given.length <= LONGEST && given.startsWith('/') && !/[\\\p{Cc}]/u.test(given)
  if (plain && URL.canParse(given, HERE)) {
    const { origin, pathname, search, hash } = new URL(given, HERE)
    if (origin === HERE && !pathname.startsWith('//')) return `${pathname}${search}${hash}`
  }
  throw new RestoreError('return must be a path of this origin, such as /backups', { reason: 'InvalidArgument' })
}
