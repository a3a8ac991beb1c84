/** Promises of the controller, each with the lines that break it: what the stories must notice. */

import type { Patch } from '../support/broken-build.ts'

export const BREAKAGES = {
  'a checksum that differs is not minded': [
    { file: 'controller/phases/verifying-checksum.js', from: 'result.mismatches.length > 0', to: 'false' },
  ],
  'no safety backup is made': [
    { file: 'controller/phases/preflight.js', from: "if (mode === 'Drill' || !current.exists)", to: 'if (true)' },
  ],
  'the inodes are not noted before the rename': [
    {
      file: 'controller/phases/swapping.js',
      from: 'context.note({ swap: { old: await identityOf(database), displaced } });',
      to: 'context = { ...context, work: { ...context.work, swap: { old: await identityOf(database), displaced } } };',
    },
  ],
  'a rollback leaves the restored database': [
    { file: 'controller/phases/rolling-back.js', from: 'await bringBack(context, database, whole);', to: '' },
    { file: 'controller/phases/rolling-back.js', from: 'await proveOriginal(context, database);', to: '' },
  ],
  'a restore that swapped begins again after a death': [
    { file: 'controller/recovery.js', from: 'if (mustRunToEnd(request.phase))', to: 'if (false)' },
  ],
  'a smoke query that fails is not minded': [
    { file: 'controller/smoke.js', from: 'if (result.passed)', to: 'if (true)' },
  ],
  'an edited request that has succeeded runs again': [
    {
      file: 'controller/intake.js',
      from: "known.phase === 'Pending' || ",
      to: "known.phase === 'Pending' || known.phase === 'Succeeded' || ",
    },
  ],
  'an end without an audit record': [
    {
      file: 'controller/record.js',
      from: 'audit: [...(change.audit ?? []), auditOf(request, change, to)]',
      to: 'audit: []',
    },
  ],
  'an end that is counted twice': [
    {
      file: 'telemetry/outcome-feed.js',
      from: 'this.#outcomes.count(outcome);',
      to: 'this.#outcomes.count(outcome); this.#outcomes.count(outcome);',
    },
  ],
  'a status file that is not written anew': [
    { file: 'controller/status-mirror.js', from: 'replaceFileSync(path', to: 'replaceFileSync(`${path}.old`' },
  ],
  'what was staged is left beside a database that was not changed': [
    {
      file: 'controller/stand-down.js',
      from: 'await discardStaged(work.staged.path, work.staged.made);\n    await clearUnprovenAttempt',
      to: 'undefined;\n    await clearUnprovenAttempt',
    },
  ],
} as const satisfies Readonly<Record<string, readonly Patch[]>>

/** Precautions without which a row of somebody who writes beside a restore is lost. */
export const ROW_BREAKAGES: Readonly<Record<string, readonly Patch[]>> = {
  'what was committed after the safety backup does not count': [
    {
      file: 'controller/original.js',
      from: 'flaw !== null || late || work.changedSinceSafety === true',
      to: 'flaw !== null',
    },
  ],
  'nobody is kept out of the file that leaves, and nobody looks again': [
    {
      file: 'controller/exchange.js',
      from: 'return (await unlessItDiesTwice(() => deps.database.hold(path, { deadlineMs: QUICK_MS }))).pid;',
      to: 'return 1;',
    },
    { file: 'controller/exchange.js', from: 'quiet: unbroken &&', to: 'quiet: true ||' },
    { file: 'controller/exchange.js', from: 'if (holders.length > 0)', to: 'if (false)' },
    { file: 'controller/phases/swapping.js', from: 'changed ||= late;', to: '' },
    // The moment itself is short: a longer one makes it sure that somebody comes in it.
    {
      file: 'controller/phases/swapping.js',
      from: 'await removeSides(database, displaced);',
      to: 'await removeSides(database, displaced); await new Promise((go) => setTimeout(go, 300));',
    },
    { file: 'controller/original.js', from: 'late || work.changed', to: 'work.changed' },
  ],
}
