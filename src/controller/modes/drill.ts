/** `mode: Drill`: the copy is made in the scratch folder, checked as a restore would be, and removed (manual 2.5-1). */

import { dirname, join } from 'node:path'

import { toRfc3339 } from '../../domain/clock.ts'
import { discardStaged, identityOf } from '../../database/place.ts'
import { advanceTo } from '../context.ts'
import { expectedDowntime } from '../plan.ts'
import { examineCurrent } from '../preflight/current.ts'
import { requirePlace } from '../preflight/place.ts'
import { required } from '../required.ts'
import { scratchFolder } from '../scratch.ts'
import { runSmokeQueries } from '../smoke.ts'
import type { ModeRules } from './contract.ts'
import { ownedByUsAlone } from './ownership.ts'

export const DRILL: ModeRules = {
  operation: 'drill',
  replacesDatabase: false,
  folders: () => [],
  survey: async (context) => {
    const database = await requirePlace(context)
    const current = await examineCurrent(context, database)
    return { database, current, folder: await identityOf(dirname(database)) }
  },
  staging: ({ deps, request }) =>
    Promise.resolve({
      staged: join(scratchFolder(deps.stateDir), `${request.name}.new`),
      attributesOf: null,
      ownership: ownedByUsAlone(),
    }),
  conclude: async (context, _report, findings) => {
    const { path } = required(context.work, 'staged')
    const checks = await runSmokeQueries(context, path)
    await discardStaged(path)
    const at = toRfc3339(context.deps.clock.nowMs())
    const [expected] = expectedDowntime(context.deps.reader.lastDowntime(context.target.name))
    const told = expected === undefined ? '' : `; of a restore ${expected}`
    return advanceTo(
      'Succeeded',
      'DrillSucceeded',
      `the backup was restored to scratch and passed every check at ${at}${told}`,
      { ...findings, checks: [...(findings.checks ?? []), ...checks] },
    )
  },
}
