/** Proves a password: at a login, and again before a restore. The same answer and the same time for a wrong user and a wrong password. */

import { RestoreError } from '../../domain/errors.ts'
import type { Clock } from '../../domain/clock.ts'
import type { LoginFailure } from '../../telemetry/telemetry.ts'
import { FailureLimit, TooManyRequests } from '../limits.ts'
import { LONGEST_PASSWORD, PasswordChecker } from './password.ts'
import type { UserDirectory } from './user-directory.ts'
import type { User } from './users-file.ts'

const WINDOW_MS = 900_000
const KEYS = 10_000
const LONGEST_NAME = 64

export interface LoginOptions {
  readonly users: UserDirectory
  readonly clock: Clock
  readonly failed: (reason: LoginFailure) => void
}

/** 401 in the application's own words. */
export function wrongCredentials(): RestoreError {
  return new RestoreError('ユーザー名またはパスワードが間違っています', {
    reason: 'Unauthorized',
    hint: 'modosu user list says who may log in',
  })
}

export class Login {
  readonly #options: LoginOptions
  readonly #passwords = new PasswordChecker()
  /** Somebody guesses one user's password from one place, from many, or those of many from one. */
  readonly #guesses = new FailureLimit({ most: 10, windowMs: WINDOW_MS, keys: KEYS })
  readonly #ofUser = new FailureLimit({ most: 100, windowMs: WINDOW_MS, keys: KEYS })
  readonly #ofAddress = new FailureLimit({ most: 50, windowMs: WINDOW_MS, keys: KEYS })

  constructor(options: LoginOptions) {
    this.#options = options
  }

  /**
   * @param address where the call comes from.
   * @param purpose which failure is counted in the metrics.
   * @throws RestoreError `Unauthorized`, TooManyRequests.
   */
  async prove(
    name: string,
    password: string,
    address: string,
    purpose: 'bad_credentials' | 'reauth' = 'bad_credentials',
  ): Promise<User> {
    const { users, failed } = this.#options
    try {
      const claimed = name.slice(0, LONGEST_NAME)
      const giveBack = this.#count(claimed, address)
      const user = name.length <= LONGEST_NAME && password.length <= LONGEST_PASSWORD ? users.find(name) : undefined
      const matches = await this.#passwords.matches(password.slice(0, LONGEST_PASSWORD), user?.password ?? null)
      // Disabled, or given another password, while the hash was made.
      if (!matches || user === undefined || users.find(name)?.password !== user.password) throw wrongCredentials()
      giveBack()
      return user
    } catch (error) {
      failed(error instanceof TooManyRequests ? 'rate_limited' : purpose)
      throw error
    }
  }

  #count(name: string, address: string): () => void {
    const nowMs = this.#options.clock.nowMs()
    const guess = `${name.toLowerCase()} ${address}`
    this.#ofAddress.take(address, nowMs)
    this.#ofUser.take(name.toLowerCase(), nowMs)
    this.#guesses.take(guess, nowMs)
    return () => {
      this.#ofAddress.giveBack(address)
      this.#ofUser.giveBack(name.toLowerCase())
      this.#guesses.forget(guess)
    }
  }
}
