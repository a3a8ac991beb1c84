/** What only the whole of a configuration can tell: folders that must not lie in one another, names given twice. */

import { dirname, join } from 'node:path'
import { validate as isCron } from 'node-cron'
import { BACKUP_TYPES } from '../domain/resource.ts'
import type { Target } from '../domain/target.ts'
import type { Finding, PathStep } from '../manifest/problem.ts'
import { canonical, isInside, placeOf } from './canonical-path.ts'
import type { Configuration } from './configuration.ts'

/** sockaddr_un holds 108 bytes, the last one zero (unix(7)). */
const LONGEST_SOCKET_PATH = 107

type Findings = Generator<Finding, void>

function fault(path: readonly PathStep[], message: string, hint: string | null): Finding {
  return { path, atKey: false, message, hint }
}

/** Values that occur twice, with the index of the second. */
function* repeated(values: readonly string[]): Generator<{ readonly index: number; readonly first: number }> {
  const seen = new Map<string, number>()
  for (const [index, value] of values.entries()) {
    const first = seen.get(value)
    if (first === undefined) seen.set(value, index)
    else yield { index, first }
  }
}

function* checkTargets(targets: readonly Target[]): Findings {
  const nameOf = (index: number): string => targets[index]?.name ?? ''
  for (const { index } of repeated(targets.map(({ name }) => name))) {
    yield fault(['targets', index, 'name'], `the name ${nameOf(index)} is given twice`, 'each target has its own')
  }
  for (const { index, first } of repeated(targets.map(({ database }) => placeOf(database)))) {
    const message = `the database belongs to the target ${nameOf(first)} already`
    yield fault(['targets', index, 'database'], message, 'one target for each database')
  }
  yield* checkSharedBackups(targets)
  for (const [index, target] of targets.entries()) yield* checkTarget(target, ['targets', index])
}

/** Sets are told apart by their stem: two targets with one stem would take each other's backups for their own. */
function* checkSharedBackups(targets: readonly Target[]): Findings {
  const folders = targets.map(
    ({ backups: { path } }) => new Set([path, ...BACKUP_TYPES.map((type) => join(path, type))].map(placeOf)),
  )
  for (const [index, { backups }] of targets.entries()) {
    const first = targets.findIndex(
      (other, place) =>
        place < index &&
        other.backups.stem === backups.stem &&
        [...(folders[place] ?? [])].some((folder) => folders[index]?.has(folder)),
    )
    const other = targets[first]
    if (other === undefined) continue
    const message = `the backups are in the directory of ${other.name}, under the same stem ${JSON.stringify(backups.stem)}: nobody could tell them apart`
    yield fault(
      ['targets', index, 'backups'],
      message,
      'give each target its own backups.path, or its own backups.stem',
    )
  }
}

function* checkTarget(target: Target, at: readonly PathStep[]): Findings {
  if (isInside(canonical(target.database), canonical(target.backups.path))) {
    const hint = 'what is pruned or verified as a backup must not be the database'
    yield fault([...at, 'database'], 'the database lies in its own backup directory', hint)
  }
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(target.backups.stem)) {
    yield fault([...at, 'backups'], `${JSON.stringify(target.backups.stem)} cannot be a stem`, 'give backups.stem')
  }
  for (const [index, { sql, min, max }] of target.smokeQueries.entries()) {
    const place = [...at, 'smokeQueries', index]
    if (!/^\s*(SELECT|WITH|VALUES|PRAGMA)\b/i.test(sql)) {
      yield fault([...place, 'sql'], 'a smoke query only reads', 'begin it with SELECT, WITH, VALUES or PRAGMA')
    }
    if (min !== undefined && max !== undefined && min > max) {
      yield fault([...place, 'min'], 'min is greater than max', null)
    }
  }
}

/**
 * The folders must be strangers (R157): a state store in a backup directory could be pruned or restored over, and
 * requests must not lie where backups or the daemon's own files do.
 */
