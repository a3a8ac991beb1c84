/** Who has the database open besides the application, and who keeps it locked. */

import { setTimeout as sleep } from 'node:timers/promises'

import type { Holder } from '../../../database/contract.ts'
import { sideFiles } from '../../../database/place.ts'
import { hasNarrowSight } from '../../../daemon/sight.ts'
import type { Target } from '../../../domain/target.ts'
import { belongsTo } from '../../../service/control-group.ts'
import type { TargetCheck } from '../check.ts'
import { DAEMON_UNIT, type Examination } from '../examination.ts'
import type { Found } from '../finding.ts'
import { parentOf, serviceOf, writeLockers } from '../sockets.ts'

const LOOK_MS = 10_000
/** A transaction of an application is over long before. */
const LOOKS = 5
const PAUSE_MS = 200
/** The program of the children that open databases for us, and for the daemon. */
const CHILD = 'database/child.js'

export const holders: TargetCheck = {
  name: 'holders',
  cause: 'holders',
  run: async (examination, target) => {
    const { database } = target
    const paths = [database, ...sideFiles(database)]
    const { holders: found, complete } = await examination.cli.database().holders(paths, { deadlineMs: LOOK_MS })
    const open = await withoutOurs(processesOf(found), [process.pid, await examination.daemonPid()])
    const narrow = hasNarrowSight()
    const partly = (!complete && examination.isRoot) || narrow
    const findings: Found[] =
      complete && !narrow ? [] : [partly ? narrowSight(database) : unseen(examination, database)]
    const unit = await examination.unitOf(target)
    const lockers = open.length === 0 ? new Set<number>() : await steadyLockers(paths)
    for (const holder of open) {
      if (unit !== null && belongsTo(holder.pid, unit.name) && unit.properties.ActiveState === 'active') continue
      const judged = await judge(examination, target, holder, {
        locks: lockers.has(holder.pid),
        known: unit !== null,
      })
      if (judged !== null) findings.push(judged)
    }
    return {
      findings,
      partly,
      looked: `${database}: ${open.map(({ pid, command }) => `pid ${pid} (${command})`).join(', ') || '0'}`,
    }
  },
}

/** Each process once, whichever of the files it has open. */
function processesOf(found: readonly Holder[]): readonly Holder[] {
  return [...new Map(found.map((holder) => [holder.pid, holder])).values()]
}

/** The daemon's children look into databases for a moment, and so do ours. */
async function withoutOurs(processes: readonly Holder[], ours: readonly number[]): Promise<readonly Holder[]> {
  const kept: Holder[] = []
  for (const each of processes) {
    const isChild = each.command.includes(CHILD) && ours.includes(await parentOf(each.pid))
    const isOurs = isChild || ours.includes(each.pid)
    if (!isOurs && (await serviceOf(each.pid)) !== DAEMON_UNIT) kept.push(each)
  }
  return kept
}

/** Those who hold a write lock at every look. */
async function steadyLockers(paths: readonly string[]): Promise<ReadonlySet<number>> {
  let steady: ReadonlySet<number> | undefined
  for (let look = 0; look < LOOKS; look += 1) {
    if (look > 0) await sleep(PAUSE_MS)
    const now = (await writeLockers(paths)) ?? new Set<number>()
    steady = steady === undefined ? now : new Set([...steady].filter((pid) => now.has(pid)))
    if (steady.size === 0) break
  }
  return steady ?? new Set()
}

async function judge(
  examination: Examination,
  { database }: Target,
  { pid, command }: Holder,
  { locks, known }: { readonly locks: boolean; readonly known: boolean },
): Promise<Found | null> {
  const service = await serviceOf(pid)
  const stop = examination.asRoot(service === null ? `kill ${pid}` : `systemctl stop ${service}`)
  const shared = { evidence: [command], command: stop, docs: 'DatabaseInUse' }
  if (locks) {
    return {
      ...shared,
      severity: 'broken',
      message: `pid ${pid} keeps ${database} locked: nobody else can write to it`,
    }
  }
  // Where nobody knows which processes are the application's, it may be the application.
  if (!known) return null
  return {
    ...shared,
    severity: 'warning',
    message: `pid ${pid}, which is not the application, has ${database} open: a restore would be refused`,
  }
}

/** In a container, or beside processes that are protected from root too. */
function narrowSight(database: string): Found {
  return {
    severity: 'note',
    message: `not every process of the machine can be seen from here: somebody else may have ${database} open`,
    command: 'readlink /proc/self/ns/pid; findmnt /proc',
    docs: 'docs/install.md',
  }
}

function unseen(examination: Examination, database: string): Found {
  return {
    severity: 'unseen',
    message: `who has ${database} open cannot be seen by this user`,
    command: `sudo ${examination.modosu('doctor')}`,
    docs: null,
  }
}
