/** The TCP door with a user of each role and an application whose tokens count, and the credentials to come with. */

import type { KeyObject } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { SignJWT } from 'jose'

import type { Revocations } from '../../../src/api/auth/application-token.ts'
import { hashPassword } from '../../../src/api/auth/password.ts'
import type { User } from '../../../src/api/auth/users-file.ts'
import type { Role } from '../../../src/api/caller.ts'
import type { ApplicationTokenSettings, AuthSettings } from '../../../src/api/settings.ts'
import { Workplace } from '../../cli/workplace.ts'
import { openAuthDoor, type AuthDoor, type Headers } from './auth-door.ts'

export const PASSWORD = 'correct horse battery'
export const SECRET = 'a-secret-of-the-application-0123456789-XYZ'
export const API = '/apis/modosu.dev/v1'
export const RANKS: readonly Role[] = ['viewer', 'operator', 'admin']

/** Made once: it takes a third of a second. */
const hash = hashPassword(PASSWORD)

export interface Claims {
  readonly role?: string
  readonly iat?: number | null
  readonly exp?: number | null
  readonly jti?: string
}

export interface AccountsOptions {
  readonly users?: readonly User[]
  readonly jwt?: Partial<ApplicationTokenSettings>
  readonly settings?: Partial<AuthSettings>
  readonly revoked?: (place: Workplace) => Revocations
}

export class Accounts {
  readonly place = new Workplace()
  readonly secretFile = join(this.place.root, 'jwt.secret')
  readonly hash: string
  #door: AuthDoor | undefined

  private constructor(passwordHash: string) {
    this.hash = passwordHash
    writeFileSync(this.secretFile, `${SECRET}\n`, { mode: 0o600 })
  }

  static async open(options: AccountsOptions = {}): Promise<Accounts> {
    const accounts = new Accounts(await hash)
    await accounts.reopen(options)
    return accounts
  }

  get door(): AuthDoor {
    if (this.#door === undefined) throw new Error('not open')
    return this.#door
  }

  async reopen({ users = this.users(), jwt, settings, revoked }: AccountsOptions): Promise<void> {
    await this.#door?.close()
    this.#door = await openAuthDoor(this.place, users, this.jwtSettings(jwt), settings, revoked?.(this.place))
  }

  async close(): Promise<void> {
    await this.#door?.close()
    this.place.close()
  }

  user(name: string, roles: User['roles'], disabled = false): User {
    return { name, password: this.hash, roles, disabled }
  }

  users(): readonly User[] {
    return [
      this.user('admin', { '*': 'admin' }),
      this.user('operator', { '*': 'operator' }),
      this.user('viewer', { '*': 'viewer' }),
      this.user('stranger', { other: 'admin' }),
      this.user('gone', { '*': 'admin' }, true),
    ]
  }

  jwtSettings(extra: Partial<ApplicationTokenSettings> = {}): ApplicationTokenSettings {
    return {
      algorithm: 'HS256',
      key: { kind: 'secret', from: this.secretFile },
      issuer: null,
      audience: null,
      roleClaim: 'role',
      nameClaim: 'username',
      roles: { admin: 'admin' },
      targets: ['shop'],
      revokedTable: 'token_blacklist',
      ...extra,
    }
  }

  /** Of a user who may log in, or of one who may not. */
  session(name: string): Headers {
    return bearer(this.door.auth.sessions.begin(this.user(name, {})).token)
  }

  /** @param header replaces parts of the JOSE header; another `alg` needs a key for it. */
  async token(
    claims: Claims = {},
    key: Uint8Array | KeyObject = new TextEncoder().encode(SECRET),
    header: Readonly<Record<string, unknown>> = {},
  ): Promise<string> {
    const nowSeconds = Math.floor(this.place.nowMs / 1000)
    const { role = 'admin', iat = nowSeconds, exp = nowSeconds + 3600, jti = 'x' } = claims
    const times = { ...(iat === null ? {} : { iat }), ...(exp === null ? {} : { exp }) }
    return new SignJWT({ id: 1, username: 'yamada', role, jti, ...times })
      .setProtectedHeader({ alg: 'HS256', ...header })
      .sign(key)
  }
}

export const bearer = (text: string): Headers => ({ authorization: `Bearer ${text}` })
