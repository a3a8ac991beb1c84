/** The plan of a restore in words: what a dry run prints is what a restore then does. */

import type { RestoreWork } from '../domain/work.ts'
import { displacedPath, stagedPath } from '../database/place.ts'
import type { PhaseContext } from './context.ts'

export function describePlan({ request, target }: PhaseContext, work: RestoreWork): string[] {
  const { database = target.database, backup, current } = work
  const { backupCurrent, servicePolicy } = request.spec
  const stops = servicePolicy === 'StopStart' && target.service !== null
  const lines = [
    `restore ${backup?.id ?? 'the backup'} (${backup?.sizeBytes ?? 0} bytes) into ${database} (${current?.sizeBytes ?? 0} bytes)`,
    backupCurrent && current?.exists === true
      ? `make a safety backup in ${target.backups.path}`
      : 'make no safety backup: a failed restore would not be rolled back',
    `copy the set to ${stagedPath(database, request.name)}, verify checksum and integrity there`,
    ...target.hooks.preRestore.map((hook) => `run hook ${hook.name}`),
    stops ? `stop ${serviceName(target)}` : 'stop nothing: nobody may have the database open',
    `set the present database aside as ${displacedPath(database, request.name)} and rename the verified file into its place`,
    `check the restored database (${target.verification.afterSwap})`,
    ...(stops ? [`start ${serviceName(target)}`] : []),
    ...(target.healthCheck === null ? [] : [`wait for ${target.healthCheck.url}`]),
    ...target.smokeQueries.map((query) => `smoke query ${query.name}`),
    ...target.hooks.postRestore.map((hook) => `run hook ${hook.name}`),
  ]
  return lines.map((line, index) => `${index + 1}. ${line}`)
}

function serviceName(target: PhaseContext['target']): string {
  return target.service?.unit ?? target.service?.command?.stop.join(' ') ?? 'the application'
}
