/**
 * The files of the spool as they are known, and how a look at one changes that. All of it lives in memory and follows
 * from the directory alone.
 */

import { ageOfFileMs, type Clock } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import { describePlacement, isForNode, type NodeIdentity } from '../domain/node.ts'
import { decodeManifest } from '../manifest/decode.ts'
import { isValid, MAX_FILE_BYTES, placementOf, type ParsedDocument, type ParsedFile } from '../manifest/parse.ts'
import type { ManifestParser } from '../manifest/parser.ts'
import { displayName, type EntryKey } from './entry-name.ts'
import { lookAt, type Identity, type Look } from './look.ts'
import { NameLedger } from './name-ledger.ts'
import { isElsewhere, newSpoolFile, problemsOf, type SpoolFile } from './spool-file.ts'
import { CAREFUL_FACTOR, onlyWhole, type Seen } from './whole.ts'
import { inodeKey, type LookForWriters, type Writer } from './writers.ts'

export interface FileTableOptions {
  /** How long a file must have been quiet before it is read, in milliseconds. */
  readonly settleMs: number
  readonly parser: Pick<ManifestParser, 'parse'>
  readonly clock: Clock
  /** Milliseconds of a clock that only goes forward. */
  readonly elapsedMs: () => number
  readonly log: Pick<Log, 'info' | 'error'>
  readonly node: NodeIdentity
  /** The daemon's user. */
  readonly uid: number
  readonly lookForWriters: LookForWriters
  readonly signal: AbortSignal
}

/** A content on which the parser failed this often is not tried again until it changes. */
const MOST_PARSER_FAILURES = 3
const CONCURRENT_LOOKS = 16
/** A pause is at least this part of the settling. */
const SHORTEST_PAUSE_PART = 4

export class FileTable {
  readonly #options: FileTableOptions
  readonly #files = new Map<EntryKey, SpoolFile>()
  readonly names = new NameLedger()

  constructor(options: FileTableOptions) {
    this.#options = options
  }

  get(key: EntryKey): SpoolFile | undefined {
    return this.#files.get(key)
  }