function* checkFolders({ stateDir, spool, targets }: Configuration): Findings {
  const state = canonical(stateDir)
  const spoolDir = canonical(spool.path)
  if (isInside(spoolDir, state) || isInside(state, spoolDir)) {
    yield fault(['spool', 'path'], 'the spool and the state directory lie in one another', 'give each its own place')
  }
  for (const [index, { name, database, backups }] of targets.entries()) {
    const backupDir = canonical(backups.path)
    if (isInside(state, backupDir)) {
      yield fault(['stateDir'], `the state directory lies in the backups of ${name}`, 'for example: /var/lib/modosu')
    }
    if (isInside(canonical(database), state)) {
      yield fault(['targets', index, 'database'], 'the database lies in the state directory', 'move stateDir elsewhere')
    }
    if (isInside(backupDir, state)) {
      yield fault(
        ['targets', index, 'backups', 'path'],
        'the backups lie in the state directory',
        'move stateDir elsewhere',
      )
    }
    if (isInside(spoolDir, backupDir) || isInside(backupDir, spoolDir)) {
      yield fault(
        ['spool', 'path'],
        `the spool and the backups of ${name} lie in one another`,
        'give each its own place',
      )
    }
  }
}

/** An extracted file must not be taken for a backup, nor stand where a database, the state or requests do. */
function* checkExtracts({ stateDir, spool, targets }: Configuration): Findings {
  const taken = [
    { what: 'the state directory', folder: canonical(stateDir) },
    { what: 'the spool', folder: canonical(spool.path) },
    ...targets.map(({ name, backups }) => ({ what: `the backups of ${name}`, folder: canonical(backups.path) })),
  ]
  for (const [index, { extracts }] of targets.entries()) {
    if (extracts === undefined) continue
    const own = canonical(extracts.path)
    const beside = targets.find(({ database }) => dirname(canonical(database)) === own)
    const clash = taken.find(({ folder }) => isInside(own, folder) || isInside(folder, own))
    if (beside === undefined && clash === undefined) continue
    const message =
      clash === undefined
        ? `the extracts lie beside the database of ${beside?.name ?? ''}`
        : `the extracts and ${clash.what} lie in one another`
    yield fault(['targets', index, 'extracts', 'path'], message, 'give them a directory of their own')
  }
}

function* checkSchedules({ schedules }: Configuration): Findings {
  for (const key of ['prune', 'verifyBackups', 'drill'] as const) {
    const text = schedules[key]
    if (text === null || isCron(text)) continue
    yield fault(['schedules', key], `${JSON.stringify(text)} is no cron schedule`, 'for example: 30 3 * * *')
  }
  try {
    new Intl.DateTimeFormat('en', { timeZone: schedules.timezone })
  } catch {
    const message = `${JSON.stringify(schedules.timezone)} is no time zone`
    yield fault(['schedules', 'timezone'], message, 'for example: Asia/Tokyo')
  }
}

function* checkRest({ retention, spool, api, metrics }: Configuration): Findings {
  const { minAgeMs, maxAgeMs } = retention.safetyBackups
  if (minAgeMs > maxAgeMs) {
    yield fault(['retention', 'safetyBackups', 'minAge'], 'minAge is longer than maxAge', 'minAge is the lower bound')
  }
  if (spool.deleteGraceMs < spool.settleMs) {
    const hint = 'a renamed file is read only after settle, and must not count as deleted until then'
    yield fault(['spool', 'deleteGrace'], 'deleteGrace is shorter than settle', hint)
  }
  if (Buffer.byteLength(api.socket) > LONGEST_SOCKET_PATH) {
    const message = `the socket's path is longer than ${LONGEST_SOCKET_PATH} bytes`
    yield fault(['api', 'socket'], message, 'for example: /run/modosu/api.sock')
  }
  const { listen } = metrics
  if (listen !== null && listen.port !== 0 && listen.port === api.listen?.port && listen.host === api.listen.host) {
    yield fault(['api', 'listen'], 'api and metrics listen at the same address', 'give each its own port')
  }
}

/** Checks a resolved configuration as a whole; looks at the file system only to resolve links. */
export function checkConfiguration(configuration: Configuration): Finding[] {
  return [
    ...checkTargets(configuration.targets),
    ...checkFolders(configuration),
    ...checkExtracts(configuration),
    ...checkSchedules(configuration),
    ...checkRest(configuration),
  ]
}
