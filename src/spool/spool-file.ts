/** What is known of one file of the spool. */

import { isValid, type ParsedDocument } from '../manifest/parse.ts'
import type { ManifestProblem } from '../manifest/problem.ts'
import type { EntryKey } from './entry-name.ts'
import type { ReportedProblem } from './rejected-reports.ts'
import type { Writer } from './writers.ts'

export interface SpoolFile {
  readonly key: EntryKey
  /** It was there when the daemon started, and nothing of it has been told yet. */
  initial: boolean
  /** What was seen at the last look that was carried through; null: look again, whatever is there. */
  identity: string | null
  /** Not whole yet: what was seen, since when it is the same, and who was seen writing it. */
  unsettled: { readonly identity: string; readonly sinceMs: number; readonly writer: Writer | null } | null
  /** The inode of the last look, its size then and the time of its last change, read or not. */
  lastSize: { readonly inode: string; readonly bytes: number; readonly changedMs: number } | null
  /** The inode lost bytes since it was last read. */
  shrunk: boolean
  /** The inode grew after a pause since it was last read: its writer may come back. */
  grewSlowly: boolean
  /** The inode that was read last. */
  readInode: string | null
  /** When it was last carried through, by the clock that only goes forward. */
  carriedAtMs: number
  /** It is a symbolic link, whose target may change without an event. */
  linked: boolean
  /** Whose it was when it was looked at last; null: never. */
  ownerUid: number | null
  /** Those for this node. */
  documents: readonly ParsedDocument[]
  /** How many are for other nodes. */
  elsewhere: number
  /** Of the file as a whole. */
  problems: readonly ManifestProblem[]
  /** What the intake found wrong with a valid document, by the document's index. */
  answers: ReadonlyMap<number, ManifestProblem>
  /** How often the parser died of this content, or overran its time on it. */
  parserFailures: number
}

/** A file of which nothing is known yet but its name. */
export function newSpoolFile(key: EntryKey): SpoolFile {
  return {
    key,
    initial: false,
    identity: null,
    unsettled: null,
    lastSize: null,
    shrunk: false,
    grewSlowly: false,
    readInode: null,
    carriedAtMs: -Infinity,
    linked: false,
    ownerUid: null,
    documents: [],
    elsewhere: 0,
    problems: [],
    answers: new Map(),
    parserFailures: 0,
  }
}

/** Everything that is wrong with a file: as a whole, in its documents, and by the intake's judgement. */
export function problemsOf(file: SpoolFile): readonly ReportedProblem[] {
  const several = file.documents.length + file.elsewhere > 1
  const ofDocuments = file.documents.flatMap((document) => {
    const answer = file.answers.get(document.index)
    const answers = answer === undefined ? [] : [answer]
    const problems = isValid(document) ? answers : document.problems
    return problems.map((problem) => ({ document: several ? document.index : null, ...problem }))
  })
  return [...file.problems.map((problem) => ({ document: null, ...problem })), ...ofDocuments]
}

/** Whether all that it holds is for other nodes. */
export function isElsewhere({ documents, elsewhere, problems }: SpoolFile): boolean {
  return elsewhere > 0 && documents.length === 0 && problems.length === 0
}
