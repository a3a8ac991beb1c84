/** The file system's events about the spool directory: hints that something is worth a look, never facts. */

import { basename } from 'node:path'
import { watch, type FSWatcher } from 'chokidar'
import { messageOf } from '../domain/errors.ts'

export interface WatcherListener {
  /** Something happened to the entry of this name. */
  readonly onEntry: (name: string) => void
  /** Events come from now on; what happened before was not seen. */
  readonly onReady: () => void
  /** The directory itself came or went: this watcher may be watching a dead one. */
  readonly onLost: () => void
  readonly onError: (message: string) => void
}

export class SpoolWatcher {
  readonly #watcher: FSWatcher
  #complained = false

  /**
   * Watches the directory itself and nothing below it.
   *
   * @param directory with every link resolved: chokidar is not to follow any.
   */
  constructor(directory: string, listener: WatcherListener) {
    this.#watcher = watch(directory, {
      depth: 0,
      ignoreInitial: true,
      followSymlinks: false,
      ignorePermissionErrors: true,
      atomic: false,
    })
    this.#watcher.on('all', (_event, path) => {
      if (path === directory) listener.onLost()
      else listener.onEntry(basename(path))
    })
    this.#watcher.on('ready', listener.onReady)
    this.#watcher.on('error', (error) => {
      // Out of inotify watches, it would say so once for every file.
      if (!this.#complained) listener.onError(messageOf(error))
      this.#complained = true
    })
  }

  async close(): Promise<void> {
    await this.#watcher.close()
  }
}
