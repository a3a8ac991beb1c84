/** Tells the intake what the spool holds, name by name, and people what is wrong with it. */

import type { Intake } from '../controller/intake-contract.ts'
import { toRfc3339, type Clock } from '../domain/clock.ts'
import { messageOf } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { isValid, type ParsedDocument } from '../manifest/parse.ts'
import { formatProblem } from '../manifest/problem.ts'
import { displayName, type EntryKey } from './entry-name.ts'
import type { FileTable } from './file-table.ts'
import type { RejectedReports } from './rejected-reports.ts'
import { problemsOf, type SpoolFile } from './spool-file.ts'

export interface TellerOptions {
  readonly files: FileTable
  readonly intake: Intake
  readonly reports: RejectedReports
  readonly clock: Clock
  readonly log: Pick<Log, 'warn' | 'error'>
}

export class Teller {
  readonly #options: TellerOptions
  /** Names of which the intake could not be told: it is tried again. */
  readonly #untold = new Set<string>()

  constructor(options: TellerOptions) {
    this.#options = options
  }

  /**
   * Tells of names, and brings the reports of every file that this touches up to date. Never throws: what fails is
   * logged, and told again by `retry`.
   *
   * @param names whose givers, or their contents, changed.
   * @param changed files that were taken over anew.
   */
  async tell(names: Iterable<string>, changed: readonly EntryKey[]): Promise<void> {
    const touched = new Set(changed)
    for (const name of names) {
      this.#untold.delete(name)
      for (const key of this.#tellName(name)) touched.add(key)
    }
    const { files } = this.#options
    for (const key of touched) {
      const file = files.get(key)
      const told = !Array.from(files.names.namesOf(key)).some((name) => this.#untold.has(name))
      if (file !== undefined && file.identity !== null && told) file.initial = false
      await this.#report(key, file)
    }
  }

  /** Whether there is something that the intake could not be told. */
  get retryWanted(): boolean {
    return this.#untold.size > 0
  }

  /** Tells again what could not be told. */
  async retry(): Promise<void> {
    await this.tell(Array.from(this.#untold), [])
  }

  /** Tells that a name is in no file any more. @returns whether that succeeded. */
  tellAbsent(name: string): boolean {
    const { intake, log } = this.#options
    try {
      intake.absent(name)
      return true
    } catch (error) {
      log.error('the absence of a request could not be taken in', { request: name, error: messageOf(error) })
      return false
    }
  }

  /** The first giver of a name first, so that it is the one that is stored while they contradict each other. */
  #tellName(name: string): readonly EntryKey[] {
    const { files, log } = this.#options
    const givers = files.names.giversOf(name)
    const given = givers
      .flatMap((key) => files.get(key) ?? [])
      .flatMap((file) => file.documents.map((document) => ({ file, document })))
      .filter(({ document }) => document.name === name)
    const rivals = rivalsOf(givers, given)
    for (const { file, document } of given) {
      try {
        this.#tellDocument(file, document, rivals)
      } catch (error) {
        this.#untold.add(name)
        log.error('a request of the spool could not be taken in', {
          file: displayName(file.key),
          request: name,
          error: messageOf(error),
        })
      }
    }
    return givers
  }

  #tellDocument(file: SpoolFile, document: ParsedDocument, rivals: readonly string[]): void {
    const { intake } = this.#options
    const { index, line } = document
    const place = { file: displayName(file.key), index }
    if (!isValid(document)) {
      intake.invalid({ ...place, name: document.name, problems: document.problems })
      return
    }
    const { initial, ownerUid } = file
    const answer = intake.apply({ ...place, manifest: document.manifest, rivals, ownerUid }, initial)
    const answers = new Map(file.answers)
    if (answer === null) answers.delete(index)
    else answers.set(index, { ...answer, line: answer.line ?? line, column: answer.column ?? 1 })
    file.answers = answers
  }

  async #report(key: EntryKey, file: SpoolFile | undefined): Promise<void> {
    const { reports, clock, log } = this.#options
    const problems = file === undefined ? [] : problemsOf(file)
    const name = displayName(key)
    try {
      if (problems.length === 0) await reports.remove(key)
      else if (await reports.write(key, problems, toRfc3339(clock.nowMs()))) {
        log.warn('a file of the spool was rejected', {
          file: name,
          problems: problems.map((problem) => formatProblem(name, problem)),
        })
      }
    } catch (error) {
      log.error('the report about a file of the spool cannot be written', { file: name, error: messageOf(error) })
    }
  }
}

interface Given {
  readonly file: SpoolFile
  readonly document: ParsedDocument
}

/** All places that give a name, where they do not agree on one spec. A file that cannot be read any more may hold any. */
function rivalsOf(givers: readonly EntryKey[], given: readonly Given[]): readonly string[] {
  const unread = givers.filter((key) => !given.some(({ file }) => file.key === key))
  const specs = given.map(({ document }) => (isValid(document) ? document.specHash : document))
  if (unread.length === 0 && new Set(specs).size <= 1) return []
  if (given.length + unread.length === 1) return []
  return [...given.map(placeOf), ...unread.map(displayName)].sort()
}

function placeOf({ file, document: { index } }: Given): string {
  return index === 0 ? displayName(file.key) : `${displayName(file.key)} (document ${index + 1})`
}
