/**
 * Users are changed beside the daemon, by `modosu user` or an editor. The daemon's audit log says what has changed as soon as
 * the daemon sees it, also what has changed while it did not run: the state store knows the users as they were recorded last.
 * The record comes first. Where the process dies before the store is told, the next start records the same change again.
 */

import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'

import { toRfc3339 } from '../../domain/clock.ts'
import { messageOf } from '../../domain/errors.ts'
import type { Log } from '../../domain/log.ts'
import type { AuditInput } from '../../store/change.ts'
import { EVERY_TARGET } from '../caller.ts'
import type { UsersObserver } from './user-directory.ts'
import type { LastChange, User } from './users-file.ts'

/** In `meta` of the state store. */
const KEY = 'users'
/** Users of whom one record tells; of the others it gives the number. */
const MOST_TOLD = 100

export interface UserChangesOptions {
  readonly record: (entry: Omit<AuditInput, 'backupId'>) => void
  readonly memory: { meta(key: string): string | undefined; setMeta(key: string, value: string): void }
  readonly log: Pick<Log, 'error'>
}

/** What is compared. Of a password's hash only a digest, and that in the state store alone. */
interface Known {
  readonly roles: User['roles']
  readonly disabled: boolean
  readonly password: string
}

interface Remembered {
  readonly users: Readonly<Record<string, Known>>
  readonly lastChange: LastChange | null
}

interface UserChange {
  readonly name: string
  readonly change: 'added' | 'removed' | 'changed'
  readonly roles?: User['roles']
  readonly rolesBefore?: User['roles']
  readonly disabled?: boolean
  readonly passwordChanged?: boolean
}

/** Never throws: a change that cannot be recorded is logged, and recorded later. */
export function recordUserChanges({ record, memory, log }: UserChangesOptions): UsersObserver {
  return ({ users, lastChange, path }) => {
    try {
      const before = recall(memory.meta(KEY))
      const now: Remembered = { users: Object.fromEntries(users.map((user) => [user.name, knownOf(user)])), lastChange }
      const changes = changesBetween(before?.users ?? {}, now.users)
      if (changes.length > 0) {
        // What the file said of its last change before is of another one.
        const by = isDeepStrictEqual(lastChange, before?.lastChange ?? null) ? null : lastChange
        record({
          operation: 'users',
          // Who may write the file is known, and not who has.
          actor: 'unknown',
          status: 'info',
          message: `${before === null ? 'users as they are seen first' : 'users changed'}: ${textOf(changes)}${saidOf(by)}`,
          details: {
            changes: changes.slice(0, MOST_TOLD),
            ...(changes.length > MOST_TOLD ? { changesNotTold: changes.length - MOST_TOLD } : {}),
            claimedBy: by,
            ...fileFacts(path),
          },
        })
      }
      if (!isDeepStrictEqual(before, now)) memory.setMeta(KEY, JSON.stringify(now))
      return true
    } catch (error) {
      log.error(`a change of the users could not be recorded in the audit log: ${messageOf(error)}`, { err: error })
      return false
    }
  }
}

function recall(text: string | undefined): Remembered | null {
  return text === undefined ? null : (JSON.parse(text) as Remembered)
}

/** Whoever may write the file may write this. */
function saidOf(by: LastChange | null): string {
  return by === null ? '' : `; the file says by ${by.by} (uid ${by.uid})`
}

function knownOf({ roles, disabled, password }: User): Known {
  return { roles, disabled, password: createHash('sha256').update(password).digest('hex') }
}

function changesBetween(before: Remembered['users'], now: Remembered['users']): readonly UserChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort()
  return names.flatMap((name): UserChange[] => {
    const old = Object.hasOwn(before, name) ? before[name] : undefined
    const present = Object.hasOwn(now, name) ? now[name] : undefined
    if (present === undefined)
      return [{ name, change: 'removed', ...(old === undefined ? {} : { rolesBefore: old.roles }) }]
    const { roles, disabled } = present
    if (old === undefined) return [{ name, change: 'added', roles, disabled }]
    if (isDeepStrictEqual(old, present)) return []
    return [
      {
        name,
        change: 'changed',
        ...(isDeepStrictEqual(old.roles, roles) ? {} : { roles, rolesBefore: old.roles }),
        ...(old.disabled === disabled ? {} : { disabled }),
        passwordChanged: old.password !== present.password,
      },
    ]
  })
}

function textOf(changes: readonly UserChange[]): string {
  const told = changes.slice(0, MOST_TOLD).map(textOfOne).join('; ')
  return changes.length > MOST_TOLD ? `${told}; and ${changes.length - MOST_TOLD} more` : told
}

function textOfOne({ name, change, roles, disabled, passwordChanged }: UserChange): string {
  if (change === 'removed') return `${name} removed`
  const what = [
    ...(change === 'added' ? ['added'] : []),
    ...(roles === undefined ? [] : [rolesText(roles)]),
    ...(passwordChanged === true ? ['another password'] : []),
    ...(disabled === true ? ['disabled'] : []),
    ...(disabled === false && change === 'changed' ? ['enabled'] : []),
  ]
  return `${name}: ${what.join(', ')}`
}

function rolesText(roles: User['roles']): string {
  const all = Object.entries(roles).map(([target, role]) => (target === EVERY_TARGET ? role : `${role} of ${target}`))
  return all.length === 0 ? 'no role' : all.join(', ')
}

/** Who owns the file is who may write it, beside root. */
function fileFacts(path: string | null): AuditInput['details'] {
  if (path === null) return { file: null }
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return { file: path, fileExists: false }
  return { file: path, fileOwnerUid: found.uid, fileChanged: toRfc3339(found.mtimeMs) }
}
