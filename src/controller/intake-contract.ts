/**
 * What the spool tells the controller. Level-triggered: each call says what a file holds now, and may be repeated
 * without effect.
 */

import type { RestoreManifest } from '../domain/resource.ts'
import type { ManifestProblem } from '../manifest/problem.ts'

export interface SpoolDocument {
  /** File name inside the spool directory, without a path. */
  readonly file: string
  /** Position in the file, from 0. */
  readonly index: number
  readonly manifest: RestoreManifest
  /**
   * The places that give this name to different requests, this one among them, each for people. Empty: there is one spec
   * under the name, and where it is not the one that is known it is an edit, wherever the file lies now.
   */
  readonly rivals: readonly string[]
  /** Who owns the file and so has submitted the request; absent or null: not known. */
  readonly ownerUid?: number | null
}

/** Whether the files of a request still hold it. */
export type FileVerdict =
  | { readonly ready: true }
  | {
      readonly ready: false
      readonly reason: 'FileChanging' | 'InvalidSpec' | 'SpoolUnreadable'
      readonly message: string
    }

/** Looks at the files of a request right before it starts. Never throws. */
export type ConfirmFile = (name: string) => Promise<FileVerdict>

export interface InvalidDocument {
  readonly file: string
  readonly index: number
  /** metadata.name where it could be read and is a valid name. */
  readonly name: string | null
  readonly problems: readonly ManifestProblem[]
}

export interface Intake {
  /**
   * A valid document is present. `initial` is true during the first scan after the daemon's start.
   *
   * @returns what is wrong with it all the same (its name is taken by another spec), or null.
   */
  apply(document: SpoolDocument, initial: boolean): ManifestProblem | null
  /** A document that names itself but is not valid: it becomes a request in phase Rejected, reason InvalidSpec. */
  invalid(document: InvalidDocument): void
  /** A name that a spool file gave before is in no file since the grace period: cancelled where that is still possible. */
  absent(name: string): void
  /** The first scan is over: what comes from now on is new, even where the state store was. */
  firstScanDone(): void
  /** Unfinished requests that came from the spool, each with its file, for what vanished while the daemon was down. */
  unfinishedSpoolNames(): ReadonlyMap<string, string>
}
