/** What must be so after a strike, whatever it was. Each finding is a sentence; none is what is wanted. */

import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

import { verifyChain } from '../../src/store/audit-chain.ts'
import { openStateReader } from '../../src/store/reader.ts'
import type { StoredRequest } from '../../src/store/rows.ts'
import { beside, safetyBackups } from '../support/beside.ts'
import type { Rig } from './rig.ts'
import type { Content } from './starts.ts'
import type { Strike } from './strike.ts'
import { followRunbook, leftOversAreTold, tidyAsTold } from './way-out.ts'

/** Right after the process died, before anything is started again. */
export function findingsAtDeath(rig: Rig): string[] {
  const content = rig.files.classify(rig.installation.database)
  return content === 'NEITHER' ? ['right after the strike the path holds neither OLD nor NEW'] : []
}

const CONTENT_OF: Readonly<Record<string, Content>> = {
  Succeeded: 'NEW',
  Failed: 'OLD',
  RolledBack: 'OLD',
  Cancelled: 'OLD',
  Rejected: 'OLD',
}

/** After the terminal phase. Where a disk went on failing, things may be left undone, if the product says how to end them. */
export async function findingsAtEnd(rig: Rig, request: StoredRequest, strike?: Strike): Promise<string[]> {
  const { installation, files } = rig
  const content = files.classify(installation.database)
  const findings = [...records(rig, request), ...(content === 'NEITHER' ? ['the path holds neither OLD nor NEW'] : [])]
  const failing = strike?.lasting === true && strike.path.startsWith('app')
  if (failing && request.phase === 'RollbackFailed') findings.push(...(await followRunbook(rig)))
  else if (CONTENT_OF[request.phase] !== content) findings.push(`${request.phase} is said, ${content} is there`)
  if (failing && leftOversAreTold(rig, request.name)) tidyAsTold(rig)
  if (request.phase === 'Succeeded' && files.start !== 'none' && !keepsOld(rig)) {
    findings.push('no safety backup holds OLD')
  }
  const lockStays = strike !== undefined && strike.effect !== 'kill' && strike.path.endsWith('.modosu-lock')
  return [...findings, ...leftOvers(rig, request, lockStays)]
}

function keepsOld({ installation, files }: Rig): boolean {
  return safetyBackups(installation.backups).some((path) => path.endsWith('.db') && files.holdsOld(path))
}

/** @param lockStays the lock's own file could not be removed: it is empty, and the next restore takes it over. */
function leftOvers({ installation, files }: Rig, { status }: StoredRequest, lockStays: boolean): string[] {
  const { database, backups, state } = installation
  const allowed = /^app\.db(-wal|-shm|-journal)?(\.broken\.\d{8}_\d{6}.*)?$/
  // The file of a lock that could not be taken: only its holder may remove it, and the next restore takes it over.
  const unheld = lockStays || status.reason === 'LockUnavailable' ? 'app.db.modosu-lock' : null
  // What the outcome names, with the command that removes it, is left to a person.
  const isNamed = (name: string): boolean =>
    status.message?.includes(name) === true && status.hint?.includes(name) === true
  const strange = beside(database).filter((name) => !allowed.test(name) && name !== unheld && !isNamed(name))
  // An empty -wal is nothing to SQLite, and its own to leave where the file system would not let it go.
  const sides = ['-wal', '-journal'].filter((side) => (sizeOf(`${database}${side}`) ?? 0) > 0)
  const partial = readdirSync(backups).filter((name) => name.endsWith('.partial') || /-(wal|shm|journal)$/.test(name))
  const scratch = existsSync(join(state, 'scratch')) ? readdirSync(join(state, 'scratch')) : []
  const restored = files.classify(database) === 'NEW' ? sides : []
  return [
    ...strange,
    ...restored,
    ...(status.safetyBackup?.raw === true ? partial.filter((name) => name.endsWith('.partial')) : partial),
    ...scratch,
  ].map((name) => `${name} was left behind`)
}

function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size
}

function records({ installation }: Rig, request: StoredRequest): string[] {
  const reader = openStateReader(installation.state)
  try {
    const findings: string[] = []
    const { broken } = verifyChain(reader.audit())
    if (broken !== null) findings.push(`the audit chain is broken at ${broken.id}: ${broken.problem}`)
    const audits = reader.audit().filter(({ details }) => details['uid'] === request.uid)
    if (audits.length !== 1) findings.push(`${audits.length} audit records of one outcome`)
    const outcomes = reader.outcomesAfter(0).filter(({ uid }) => uid === request.uid)
    if (outcomes.length !== 1) findings.push(`${outcomes.length} outcomes of one request`)
    if (outcomes[0]?.result !== request.phase) findings.push(`the outcome is ${outcomes[0]?.result ?? 'missing'}`)
    const stages = reader.transitions(request.uid).filter(({ to }) => to === request.phase)
    if (stages.length !== 1) findings.push(`${stages.length} transitions to ${request.phase}`)
    return findings
  } finally {
    reader.close()
  }
}
