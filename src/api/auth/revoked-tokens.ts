/**
 * Whether the application has revoked a token: its logout writes into a table of the database that Modosu restores.
 *
 * What the list does not say is no revocation. A database that is missing, wrecked or about to be replaced must not lock out
 * the administrator who comes to restore it; a token from before the last restore is refused without this list.
 */

import type { DatabaseOperations } from '../../database/contract.ts'
import { messageOf } from '../../domain/errors.ts'
import type { Log } from '../../domain/log.ts'
import { occupiesTarget } from '../../domain/phases.ts'
import type { Target } from '../../domain/target.ts'
import type { StateReader } from '../../store/reader.ts'
import type { StoredRequest } from '../../store/rows.ts'

/** A look takes milliseconds, and longer only where a writer of the application locks it out: somebody waits for the answer. */
const LOOK_MS = 10_000
/** Tokens of one target that are remembered; the one that was asked about longest ago is forgotten. */
const MOST = 10_000

export interface RevokedTokensOptions {
  readonly database: Pick<DatabaseOperations, 'revokedTokens' | 'fingerprint'>
  readonly reader: Pick<StateReader, 'running'>
  readonly targets: ReadonlyMap<string, Target>
  readonly log: Pick<Log, 'warn' | 'info'>
}

interface Known {
  /** Whatever becomes of the list: what it has said once stays so. */
  readonly revoked: Set<string>
  /** Not on the list as long as the database is what it was. */
  readonly valid: Set<string>
  fingerprint: string
  /** What was told last of a list that cannot be read. */
  problem: string | null
  waiting: { readonly tokens: Set<string>; readonly done: Promise<void> } | null
  turn: Promise<void>
  abort: AbortController | null
}

export class RevokedTokens {
  readonly #options: RevokedTokensOptions
  readonly #known = new Map<string, Known>()

  constructor(options: RevokedTokensOptions) {
    this.#options = options
  }

  /** After each commit: a restore that begins breaks off the reading of the database that it replaces. */
  requestCommitted({ phase, spec }: Pick<StoredRequest, 'phase' | 'spec'>): void {
    if (occupiesTarget(phase)) this.#known.get(spec.target)?.abort?.abort()
  }

  /**
   * Never rejects.
   *
   * @param target the name of the target whose database is the application's.
   * @param token the identifier (`jti`).
   */
  async isRevoked(target: string, table: string, token: string): Promise<boolean> {
    const known = this.#of(target)
    if (known.revoked.has(token)) return true
    known.waiting ??= this.#nextRound(target, table, known)
    const { tokens, done } = known.waiting
    tokens.add(token)
    await done
    return known.revoked.has(token)
  }

  #of(target: string): Known {
    let known = this.#known.get(target)
    if (known === undefined) {
      const nothing = { fingerprint: '', problem: null, waiting: null, turn: Promise.resolve(), abort: null }
      known = { ...nothing, revoked: new Set(), valid: new Set() }
      this.#known.set(target, known)
    }
    return known
  }

  /** One look at a time for each target; who comes meanwhile shares the next one. */
  #nextRound(target: string, table: string, known: Known): NonNullable<Known['waiting']> {
    const tokens = new Set<string>()
    const done = known.turn.then(() => {
      known.waiting = null
      return this.#look(target, table, known, tokens)
    })
    known.turn = done
    return { tokens, done }
  }

  async #look(target: string, table: string, known: Known, tokens: ReadonlySet<string>): Promise<void> {
    const { database, reader, targets } = this.#options
    const path = targets.get(target)?.database
    // A database that is about to be replaced is not opened: whoever has it open is in the way.
    if (path === undefined || reader.running(target) !== undefined) return
    const abort = new AbortController()
    known.abort = abort
    const options = { deadlineMs: LOOK_MS, signal: abort.signal }
    try {
      const { text, racy } = await database.fingerprint(path, options)
      if (racy || text !== known.fingerprint) known.valid.clear()
      known.fingerprint = racy ? '' : text
      const asked = [...tokens].filter((token) => !known.valid.has(token))
      if (asked.length === 0) return
      const { revoked, problem } = await database.revokedTokens({ database: path, table, tokens: asked }, options)
      this.#tell(target, known, problem)
      for (const token of revoked) keep(known.revoked, token)
      if (problem !== null || racy) return
      for (const token of asked) if (!known.revoked.has(token)) keep(known.valid, token)
    } catch (error) {
      if (!abort.signal.aborted) this.#tell(target, known, messageOf(error))
    } finally {
      known.abort = null
    }
  }

  /** Each change once. */
  #tell(target: string, known: Known, problem: string | null): void {
    const before = known.problem
    known.problem = problem
    if (problem === before) return
    const { log } = this.#options
    if (problem === null) log.info('the list of tokens that the application has revoked can be read again', { target })
    else {
      log.warn(`no token counts as revoked by the application: ${problem}`, {
        target,
        hint: 'a database that is lost must not lock anybody out; auth.jwt.revokedTokensTable: null says that there is no list',
      })
    }
  }
}

function keep(tokens: Set<string>, token: string): void {
  tokens.add(token)
  const [oldest] = tokens
  if (tokens.size > MOST && oldest !== undefined) tokens.delete(oldest)
}
