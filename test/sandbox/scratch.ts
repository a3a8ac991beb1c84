/** A directory for one test file, removed when its tests have ended. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'

export function scratchDirectory(label: string): string {
  const directory = mkdtempSync(join(tmpdir(), `modosu-${label}-`))
  after(() => {
    rmSync(directory, { recursive: true, force: true })
  })
  return directory
}
