/** Who acts: whichever door they come through, the commands and their records speak of the same thing. */

import type { Person } from '../domain/person.ts'

/** Who acts, for the audit log: the login name that the client gives, and the door. */
export interface Actor {
  readonly name: string
  readonly via: 'socket' | 'spool' | 'http' | 'schedule'
  /** Who counts for four eyes; null: nobody has proven it. Absent: the program itself acts, under its name. */
  readonly person?: Person | null
  /** From where, for the audit log: address, user agent, request id. */
  readonly details?: Readonly<Record<string, string | null>>
}
