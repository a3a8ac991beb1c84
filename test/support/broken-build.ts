/** The program with one of its precautions taken out, in a copy of the build: what the tests must notice. */

import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** Of the compiled program. */
export interface Patch {
  /** Below `build/src`. */
  readonly file: string
  /** Occurs once in the file. */
  readonly from: string
  readonly to: string
}

export interface BrokenBuild {
  /** Below it, `build` as it is made by `npm run build:test`. */
  readonly folder: string
  readonly main: string
  remove(): void
}

/**
 * @param tests folders below `build/test` that are to run with the broken program.
 * @throws Error where the build no longer has the line that is to be broken.
 */
export function breakBuild(patches: readonly Patch[], tests: readonly string[] = []): BrokenBuild {
  const folder = mkdtempSync(join(tmpdir(), 'modosu-broken-'))
  for (const part of ['src', ...tests.map((each) => join('test', each))]) {
    cpSync(join(ROOT, 'build', part), join(folder, 'build', part), { recursive: true })
  }
  cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'))
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  for (const { file, from, to } of patches) {
    const path = join(folder, 'build', 'src', file)
    const text = readFileSync(path, 'utf8')
    if (text.split(from).length !== 2) throw new Error(`${file} has not exactly one "${from}": mend the self-test`)
    writeFileSync(
      path,
      text.replace(from, () => to),
    )
  }
  return {
    folder,
    main: join(folder, 'build', 'src', 'main.js'),
    remove: () => {
      rmSync(folder, { recursive: true })
    },
  }
}
