/** Writes the manual's pages into a folder: `node build/packaging/man/man-main.js FOLDER VERSION DATE REQUEST`. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { manualPages } from './pages.ts'

const [folder = '', version = '', date = '', request = ''] = process.argv.slice(2)
mkdirSync(folder, { recursive: true })
for (const [name, text] of await manualPages(version, date, readFileSync(request, 'utf8'))) {
  writeFileSync(join(folder, name), text)
}
