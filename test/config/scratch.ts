/** A directory for one test file, removed when its tests have ended. */

import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'

export function scratchDirectory(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'modosu-config-')))
  after(() => {
    rmSync(directory, { recursive: true, force: true })
  })
  return directory
}
