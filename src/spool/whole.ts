/**
 * Whether what was read of a file is all of it. A file that somebody has open for writing is not read. Where a writer
 * cannot be seen (another user's process, another machine, another PID namespace), where a file shrank, as it does between
 * the two halves of a rewrite, and where it grew after a pause, as it does under a writer that opens it anew for each line,
 * it must be quiet for much longer, or show in some other way that it is complete.
 */

import { codeOf } from '../domain/errors.ts'
import { displayName, type EntryKey } from './entry-name.ts'
import { identityAt, type Identity, type Look } from './look.ts'
import { inodeKey, type LookForWriters } from './writers.ts'

/** How many times as long as usual a file must be quiet where nothing else shows that it is complete. */
export const CAREFUL_FACTOR = 20

/** The end of a YAML document that a writer can set on purpose (YAML 1.2, 9.1.4). */
const DOCUMENT_END = /(^|\n)\.\.\.[ \t]*(#[^\n]*)?\s*$/

export interface Seen {
  readonly key: EntryKey
  readonly look: Look
}

/** What is known of a file from earlier looks. */
export interface Past {
  /** It lost bytes since somebody last saw it, and was not read since. */
  readonly shrunk: boolean
  /** It grew after a pause, and was not read since: somebody appends to it line by line. */
  readonly grewSlowly: boolean
  /** This very inode was read before: it is rewritten in place. */
  readonly editedInPlace: boolean
}

export interface WholeOptions {
  readonly directory: string
  readonly settleMs: number
  readonly lookForWriters: LookForWriters
  readonly pastOf: (key: EntryKey, identity: Identity) => Past
  /** Whether a file has been as it is for so long. */
  readonly isQuietFor: (key: EntryKey, identity: Identity, ms: number) => boolean
}

/**
 * Takes back what was read of files that may not be whole: they are `unsettled`. The processes are looked at after the
 * reading and the files once more after that, so that a writer who comes or goes in between is noticed either way.
 */
export async function onlyWhole(seen: readonly Seen[], options: WholeOptions): Promise<readonly Seen[]> {
  const read = seen.flatMap(({ key, look }) => (look.kind === 'read' ? [{ key, identity: look.identity }] : []))
  if (read.length === 0) return seen
  const files = read.map(({ key, identity }) => ({ dev: identity.dev, ino: identity.ino, name: displayName(key) }))
  const { writers, complete } = await options.lookForWriters(options.directory, files)
  const judged: Seen[] = []
  for (const { key, look } of seen) {
    if (look.kind !== 'read') {
      judged.push({ key, look })
      continue
    }
    const { identity } = look
    const writer = writers.get(inodeKey(identity))
    if (writer !== undefined) judged.push({ key, look: { kind: 'unsettled', identity, writer } })
    else {
      const neededMs = quietNeededMs(look, complete, options.pastOf(key, identity), options.settleMs)
      const quiet = neededMs === options.settleMs || options.isQuietFor(key, identity, neededMs)
      judged.push({
        key,
        look: quiet ? await unchanged(key, look, options.directory) : { kind: 'unsettled', identity },
      })
    }
  }
  return judged
}

type Read = Extract<Look, { kind: 'read' }>

function quietNeededMs({ identity, bytes }: Read, complete: boolean, past: Past, settleMs: number): number {
  const restless = past.shrunk || past.grewSlowly
  if (complete && !restless) return settleMs
  // An old end stays in place while a file is overwritten from its beginning; a file that shrank was cut first.
  const closed = isClosed(bytes) && (past.shrunk || !past.editedInPlace)
  const arrived = identity.changedLater && !restless && !past.editedInPlace
  return closed || arrived ? settleMs : CAREFUL_FACTOR * settleMs
}

/** A text that says where it ends: no part of it that is cut off at the end would be a request. */
function isClosed(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes).toString('utf8')
  if (DOCUMENT_END.test(text)) return true
  if (!text.trimStart().startsWith('{')) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

async function unchanged(key: EntryKey, look: Read, directory: string): Promise<Look> {
  try {
    const identity = await identityAt(key, directory)
    return identity.text === look.identity.text ? look : { kind: 'unsettled', identity }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { kind: 'gone' }
    return { kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) }
  }
}
