/** An installation whose database and backups lie on a mount that comes and goes. */

import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { beside } from './beside.ts'
import { countRows, makeBackup } from './files.ts'
import { Installation } from './installation.ts'
import { bindMount, type Mount } from './mounts.ts'

const [OLD_ROWS, NEW_ROWS] = [90, 40]

export class LateMount {
  readonly installation = new Installation({ live: { rows: OLD_ROWS } })
  readonly #at: string
  readonly #disk: string
  #mount: Mount | null = null

  constructor() {
    const { database, backups, folder } = this.installation
    makeBackup(backups, 'daily', '20260215_020015', { rows: NEW_ROWS })
    this.#at = dirname(database)
    this.#disk = join(folder, 'disk')
    renameSync(this.#at, this.#disk)
    mkdirSync(this.#at)
  }

  /** False where mounting is not allowed. */
  mount(): boolean {
    this.#mount = bindMount(this.#disk, this.#at)
    return this.#mount !== null
  }

  unmount(): void {
    this.#mount?.unmount()
    this.#mount = null
  }

  async remove(): Promise<void> {
    await this.installation.stop('SIGKILL')
    this.unmount()
    await this.installation.remove()
  }

  /**
   * Dies at the point, comes back without the mount, and must do nothing but wait; with the mount it comes to its end.
   *
   * @param spoil what the target's configuration has besides, so that the restore fails.
   */
  async dieAndMountLate(point: string, spoil: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const { installation } = this
    installation.configure({ target: spoil })
    const daemon = await installation.start([], { MODOSU_FAILPOINT: `${point}=SIGKILL` })
    const ended = new Promise((resolve) => daemon.once('exit', resolve))
    installation.drop('inc-1', { source: { latest: {} } })
    await ended
    this.unmount()
    await installation.start()
    await installation.when('inc-1', ({ status }) => status.reason === 'TargetUnavailable')
    assert.deepEqual(readdirSync(this.#at), [], 'something was made in the empty mount point')
    assert.ok(this.mount())
    const { phase, status } = await installation.ended('inc-1')
    const rows = countRows(installation.database)
    const wanted = Object.keys(spoil).length === 0 ? ['Succeeded', NEW_ROWS] : ['RolledBack', OLD_ROWS]
    assert.deepEqual([phase, rows], wanted, JSON.stringify(status))
    assert.deepEqual(beside(installation.database), [])
  }
}
