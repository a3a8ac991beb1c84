/** Precautions of the swap, each with the lines that take it out: what the proofs must notice. */

import type { Patch } from '../support/broken-build.ts'

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
