/**
 * Proves the uid of a client of the unix socket, which Node.js cannot ask the kernel for (SO_PEERCRED). The client makes a
 * symbolic link with a name and a target that the daemon has just given it, in a directory of the daemon's; the kernel
 * says whose the link is. A link's target cannot be changed afterwards, so a link of somebody else is no use, and the
 * directory is sticky, so nobody replaces or removes what another has made there.
 */

import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, readlinkSync, statSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'

import { messageOf } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import type { Challenge } from './protocol.ts'
import { proofDirectory } from './protocol.ts'

/** By the clock that only goes forward. */
const VALID_MS = 30_000
const MOST = 1024
/** Sticky; the group may make names and look none up. */
const MODE = 0o1730

export class PeerProofs {
  readonly #directory: string
  readonly #socketPath: string
  readonly #issued = new Map<string, { readonly answer: string; readonly expiresMs: number }>()
  #usable = false

  constructor(socketPath: string) {
    this.#socketPath = socketPath
    this.#directory = proofDirectory(socketPath)
  }

  /** Call it when the socket is there. Never throws: without the directory nobody is proven, and four eyes stay closed. */
  open(log: Pick<Log, 'warn'>): void {
    try {
      mkdirSync(this.#directory, { recursive: true, mode: 0o700 })
      const { uid } = lstatSync(this.#directory)
      if (uid !== process.geteuid?.() || !lstatSync(this.#directory).isDirectory()) throw new Error('it is not ours')
      for (const name of readdirSync(this.#directory)) unlinkSync(join(this.#directory, name))
      this.#follow()
      chmodSync(this.#directory, MODE)
      this.#usable = true
    } catch (error) {
      log.warn(`clients of the socket cannot prove who they are: ${this.#directory}: ${messageOf(error)}`)
    }
  }

  /** @returns null where proofs cannot be made. */
  challenge(): Challenge | null {
    if (!this.#usable) return null
    this.#follow()
    const now = performance.now()
    for (const [name, { expiresMs }] of this.#issued) {
      if (now < expiresMs && this.#issued.size < MOST) break
      this.#issued.delete(name)
      this.#remove(name)
    }
    const name = randomBytes(16).toString('hex')
    const answer = randomBytes(32).toString('hex')
    this.#issued.set(name, { answer, expiresMs: now + VALID_MS })
    return { name, answer }
  }

  /** @returns the uid that made the link, or null where nothing is proven. A challenge counts once. Never throws. */
  take(name: string): number | null {
    const issued = this.#issued.get(name)
    if (issued === undefined) return null
    this.#issued.delete(name)
    try {
      const path = join(this.#directory, name)
      const before = lstatSync(path)
      const answer = before.isSymbolicLink() ? readlinkSync(path) : ''
      const after = lstatSync(path)
      const same = before.ino === after.ino && before.uid === after.uid && before.ctimeMs === after.ctimeMs
      return same && answer === issued.answer && performance.now() < issued.expiresMs ? after.uid : null
    } catch {
      return null
    } finally {
      this.#remove(name)
    }
  }

  /** Whoever may use the socket may prove himself: an administrator may give the socket to another group. */
  #follow(): void {
    try {
      const { gid } = statSync(this.#socketPath)
      if (statSync(this.#directory).gid !== gid) chownSync(this.#directory, -1, gid)
    } catch {
      // Members of that group are not proven then, and told so where it matters.
    }
  }

  #remove(name: string): void {
    try {
      unlinkSync(join(this.#directory, name))
    } catch {
      // Never made, or gone.
    }
  }
}
