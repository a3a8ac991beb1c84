/** The status of every request as a file, for those who look with `cat` and for a Git checkout that cannot ask a daemon. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import { messageOf } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { toResource } from '../domain/resource-view.ts'
import { removeTemporaries, replaceFileSync } from '../files/replace-file.ts'
import { safeYaml } from '../manifest/safe-yaml.ts'
import type { StoredRequest } from '../store/rows.ts'

export class StatusMirror {
  readonly #folder: string
  readonly #log: Log

  /** @param stateDir the files lie in `STATE/status/NAME.yaml`. */
  constructor(stateDir: string, log: Log) {
    this.#folder = join(stateDir, 'status')
    this.#log = log
    mkdirSync(this.#folder, { recursive: true, mode: 0o755 })
    removeTemporaries(this.#folder)
  }

  /** Atomic for a reader. The store is the truth: a mirror that cannot be written is said and harms nothing. */
  write(request: StoredRequest): void {
    const path = join(this.#folder, `${request.name}.yaml`)
    try {
      replaceFileSync(path, safeYaml(toResource(request)), { mode: 0o644, durable: false })
    } catch (error) {
      this.#log.error(`the status file ${path} cannot be written: ${messageOf(error)}`, { request: request.name })
    }
  }
}
