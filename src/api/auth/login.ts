/** Proves a password: at a login, and again before a restore. The same answer and the same time for a wrong user and a wrong password. */

import { RestoreError } from '../../domain/errors.ts'
import { networkOf } from '../../domain/network.ts'
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
  /** Absent: one of its own. */
  readonly passwords?: Pick<PasswordChecker, 'matches'>
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
  readonly #passwords: Pick<PasswordChecker, 'matches'>
  /** Somebody guesses one user's password from one place, from many, or those of many from one. */
  readonly #guesses = new FailureLimit({ most: 10, windowMs: WINDOW_MS, keys: KEYS })
  readonly #ofUser = new FailureLimit({ most: 100, windowMs: WINDOW_MS, keys: KEYS })
  readonly #ofAddress = new FailureLimit({ most: 50, windowMs: WINDOW_MS, keys: KEYS })

  constructor(options: LoginOptions) {
    this.#options = options
    this.#passwords = options.passwords ?? new PasswordChecker()
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
      const tried = this.#count(claimed, address)
      const user = name.length <= LONGEST_NAME && password.length <= LONGEST_PASSWORD ? users.find(name) : undefined
      const matches = await this.#matches(password.slice(0, LONGEST_PASSWORD), user?.password ?? null, tried)
      // Disabled, or given another password, while the hash was made.
      if (!matches || user === undefined || users.find(name)?.password !== user.password) throw wrongCredentials()
      tried.succeeded()
      return user
    } catch (error) {
      failed(error instanceof TooManyRequests ? 'rate_limited' : purpose)
      throw error
    }
  }

  /** A password that was not looked at, because too many wait, was no guess. */
  async #matches(password: string, hash: string | null, tried: Try): Promise<boolean> {
    try {
      return await this.#passwords.matches(password, hash)
    } catch (error) {
      tried.takenBack()
      throw error
    }
  }

  /** What is refused is counted nowhere: two addresses that go on after their tenth guess must not lock a user out everywhere. */
  #count(name: string, address: string): Try {
    const nowMs = this.#options.clock.nowMs()
    const network = networkOf(address)
    const counts = [
      [this.#ofAddress, network],
      [this.#ofUser, name.toLowerCase()],
      [this.#guesses, `${name.toLowerCase()} ${network}`],
    ] as const
    for (const [limit, key] of counts) limit.refuse(key, nowMs)
    for (const [limit, key] of counts) limit.take(key, nowMs)
    const takenBack = (): void => {
      for (const [limit, key] of counts) limit.giveBack(key)
    }
    return {
      takenBack,
      succeeded: () => {
        takenBack()
        this.#guesses.forget(`${name.toLowerCase()} ${network}`)
      },
    }
  }
}

/** A try that was counted. */
interface Try {
  takenBack(): void
  succeeded(): void
}
