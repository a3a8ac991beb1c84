/** The controller asks the spool before a request starts, and is made before it: until the spool is open, nothing starts. */

import type { ConfirmFile, FileVerdict } from '../controller/intake-contract.ts'

const NOT_OPEN: FileVerdict = { ready: false, reason: 'SpoolUnreadable', message: 'the spool is not read yet' }

export class SpoolDoor {
  #confirm: ConfirmFile | null = null

  open(confirm: ConfirmFile): void {
    this.#confirm = confirm
  }

  async confirm(name: string): Promise<FileVerdict> {
    return this.#confirm === null ? NOT_OPEN : this.#confirm(name)
  }
}
