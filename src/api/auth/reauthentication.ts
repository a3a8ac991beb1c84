/** The password given again before a restore (manual 3.2-5): a proof for one backup and one user, once, for two minutes. */

import { createHash, randomBytes } from 'node:crypto'

import { canonicalBackupId } from '../../domain/backup-id.ts'
import type { Clock } from '../../domain/clock.ts'
import { RestoreError } from '../../domain/errors.ts'
import type { Caller } from '../caller.ts'
import type { Reauthentication as Rule } from '../settings.ts'

const VALID_MS = 120_000
const MOST = 1000

interface Proof {
  readonly user: string
  readonly backupId: string
  readonly expiresMs: number
}

export class Reauthentication {
  readonly #rule: Rule
  readonly #clock: Clock
  /** By the hash of the proof. A restart forgets them: the person is asked again. */
  readonly #proofs = new Map<string, Proof>()

  constructor(rule: Rule, clock: Clock) {
    this.#rule = rule
    this.#clock = clock
  }

  /** For a user whose password was proven just now. */
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
    const fits = found?.user === caller.name && found.backupId === canonicalBackupId(backupId)
    if (fits && this.#clock.nowMs() < found.expiresMs) return
    throw new RestoreError('the password must be given again for this restore', {
      reason: 'ReauthenticationRequired',
      hint: 'POST /api/v1/auth/reauth {"password", "backup_id"}, then send its proof as X-Modosu-Reauth',
    })
  }

  #asks({ door, credential }: Caller): boolean {
    if (door === 'socket' || this.#rule === 'never') return false
    return this.#rule === 'always' || credential === 'session'
  }
}

function hashOf(proof: string): string {
  return createHash('sha256').update(proof).digest('hex')
}
