/** The users as the file says them now: it is looked at on each call, and read anew when it has changed. */

import { statSync } from 'node:fs'

import { codeOf, messageOf } from '../../domain/errors.ts'
import type { Log } from '../../domain/log.ts'
import { EVERY_TARGET, ROLES, type Role } from '../caller.ts'
import { readUsersFile, type User, type UsersFile } from './users-file.ts'

/**
 * Told of the users that are in force, each time that they were read.
 *
 * @returns whether it has taken note of them; else it is told again.
 */
export type UsersObserver = (found: UsersFile & { readonly path: string | null }) => boolean

const NOBODY: UsersFile = { users: [], lastChange: null }

export class UserDirectory {
  #path: string | null
  readonly #observer: UsersObserver
  readonly #log: Pick<Log, 'info' | 'error'>
  #stamp = ''
  #users: ReadonlyMap<string, User> = new Map()
  #found = NOBODY
  #isNoted = true

  /** @throws RestoreError `InvalidUsersFile`: at the start nothing better is known. */
  constructor(path: string | null, log: Pick<Log, 'info' | 'error'>, observer: UsersObserver = () => true) {
    this.#path = path
    this.#log = log
    this.#observer = observer
    if (path !== null) this.#stamp = stampOf(path)
    this.#take(path === null ? NOBODY : readUsersFile(path))
  }

  /** Another file, as it was read; null: no users. */
  use(path: string | null, found: UsersFile = NOBODY): void {
    this.#path = path
    this.#stamp = ''
    this.#take(found)
  }

  /** For a change that nobody's call would make known. Never throws. */
  look(): void {
    this.#look()
    this.#note()
  }

  get size(): number {
    return this.#users.size
  }

  /** One who may log in; undefined for who is disabled or not there. Never throws: what was good last counts. */
  find(name: string): User | undefined {
    this.#look()
    const user = this.#users.get(name)
    return user?.disabled === true ? undefined : user
  }

  /** A file with a mistake must not lock everybody out in the middle of a restore; one that is gone has no users. */
  #look(): void {
    if (this.#path === null) return
    const stamp = stampOf(this.#path)
    if (stamp === this.#stamp) return
    this.#stamp = stamp
    try {
      this.#take(readUsersFile(this.#path))
      this.#log.info('the users were read anew', { file: this.#path, users: this.#users.size })
    } catch (error) {
      this.#log.error(`the users as they were read last stay in force: ${messageOf(error)}`)
    }
  }

  #take(found: UsersFile): void {
    this.#found = found
    this.#users = new Map(found.users.map((user) => [user.name, user]))
    this.#isNoted = false
    this.#note()
  }

  #note(): void {
    if (!this.#isNoted) this.#isNoted = this.#observer({ ...this.#found, path: this.#path })
  }
}

function stampOf(path: string): string {
  try {
    const { dev, ino, size, mtimeMs, ctimeMs } = statSync(path)
    return [dev, ino, size, mtimeMs, ctimeMs].join(':')
  } catch (error) {
    return codeOf(error) ?? 'unreadable'
  }
}

/** The greater of the role on the target and the one on every target. */
export function roleOn(roles: Readonly<Record<string, Role>>, target: string): Role | null {
  const held = [EVERY_TARGET, target].flatMap((key) => (Object.hasOwn(roles, key) ? (roles[key] ?? []) : []))
  return highest(held)
}

export function highest(roles: readonly Role[]): Role | null {
  return ROLES.findLast((role) => roles.includes(role)) ?? null
}
