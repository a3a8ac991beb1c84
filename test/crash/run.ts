/** One run of a rig: recorded, or struck and then judged. */

import { dirname } from 'node:path'

import { DiskRecorder, type DiskLog } from './disk-log.ts'
import { pointsOf, type Point } from './points.ts'
import type { Rig } from './rig.ts'
import { CHANGING, readTrace } from './strace.ts'
import type { Strike } from './strike.ts'
import { findingsAtDeath, findingsAtEnd } from './verdict.ts'

export interface RunResult {
  readonly strike: Strike
  /** The struck call as strace shows it; null: it was not made in this run. */
  readonly struck: string | null
  /** Terminal phase, or what happened instead. */
  readonly outcome: string
  readonly reason: string
  /** What was there right after a death: OLD or NEW; null where nothing died with the daemon. */
  readonly atDeath: string | null
  readonly findings: readonly string[]
  readonly tookMs: number
}

/** Records one whole restore with everything that its processes do to files. The rig's daemon runs during it only. */
export async function record(rig: Rig): Promise<Point[]> {
  const request = rig.lay()
  await rig.boot(straceWords(rig))
  const from = Date.now() / 1000
  rig.submit(request)
  await rig.settled(request)
  return recorded(rig, request, from)
}

/** Records how the next start brings to its end what was killed at a failpoint, from that start's first line. */
export async function recordRecovery(rig: Rig, failpoint: string): Promise<Point[]> {
  const request = await dieAt(rig, failpoint)
  await rig.boot(straceWords(rig))
  await rig.settled(request)
  return recorded(rig, request, 0)
}

/** Records one whole restore with every byte that it writes. */
export async function recordDisk(rig: Rig): Promise<{ readonly log: DiskLog; readonly outcome: string }> {
  const request = rig.lay()
  const { database } = rig.installation
  const recorder = new DiskRecorder([dirname(database)])
  const calls = 'openat,write,pwrite64,fsync,fdatasync,rename,link,unlink,ftruncate,copy_file_range,sendfile'
  await rig.boot([
    'strace',
    '-q',
    '-f',
    '--seccomp-bpf',
    '-ttt',
    '-y',
    '-s',
    '70000',
    '-e',
    `trace=${calls}`,
    '-o',
    rig.traceFile,
  ])
  rig.submit(request)
  const end = await rig.settled(request)
  await rig.killDaemon()
  for (const call of readTrace(rig.traceFile)) recorder.apply(call)
  return { log: recorder.log(), outcome: end === 'gone' ? 'gone' : end.phase }
}

function straceWords({ traceFile }: Rig): string[] {
  const calls = [...CHANGING, 'access', 'faccessat2', 'stat', 'statx', 'newfstatat'].join(',')
  return ['strace', '-q', '-f', '--seccomp-bpf', '-ttt', '-y', '-s', '80', '-e', `trace=${calls}`, '-o', traceFile]
}

async function recorded(rig: Rig, request: string, from: number): Promise<Point[]> {
  await rig.killDaemon()
  const { processes, operations } = rig.processes()
  const { folder } = rig.installation
  return pointsOf({ calls: readTrace(rig.traceFile), processes, operations, folder, request, from })
}

/** Strikes one restore and sees to it that it comes to its end. */
export async function strikeOnce(rig: Rig, strike: Strike): Promise<RunResult> {
  const began = Date.now()
  if (!rig.running) await rig.boot()
  const name = rig.lay()
  await rig.aim(strike, name)
  rig.submit(name)
  return judged(rig, strike, name, began)
}

/** Kills a restore at a failpoint and strikes the start after it. */
export async function strikeRecovery(rig: Rig, failpoint: string, strike: Strike): Promise<RunResult> {
  const began = Date.now()
  const name = await dieAt(rig, failpoint)
  await rig.aim(strike, name, true)
  await rig.bootStruck()
  // A fault that the daemon was started with lasts as long as it does.
  return judged(rig, strike, name, began, strike.effect !== 'kill')
}

async function dieAt(rig: Rig, failpoint: string): Promise<string> {
  await rig.killDaemon()
  rig.failAt(failpoint)
  const name = rig.lay()
  await rig.boot()
  rig.submit(name)
  const end = await rig.settled(name)
  rig.failAt(null)
  if (end !== 'gone') throw new Error(`the daemon did not die at ${failpoint}`)
  await rig.childrenGone()
  rig.forgetOperations()
  return name
}

async function judged(rig: Rig, strike: Strike, name: string, began: number, anew = false): Promise<RunResult> {
  await rig.struckAndGone(strike, name)
  const struck = rig.struck()
  if (anew) await rig.killDaemon()
  const findings: string[] = []
  let atDeath: string | null = null
  if (!rig.running) {
    await rig.childrenGone()
    if (!anew) atDeath = rig.files.classify(rig.installation.database)
    findings.push(...findingsAtDeath(rig))
    rig.disarm()
    await rig.boot()
  }
  const { outcome, reason, findings: more } = await judge(rig, name, strike)
  return { strike, struck, outcome, reason, atDeath, findings: [...findings, ...more], tookMs: Date.now() - began }
}

/** Waits for the terminal phase and looks at everything. */
export async function judge(
  rig: Rig,
  name: string,
  strike?: Strike,
): Promise<Pick<RunResult, 'outcome' | 'reason' | 'findings'>> {
  const end = await rig.settled(name)
  if (end === 'gone') return { outcome: 'none', reason: '', findings: ['the daemon is gone'] }
  return { outcome: end.phase, reason: end.status.reason ?? '', findings: await findingsAtEnd(rig, end, strike) }
}
