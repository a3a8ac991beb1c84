/** `modosu describe target NAME`: a database of the configuration, what runs on it and what it could be restored from. */

import { futureProblem } from '../../catalog/future.ts'
import { passedOverNotices } from '../../catalog/passed-over.ts'
import { abandonedFiles } from '../../controller/leftovers.ts'
import { toRfc3339 } from '../../domain/clock.ts'
import { RestoreError } from '../../domain/errors.ts'
import type { Target } from '../../domain/target.ts'
import { humanSize } from '../../domain/size.ts'
import type { StateReader } from '../../store/reader.ts'
import type { CliContext } from '../context.ts'
import { age, humanDuration } from '../human.ts'
import { backupListing, isRestorable, verifications } from '../resources/backups.ts'
import { ownFiles } from '../resources/safety-backups.ts'
import { databaseSize } from '../../api/resources/objects.ts'
import { serviceText, targetState } from '../resources/targets.ts'
import { Sheet } from './sheet.ts'

/** @throws RestoreError `TargetNotFound`, `BackupDirectoryUnreadable`. */
export async function describeTarget(context: CliContext, name: string): Promise<readonly string[]> {
  const target = context.target(name)
  const sheet = new Sheet(context.say)
  configured(sheet, context, target)
  await backups(sheet, context, target)
  present(sheet, context, target)
  leftFiles(sheet, context, target)
  return sheet.lines
}

function configured(sheet: Sheet, { say }: CliContext, target: Target): void {
  const sizeBytes = databaseSize(target.database)
  const { healthCheck, hooks, verification } = target
  sheet
    .field('Name', target.name)
    .field('Database', target.database)
    .field('Size', sizeBytes === undefined ? say('missing') : humanSize(sizeBytes))
    .field('Service', serviceText(target))
    .field('Health check', healthCheck?.url)
    .section('Backups', [
      ['Directory', target.backups.path],
      ['Stem', target.backups.stem],
      ['Catalog table', target.backups.catalogTable],
      ['Audit table', target.backups.auditTable],
    ])
    .optional('Extracts', target.extracts?.path)
    .section('Verification', [
      ['After the swap', verification.afterSwap],
      ['Checksum', say(verification.requireChecksum ? 'required' : 'when recorded')],
      ['Foreign keys', verification.foreignKeys],
    ])
    .section('Hooks', [
      ['Before', hooks.preRestore.map((hook) => hook.name).join(', ')],
      ['After', hooks.postRestore.map((hook) => hook.name).join(', ')],
      ['On failure', hooks.onFailure.map((hook) => hook.name).join(', ')],
    ])
    .optional('Smoke queries', target.smokeQueries.map((query) => query.name).join(', '))
    .field('RTO', humanDuration(target.rtoMs))
}

/** R14: how old the newest data is that one could go back to. */
async function backups(sheet: Sheet, context: CliContext, target: Target): Promise<void> {
  const now = context.clock.nowMs()
  const listing = await backupListing(context, target)
  const { sets } = listing
  const known = await verifications(context, target, sets)
  const restorable = sets.filter((set) => isRestorable(set, known.get(set.id)))
  const newest = restorable.find((set) => futureProblem(set, now) === null)
  const [safety, ...olderSafety] = await ownFiles(context, target)
  sheet.section('Restorable', [
    ['Backups', `${restorable.length} of ${sets.length}`],
    [
      'Newest',
      newest === undefined ? null : `${newest.id} ${context.say(`(${age(toRfc3339(newest.createdAtMs), now)} old)`)}`,
    ],
    ['Safety backups', safety === undefined ? 0 : olderSafety.length + 1],
    ['Newest of them', safety?.file.name],
  ])
  sheet.list(
    'Passed over',
    passedOverNotices(target, listing).flatMap(({ message, hint }) => [message, `hint: ${hint}`]),
  )
}

function present(sheet: Sheet, context: CliContext, target: Target): void {
  const { running, last, recent } = targetState(context, target)
  const { restores, windowMs } = target.rateLimit
  sheet
    .field('Running', running === undefined ? null : `${running.name} (${running.phase})`)
    .field('Last restore', last === undefined ? null : `${last.request}: ${last.result} at ${last.at}`)
    .field('Rate limit', context.say(`${recent} of ${restores} used within ${humanDuration(windowMs)}`))
}

/** What an unfinished restore left beside the database, which file holds what, and what to type. */
function leftFiles(sheet: Sheet, context: CliContext, target: Target): void {
  for (const { message, commands } of abandonedFiles([target], storeOf(context))) {
    sheet.list('Left files', [message, ...commands.map((command) => `$ ${command}`)])
  }
}

function storeOf(context: CliContext): Pick<StateReader, 'request'> {
  try {
    return context.reader()
  } catch (error) {
    if (error instanceof RestoreError && error.reason === 'NoStateStore') return { request: () => undefined }
    throw error
  }
}
