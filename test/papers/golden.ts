/** Compares what the program prints with a file of the repository. `GOLDEN=write npm test papers` writes them anew. */

import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const FOLDER = join('test', 'papers', 'golden')

export function equalsGolden(name: string, text: string): void {
  const path = join(FOLDER, name)
  if (process.env['GOLDEN'] === 'write') {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  assert.equal(text, readFileSync(path, 'utf8'), `${path} is what it should be; GOLDEN=write writes it anew`)
}
