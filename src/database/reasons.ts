/** Turns what SQLite and the system throw into the program's own error: a reason, how to react and what to do next. */

import { codeOf, messageOf, RestoreError, type Disposition } from '../domain/errors.ts'

interface Explanation {
  readonly reason: string
  readonly disposition: Disposition
  readonly hint: string
}

const IN_USE = explanation('DatabaseInUse', 'retry', 'see who has it open: fuser -v on the database and its -wal')
const CORRUPT = explanation('DatabaseCorrupt', 'terminal', 'look at the disk (dmesg), then restore from a backup')
const NOT_A_DATABASE = explanation(
  'NotADatabase',
  'terminal',
  'it is empty or another kind of file: see file(1) and ls -l',
)
const NEEDS_RECOVERY = explanation(
  'NeedsRecovery',
  'terminal',
  'a writer died in a transaction; whoever opens the database next for writing, its application too, rolls that back',
)
const FULL = explanation('DiskFull', 'retry', 'see what uses the space: modosu disk, df -h')
const DENIED = explanation(
  'PermissionDenied',
  'terminal',
  'the daemon needs to read and write the file and its directory',
)
const IO = explanation('IoError', 'retry', 'look at the disk: dmesg, smartctl')
const MISSING = explanation('FileNotFound', 'terminal', 'look at the directory: ls -l')
const EXISTS = explanation('FileExists', 'terminal', 'nothing is ever overwritten: move that file away')
const UNVERIFIABLE = explanation(
  'Unverifiable',
  'terminal',
  'it needs a collation, function or module that this program lacks: see verification.allowUnverifiable',
)

function explanation(reason: string, disposition: Disposition, hint: string): Explanation {
  return { reason, disposition, hint }
}

/** Longest prefix first: SQLite's extended codes begin with their primary one (https://sqlite.org/rescode.html). */
const BY_CODE: readonly (readonly [string, Explanation])[] = [
  ['SQLITE_READONLY_ROLLBACK', NEEDS_RECOVERY],
  ['SQLITE_READONLY_RECOVERY', NEEDS_RECOVERY],
  ['SQLITE_READONLY_CANTINIT', NEEDS_RECOVERY],
  ['SQLITE_CANTOPEN_DIRTYWAL', NEEDS_RECOVERY],
  ['SQLITE_ERROR_MISSING_COLLSEQ', UNVERIFIABLE],
  ['SQLITE_BUSY', IN_USE],
  ['SQLITE_LOCKED', IN_USE],
  ['SQLITE_CORRUPT', CORRUPT],
  ['SQLITE_FORMAT', CORRUPT],
  ['SQLITE_NOTADB', NOT_A_DATABASE],
  ['SQLITE_FULL', FULL],
  ['SQLITE_READONLY', DENIED],
  ['SQLITE_PERM', DENIED],
  ['SQLITE_AUTH', DENIED],
  ['SQLITE_CANTOPEN', DENIED],
  ['SQLITE_IOERR', IO],
  ['SQLITE_NOMEM', UNVERIFIABLE],
  ['SQLITE_TOOBIG', UNVERIFIABLE],
  ['ENOSPC', FULL],
  ['EDQUOT', FULL],
  ['EACCES', DENIED],
  ['EPERM', DENIED],
  ['EROFS', DENIED],
  ['ENOENT', MISSING],
  ['ENOTDIR', MISSING],
  ['EEXIST', EXISTS],
]

/** What SQLite says, under no code of its own, when the schema needs something that only the application has. */
const LACKING = /^(unknown function|no such function|no such module|no such collation sequence|unsafe use of)\b/

/**
 * The program's error for anything thrown while working on a file; never throws.
 *
 * @param subject what was worked on, for the message; its own errors keep their message.
 */
export function databaseError(error: unknown, subject: string): RestoreError {
  if (error instanceof RestoreError) return error
  const message = messageOf(error)
  const code = codeOf(error) ?? ''
  const known = BY_CODE.find(([prefix]) => code.startsWith(prefix))?.[1]
  const { reason, disposition, hint } = known ?? (LACKING.test(message) ? UNVERIFIABLE : IO)
  const text = message.includes(subject) ? message : `${subject}: ${message}`
  return new RestoreError(text, { reason, disposition, hint, cause: error })
}

export function notADatabase(path: string, why: string): RestoreError {
  return new RestoreError(`${path} is no SQLite database: ${why}`, NOT_A_DATABASE)
}

export function inUse(path: string, why: string): RestoreError {
  return new RestoreError(`${path} is in use: ${why}`, IN_USE)
}
