/** The password given again before a restore (manual 3.2-5): a proof for one backup and one user, once, for two minutes. */

import { createHash, randomBytes } from 'node:crypto'

import { canonicalBackupId } from '../../domain/backup-id.ts'
import type { Clock } from '../../domain/clock.ts'
import { RestoreError } from '../../domain/errors.ts'
import type { Caller } from '../caller.ts'
import type { Reauthentication as Rule } from '../settings.ts'
import { idOf } from './identity.ts'
import { LOGIN_PATH } from './oidc-paths.ts'

const VALID_MS = 120_000
const MOST = 1000

interface Proof {
  readonly user: string
  readonly backupId: string
  readonly expiresMs: number
}

export class Reauthentication {
  readonly #rule: () => Rule
  readonly #clock: Clock
  /** By the hash of the proof. A restart forgets them: the person is asked again. */
  readonly #proofs = new Map<string, Proof>()

  /** @param rule asked at each use: a reload may change it. */
  constructor(rule: () => Rule, clock: Clock) {
    this.#rule = rule
    this.#clock = clock
  }

  /** For a user whose password was proven just now: by its name, or by its identity at an issuer. */
  give(user: string, backupId: string): { readonly proof: string; readonly expiresAtMs: number } {
    const proof = randomBytes(32).toString('base64url')
    const expiresMs = this.#clock.nowMs() + VALID_MS
    this.#proofs.set(hashOf(proof), { user, backupId: canonicalBackupId(backupId), expiresMs })
    const [oldest] = this.#proofs.keys()
    if (this.#proofs.size > MOST && oldest !== undefined) this.#proofs.delete(oldest)
    return { proof, expiresAtMs: expiresMs }
  }

  /**
   * Takes the proof where the rule asks for one; it counts once.
   *
   * @param proof as the client sent it.
   * @throws RestoreError `ReauthenticationRequired`.
   */
  require(caller: Caller, backupId: string, proof: string | undefined): void {
    if (!this.#asks(caller)) return
    const key = hashOf(proof ?? '')
    const found = this.#proofs.get(key)
    this.#proofs.delete(key)
    const fits =
      found?.user === (caller.identity === undefined ? caller.name : idOf(caller.identity)) &&
      found.backupId === canonicalBackupId(backupId)
    if (fits && this.#clock.nowMs() < found.expiresMs) return
    throw new RestoreError('the password must be given again for this restore', {
      reason: 'ReauthenticationRequired',
      hint: howToProve(caller),
    })
  }

  #asks({ door, credential }: Caller): boolean {
    const rule = this.#rule()
    if (door === 'socket' || rule === 'never') return false
    return rule === 'always' || credential === 'session'
  }
}

/** Whoever logs in at an issuer has no password here. */
export function howToProve({ identity }: Caller): string {
  return identity === undefined
    ? 'POST /api/v1/auth/reauth {"password", "backup_id"}, then send its proof as X-Modosu-Reauth'
    : `open ${LOGIN_PATH}?reauth=BACKUP_ID&return=PATH in the browser, then send the proof as X-Modosu-Reauth`
}

function hashOf(proof: string): string {
  return createHash('sha256').update(proof).digest('hex')
}
