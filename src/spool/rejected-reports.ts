/**
 * `STATE/status/_rejected/FILE.yaml`: what is wrong with a spool file, beside the file's own name, until it is mended or
 * gone. The reports follow from the spool alone, so that a lost one is written again by the next scan.
 */

import type { Dirent } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from '../domain/errors.ts'
import { shellWord } from '../domain/shell-word.ts'
import { replaceFile } from '../files/replace-file.ts'
import type { ManifestProblem } from '../manifest/problem.ts'
import { safeYaml } from '../manifest/safe-yaml.ts'
import { displayName, reportName, type EntryKey } from './entry-name.ts'

export interface ReportedProblem extends ManifestProblem {
  /** Position of the document in the file, from 0; null: the file as a whole. */
  readonly document: number | null
}

const HEADER = '# Written by modosu about a file of the spool; removed when that file is mended or gone.\n'

export class RejectedReports {
  readonly #directory: string
  readonly #spool: string
  /** What each report says, so that a rescan writes nothing anew. */
  readonly #written = new Map<string, string>()

  /**
   * @param statusDir the status directory, STATE/status; made when the first report is written.
   * @param spool the spool directory, for the commands that a report gives.
   */
  constructor(statusDir: string, spool: string) {
    this.#directory = join(statusDir, '_rejected')
    this.#spool = spool
  }

  /**
   * Writes the report about a file, unless it says the same already.
   *
   * @param at RFC 3339.
   * @returns whether there was something new to say.
   * @throws the file system's error.
   */
  async write(key: EntryKey, problems: readonly ReportedProblem[], at: string): Promise<boolean> {
    const file = displayName(key)
    const command = `modosu validate -f ${shellWord(join(this.#spool, file))}`
    const whatToDo = `edit or remove the file in the spool; it is read again at once. Check it with: ${command}`
    const body = { file, whatToDo, problems: problems.map((problem) => ({ file, ...problem })) }
    // Unfolded: a command is copied as it stands.
    const text = safeYaml(body, { lineWidth: 0 })
    const name = reportName(key)
    if (this.#written.get(name) === text) return false
    await mkdir(this.#directory, { recursive: true })
    const report = `${HEADER}rejectedAt: ${at}\n${text}`
    await replaceFile(join(this.#directory, name), report, { mode: 0o644 })
    this.#written.set(name, text)
    return true
  }

  /**
   * Removes the report that was written about a file, where one was.
   *
   * @throws the file system's error.
   */
  async remove(key: EntryKey): Promise<void> {
    const name = reportName(key)
    if (!this.#written.has(name)) return
    await rm(join(this.#directory, name), { force: true })
    this.#written.delete(name)
  }

  /**
   * Removes the reports of an earlier run about files that are fine or gone by now, and half-written ones.
   *
   * @throws the file system's error.
   */
  async sweep(): Promise<void> {
    let entries: readonly Dirent[]
    try {
      entries = await readdir(this.#directory, { withFileTypes: true })
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return
      throw error
    }
    for (const entry of entries) {
      const { name } = entry
      if (entry.isFile() && !this.#written.has(name)) await rm(join(this.#directory, name), { force: true })
    }
  }
}
