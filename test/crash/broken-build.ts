/** The program with one of its precautions taken out, in a copy of the build: what the proofs must notice. */

import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

interface Patch {
  readonly file: string
  readonly from: string
  readonly to: string
}

const SIDES_STAY: readonly Patch[] = [
  { file: 'database/quiesce.js', from: 'await withExclusive(database, TIMEOUT_MS, () => undefined);', to: '' },
  { file: 'database/quiesce.js', from: 'if (side !== undefined || ', to: 'if (side === null || ' },
  {
    file: 'controller/phases/swapping.js',
    from: 'const [unexpected] = await sideFilesWithContent(database);',
    to: 'const unexpected = undefined;',
  },
  { file: 'controller/phases/swapping.js', from: 'await removeSides(context, displaced);', to: '' },
]

export const BREAKAGES = {
  'no sync of the staged file': [{ file: 'database/digest.js', from: 'file.sync()', to: 'Promise.resolve()' }],
  'a rename only, with the side files left where they are': SIDES_STAY,
  'the side files removed after the rename': [
    ...SIDES_STAY,
    {
      file: 'controller/phases/swapping.js',
      from: 'await renameInto(staged.path, database);',
      to: '{ await renameInto(staged.path, database); for (const each of sideFiles(database)) await removeIfPresent(each) }',
    },
  ],
} as const satisfies Readonly<Record<string, readonly Patch[]>>

export type Breakage = keyof typeof BREAKAGES

export interface BrokenBuild {
  readonly main: string
  remove(): void
}

/** @throws Error where the build no longer has the line that is to be broken. */
export function breakBuild(patches: readonly Patch[]): BrokenBuild {
  const folder = mkdtempSync(join(tmpdir(), 'modosu-broken-'))
  cpSync(join(ROOT, 'build', 'src'), join(folder, 'build', 'src'), { recursive: true })
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
    main: join(folder, 'build', 'src', 'main.js'),
    remove: () => {
      rmSync(folder, { recursive: true })
    },
  }
}