  keysWhere(condition: (file: SpoolFile) => boolean): EntryKey[] {
    return Array.from(this.#files.values())
      .filter(condition)
      .map(({ key }) => key)
  }

  /** What was seen of each file that is not whole yet. */
  unsettled(): readonly NonNullable<SpoolFile['unsettled']>[] {
    return Array.from(this.#files.values()).flatMap(({ unsettled }) => unsettled ?? [])
  }

  /** Files that were carried through, by whether something is wrong in them. */
  counts(): { readonly accepted: number; readonly rejected: number; readonly elsewhere: number } {
    const read = Array.from(this.#files.values()).filter((file) => file.identity !== null || file.problems.length > 0)
    const rejected = read.filter((file) => problemsOf(file).length > 0).length
    const elsewhere = read.filter(isElsewhere).length
    return { accepted: read.length - rejected - elsewhere, rejected, elsewhere }
  }

  /**
   * Notes a file of the first listing: what it holds is old, and may have to be held. A file that is known has been
   * noted by a first scan that did not come to its end, and may have been told of since.
   */
  noteInitial(key: EntryKey): void {
    if (!this.#files.has(key)) this.#fileOf(key).initial = true
  }

  /** Looks at entries without taking over what it sees. What is read of them is whole. */
  async look(directory: string, keys: readonly EntryKey[]): Promise<readonly Seen[]> {
    const { settleMs, lookForWriters, uid } = this.#options
    const seen: Seen[] = []
    for (let start = 0; start < keys.length; start += CONCURRENT_LOOKS) {
      const some = keys.slice(start, start + CONCURRENT_LOOKS).map(async (key) => {
        const known = this.#files.get(key)?.identity ?? null
        const isQuiet = (identity: Identity) => this.#isQuietFor(key, identity, settleMs)
        return { key, look: await lookAt(key, { directory, uid, known, isQuiet }) }
      })
      seen.push(...(await Promise.all(some)))
    }
    for (const { key, look } of seen) if ('identity' in look) this.#noteSize(this.#fileOf(key), look.identity)
    return onlyWhole(seen, {
      directory,
      settleMs,
      lookForWriters,
      pastOf: (key, identity) => {
        const file = this.#files.get(key)
        return {
          shrunk: file?.shrunk === true,
          grewSlowly: file?.grewSlowly === true,
          editedInPlace: file?.readInode === inodeKey(identity),
        }
      },
      isQuietFor: (key, identity, ms) => this.#isQuietFor(key, identity, ms),
    })
  }

  #isQuietFor(key: EntryKey, identity: Identity, ms: number): boolean {
    const { clock, elapsedMs } = this.#options
    if (ageOfFileMs(clock, identity.changedMs) >= ms) return true
    // A time in the future never grows old: quiet is then what stays the same while it is watched.
    const seen = this.#files.get(key)?.unsettled
    return seen?.identity === identity.text && elapsedMs() - seen.sinceMs >= ms
  }

  #noteSize(file: SpoolFile, identity: Identity): void {
    const inode = inodeKey(identity)
    const { sizeBytes, changedMs } = identity
    const before = file.lastSize?.inode === inode ? file.lastSize : null
    if (before === null) Object.assign(file, { shrunk: false, grewSlowly: false })
    else if (sizeBytes < before.bytes) file.shrunk = true
    else if (before.bytes > 0 && sizeBytes > before.bytes && this.#isPause(changedMs - before.changedMs)) {
      file.grewSlowly = true
    }
    file.lastSize = { inode, bytes: sizeBytes, changedMs }
  }

  /**
   * Between two writes of one writer: longer than the chunks of a copy are apart, and not longer than such a file is waited
   * for. After a longer one it is an edit of its own.
   */
  #isPause(ms: number): boolean {
    const { settleMs } = this.#options
    return Math.abs(ms) >= settleMs / SHORTEST_PAUSE_PART && Math.abs(ms) <= CAREFUL_FACTOR * settleMs
  }

  /**
   * Takes over what a look saw, parsing what it read.
   *
   * @returns the names to tell of, or null where nothing changed.
   * @throws RestoreError `Interrupted` where the signal was given.
   */
  async carryThrough(key: EntryKey, look: Look): Promise<ReadonlySet<string> | null> {
    const { log, parser, signal } = this.#options
    switch (look.kind) {
      case 'gone':
        return this.remove(key)
      case 'unchanged':
        this.#fileOf(key).unsettled = null
        return null
      case 'unsettled':
        this.#noteUnsettled(this.#fileOf(key), look.identity.text, look.writer ?? null)
        return null
      case 'failed':
        log.error('a file of the spool cannot be looked at', { file: displayName(key), error: look.error.message })
        return null
      case 'refused':
        return this.#accept(key, look, { documents: [], problems: [look.problem] }, 0)
      case 'read': {
        const decoded = decodeManifest(look.bytes, MAX_FILE_BYTES)
        if ('problem' in decoded) return this.#accept(key, look, { documents: [], problems: [decoded.problem] }, 0)
        const parsed = await parser.parse(decoded.text, signal)
        return this.#accept(key, look, parsed, parsed.parserFailed ? this.#fileOf(key).parserFailures + 1 : 0)
      }
    }
  }

  /** @returns the names that the file gave, or null where it was not known. */
  remove(key: EntryKey): ReadonlySet<string> | null {
    if (!this.#files.delete(key)) return null
    return this.names.set(key, new Set(), this.#options.elapsedMs())
  }

  /**
   * A file that is there and could not be read yet, or has something wrong in it, may still give the name that it gave
   * before the daemon's start: nothing is absent for a typo, a pause of its writer or a parser that was killed.
   *
   * @param file its name, for people.
   */
  keepName(name: string, file: string): void {
    const mayHold = this.keysWhere(
      (each) =>
        displayName(each.key) === file &&
        (each.unsettled !== null || each.identity === null || problemsOf(each).length > 0),
    )
    for (const key of mayHold) {
      this.names.set(key, new Set([...this.names.namesOf(key), name]), this.#options.elapsedMs())
    }
  }

  #noteUnsettled(file: SpoolFile, identity: string, writer: Writer | null): void {
    const { elapsedMs, log } = this.#options
    const before = file.unsettled
    if (writer !== null && before?.writer?.pid !== writer.pid) {
      const by = { pid: writer.pid, command: writer.command }
      log.info('a file of the spool is open for writing, and is read when it is closed', {
        file: displayName(file.key),
        ...by,
      })
    }
    const sinceMs = before?.identity === identity ? before.sinceMs : elapsedMs()
    file.unsettled = { identity, sinceMs, writer }
  }

  /** A file with something wrong in it keeps the names that it gave before: nothing is absent for a typo. */
  #accept(
    key: EntryKey,
    look: { readonly identity: Identity; readonly linked: boolean },
    { documents, problems }: ParsedFile,
    parserFailures: number,
  ): ReadonlySet<string> {
    const file = this.#fileOf(key)
    const own = documents.filter((document) => isForNode(placementOf(document), this.#options.node))
    this.#sayElsewhere(key, documents, own)
    const tryAgain = parserFailures > 0 && parserFailures < MOST_PARSER_FAILURES
    Object.assign(file, {
      identity: tryAgain ? null : look.identity.text,
      unsettled: null,
      shrunk: false,
      grewSlowly: false,
      readInode: inodeKey(look.identity),
      carriedAtMs: this.#options.elapsedMs(),
      linked: look.linked,
      ownerUid: look.identity.ownerUid,
      documents: own,
      elsewhere: documents.length - own.length,
      problems,
      answers: new Map(),
      parserFailures,
    } satisfies Partial<SpoolFile>)
    const given = own.flatMap(({ name }) => (name === null ? [] : [name]))
    const wrong = problems.length > 0 || !own.every(isValid)
    const kept = wrong ? this.names.namesOf(key) : []
    return this.names.set(key, new Set([...kept, ...given]), this.#options.elapsedMs())
  }

  #sayElsewhere(key: EntryKey, all: readonly ParsedDocument[], own: readonly ParsedDocument[]): void {
    for (const document of all) {
      if (own.includes(document)) continue
      const fields = { file: displayName(key), ...(document.name === null ? {} : { request: document.name }) }
      this.#options.log.info(`left alone: for ${describePlacement(placementOf(document))}`, fields)
    }
  }

  #fileOf(key: EntryKey): SpoolFile {
    const file = this.#files.get(key) ?? newSpoolFile(key)
    this.#files.set(key, file)
    return file
  }
}
