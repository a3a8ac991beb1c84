/** The plan of a restore in words: what a dry run prints is what a restore then does. */

import { shellWord } from '../domain/shell-word.ts'
import { humanSize } from '../domain/size.ts'
import type { RestoreWork } from '../domain/work.ts'
import { displacedPath, stagedPath } from '../database/place.ts'
import type { PhaseContext } from './context.ts'

export function describePlan({ request, target, deps }: PhaseContext, work: RestoreWork): string[] {
  const { database = target.database, backup, current } = work
  const { backupCurrent, servicePolicy } = request.spec
  const stops = servicePolicy === 'StopStart' && target.service !== null
  const exists = current?.exists === true
  const aside = displacedPath(database, request.name)
  const lines = [
    `restore ${backup?.id ?? 'the backup'} (${humanSize(backup?.sizeBytes ?? 0)}) into ${database} (${exists ? humanSize(current.sizeBytes) : 'not there yet'})`,
    safetyLine(backupCurrent, exists, target.backups.path),
    stageLine(stagedPath(database, request.name), work),
    ...target.hooks.preRestore.map((hook) => `run hook ${hook.name}`),
    stops ? `stop ${serviceName(target, 'stop')}` : 'stop nothing: nobody may have the database open',
    exists
      ? `set the present database aside as ${aside} and rename the verified file into its place`
      : 'rename the verified file into its place',
    `check the restored database (${target.verification.afterSwap})`,
    ...(stops ? [`start ${serviceName(target, 'start')}`] : []),
    ...(target.healthCheck === null ? [] : [`wait for ${target.healthCheck.url}`]),
    ...target.smokeQueries.map((query) => `smoke query ${query.name}`),
    ...target.hooks.postRestore.map((hook) => `run hook ${hook.name}`),
    ...expectedDowntime(deps.reader.lastDowntime(target.name)),
  ]
  return lines.map((line, index) => `${index + 1}. ${line}`)
}

/** A recorded `-wal` that is gone leaves the dump to prove the database by. */
function stageLine(staged: string, { backup }: RestoreWork): string {
  if (backup?.absorbed == null) return `copy the set to ${staged}, verify checksum and integrity there`
  const { dump, wal } = backup.absorbed
  return `copy the set to ${staged}, compare it with ${dump} (${wal}, which is recorded, is gone), verify integrity there`
}

function safetyLine(wanted: boolean, exists: boolean, folder: string): string {
  if (!exists) return 'make no safety backup: there is no database yet'
  return wanted
    ? `make a safety backup in ${folder}`
    : 'make no safety backup: a failed restore would not be rolled back'
}

function serviceName({ service }: PhaseContext['target'], verb: 'stop' | 'start'): string {
  if (service?.unit !== undefined) return service.unit
  const command = service?.command?.[verb]
  return command === undefined ? 'the application' : `the application: ${command.map(shellWord).join(' ')}`
}

/** What the last restore took is the best that is known: the boot and the migrations of the application are most of it. */
export function expectedDowntime(last: ReturnType<PhaseContext['deps']['reader']['lastDowntime']>): string[] {
  if (last === undefined) return []
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
  const own = seconds(last.downtimeMs)
  return [
    last.applicationDowntimeMs === null
      ? `expect a downtime of about ${own} until the application is started, as in the last restore`
      : `expect a downtime of about ${seconds(last.applicationDowntimeMs)} until the application is healthy, as in the last restore (${own} until it was started)`,
  ]
}
