/** `mode: Restore`, and `mode: DryRun`, which ends before anything is copied: the copy is made beside the database. */

import { dirname } from 'node:path'

import { RestoreError } from '../../domain/errors.ts'
import { discardStaged, identityOf, stagedPath } from '../../database/place.ts'
import { advance, type PhaseContext } from '../context.ts'
import { reportDataLoss } from '../data-loss.ts'
import { describeHolders, findHolders, servicesHolders } from '../holders.ts'
import { requireSameApplication, requireStartable } from '../preflight/application.ts'
import { examineCurrent } from '../preflight/current.ts'
import { requirePlace } from '../preflight/place.ts'
import { requireSpace } from '../preflight/space.ts'
import { presentCopyPath } from '../rehearsal.ts'
import { required } from '../required.ts'
import type { ModeRules } from './contract.ts'

export const RESTORE: ModeRules = {
  operation: 'restore',
  replacesDatabase: true,
  folders: ({ database }) => [dirname(database)],
  survey: async (context, backup) => {
    const database = await requirePlace(context)
    const current = await examineCurrent(context, database)
    await requireSpace(context, database, backup, current)
    await requireSameApplication(context, database, backup, current)
    await requireStartable(context)
    await requireNobodyElse(context, database)
    return { database, current, folder: await identityOf(dirname(database)) }
  },
  staging: ({ work, request }) => {
    const database = required(work, 'database')
    const { exists, uid, gid, mode } = required(work, 'current')
    return Promise.resolve({
      staged: stagedPath(database, request.name),
      attributesOf: exists ? database : null,
      ownership: exists ? null : { uid, gid, mode },
    })
  },
  conclude: async (context, _report, findings) => {
    const { dataLoss, ...rows } = await reportDataLoss(context, required(context.work, 'staged').path)
    return advance('BackupVerified', 'the staged copy passed every check', {
      ...findings,
      status: { dataLoss },
      work: { ...findings.work, ...rows },
    })
  },
}

export const DRY_RUN: ModeRules = {
  ...RESTORE,
  operation: 'dry-run',
  discard: async ({ staged }) => {
    if (staged !== undefined) await discardStaged(presentCopyPath(staged.path))
  },
}

/**
 * Whoever has the database open must be the application that we will stop. Where nothing is to be stopped, anyone is
 * one too many, and is named before anything is written.
 */
async function requireNobodyElse(context: PhaseContext, database: string): Promise<void> {
  if (servicesHolders(context)) return
  const { holders } = await findHolders(context, database)
  if (holders.length === 0) return
  throw new RestoreError(`the database is in use by ${describeHolders(holders)}`, {
    reason: 'DatabaseInUse',
    hint: 'stop that process, or configure service.unit or service.command for the target so that it is stopped for the restore',
  })
}
