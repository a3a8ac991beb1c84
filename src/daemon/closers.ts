/** What was opened is owned: closed in reverse order, on a failed start too. */

import type { Log } from '../domain/log.ts'

export class Closers {
  readonly #closers: { readonly name: string; readonly close: () => void | Promise<void> }[] = []

  add(name: string, close: () => void | Promise<void>): void {
    this.#closers.push({ name, close })
  }

  /** Every closer runs, whatever the others do. */
  async closeAll(log: Log): Promise<void> {
    for (const { name, close } of this.#closers.splice(0).reverse()) {
      try {
        await close()
      } catch (error) {
        log.error(`closing ${name} failed`, { err: error })
      }
    }
  }
}
