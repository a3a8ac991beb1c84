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
  'it needs a collation, function, tokenizer or module that this program lacks: see verification.allowUnverifiable',
)
const ENCRYPTED = explanation(
  'DatabaseEncrypted',
  'terminal',
  'it may be encrypted (SQLCipher, SEE), which nobody can look into without its key: see file(1) and the application’s settings',
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

/**
 * A part of the schema that this SQLite cannot parse, and a later one may; the code is that of damage. What a schema can
 * never say, such as an object at an impossible page or two under one name, is damage.
 */
const UNPARSABLE =
  /^malformed database schema \((?!\?\)).*\) - (?!(?:invalid rootpage|orphan index)$)(?!.*\b(?:already exists|there is already)\b)/s
/** A format that no SQLite has, under no code of its own. */
const UNKNOWN_FORMAT = 'unsupported file format'

/**
 * The program's error for anything thrown while working on a file; never throws.
 *
 * @param subject what was worked on, for the message; its own errors keep their message.
 */
export function databaseError(error: unknown, subject: string): RestoreError {
  if (error instanceof RestoreError) return error
  const message = messageOf(error)
  const { reason, disposition, hint } = explanationOf(codeOf(error) ?? '', message)
  const text = message.includes(subject) ? message : `${subject}: ${message}`
  return new RestoreError(text, { reason, disposition, hint, cause: error })
}

/**
 * SQLite has a code for each thing that the machine can do to it, so any other is about the file: under its plain
 * `SQLITE_ERROR` it says what the schema needs and this build lacks (a function, module, tokenizer or an option of one).
 */
function explanationOf(code: string, message: string): Explanation {
  if (message === UNKNOWN_FORMAT) return CORRUPT
  if (isUnparsable(message)) return UNVERIFIABLE
  const known = BY_CODE.find(([prefix]) => code.startsWith(prefix))?.[1]
  return known ?? (code.startsWith('SQLITE_') ? UNVERIFIABLE : IO)
}

/** Whether SQLite's message says that it cannot parse the schema, and not that the file is damaged. */
export function isUnparsable(message: string): boolean {
  return UNPARSABLE.test(message)
}

export function encrypted(path: string, how = 'its bytes look random from the first on'): RestoreError {
  return new RestoreError(`${path} is encrypted, or no SQLite database: ${how}`, ENCRYPTED)
}

export function corrupt(path: string, why: string): RestoreError {
  return new RestoreError(`${path} is damaged: ${why}`, CORRUPT)
}

export function notADatabase(path: string, why: string): RestoreError {
  return new RestoreError(`${path} is no SQLite database: ${why}`, NOT_A_DATABASE)
}

export function inUse(path: string, why: string): RestoreError {
  return new RestoreError(`${path} is in use: ${why}`, IN_USE)
}
