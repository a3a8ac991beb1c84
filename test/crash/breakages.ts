/** Precautions of the swap, each with the lines that take it out: what the proofs must notice. */

import type { Patch } from '../support/broken-build.ts'

const SIDES_STAY: readonly Patch[] = [
  {
    file: 'database/quiesce.js',
    from: 'const { before, whole } = await withExclusive(database, TIMEOUT_MS, (_, underLock) => underLock);',
    to: "const before = { text: '', racy: true }; const whole = { ...(await identityOf(database)), racy: true };",
  },
  { file: 'database/quiesce.js', from: 'if (side !== undefined || ', to: 'if (side === null || ' },
  { file: 'controller/phases/swapping.js', from: 'await requireNoSides(database, displaced);', to: '' },
  { file: 'controller/phases/swapping.js', from: 'await removeSides(database, displaced);', to: '' },
]

export const BREAKAGES = {
  'no sync of the staged file': [{ file: 'database/digest.js', from: 'file.sync()', to: 'Promise.resolve()' }],
  'a rename only, with the side files left where they are': SIDES_STAY,
  'the side files removed after the rename': [
    ...SIDES_STAY,
    {
      file: 'controller/exchange.js',
      from: 'await renameInto(arriving, database);',
      to:
        "await renameInto(arriving, database); const { sideFiles, removeIfPresent } = await import('../database/place.js'); " +
        'for (const each of sideFiles(database)) await removeIfPresent(each);',
    },
  ],
} as const satisfies Readonly<Record<string, readonly Patch[]>>

export type Breakage = keyof typeof BREAKAGES
