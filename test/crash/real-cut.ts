/**
 * The real thing: the whole installation on an ext4 of its own, which is shut down without a flush (`xfs_io -x -c shutdown`)
 * the moment a process was struck, unmounted and mounted again: what was not synced is gone as after a power cut.
 */

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { mountImage, type Mount } from '../support/mounts.ts'
import { Rig } from './rig.ts'
import { judge } from './run.ts'
import type { Start } from './starts.ts'
import { describeStrike, type Strike } from './strike.ts'
import { findingsAtDeath } from './verdict.ts'

const SIZE_BYTES = 64 * 2 ** 20
const LEAVE_TRIES = 300

function at(call: Strike['call'], path: string, nth: number, thread: Strike['thread'] = 'pool'): Strike {
  return { operation: 'daemon', occurrence: 1, thread, call, path, nth, effect: 'kill' }
}

const STAGED = 'app/app.db.modosu-{request}.new'

/** From the second name of the old database to its end, and a few instants in the store and in a child before that. */
const INSTANTS: readonly Strike[] = [
  at('link', 'app/app.db', 1),
  at('fsync', 'app', 1),
  at('rename', STAGED, 1),
  at('fsync', 'app', 2),
  at('unlink', 'app/app.db.modosu-{request}.old', 1),
  at('fsync', 'app', 3),
  at('fsync', 'state/modosu.db-wal', 8, 'main'),
  at('fsync', 'state/modosu.db-wal', 12, 'main'),
  { ...at('fsync', 'app/app.db', 1, 'main'), operation: 'quiesce', together: true },
  { ...at('unlink', 'app/app.db-wal', 1, 'main'), operation: 'quiesce', together: true },
  { ...at('unlink', `${STAGED}-wal`, 1, 'main'), operation: 'check', together: true },
]

export interface RealCuts {
  /** Why it could not be done, or null. */
  readonly skipped: string | null
  readonly cuts: number
  readonly findings: readonly string[]
}

export async function cutForReal(starts: readonly Start[], say: (line: string) => void): Promise<RealCuts> {
  const workshop = mkdtempSync(join(tmpdir(), 'modosu-ext4-'))
  try {
    const disk = makeDisk(workshop)
    if (typeof disk === 'string') return { skipped: disk, cuts: 0, findings: [] }
    const findings: string[] = []
    let cuts = 0
    try {
      for (const start of starts) {
        const rig = new Rig(start, 'restore', { root: disk.path })
        for (const strike of INSTANTS) {
          const found = await cutAt(rig, strike, disk)
          cuts += 1
          say(`power cut on ext4, ${start}, ${describeStrike(strike)}: ${found.outcome}`)
          findings.push(...found.findings.map((finding) => `${start}, ${describeStrike(strike)}: ${finding}`))
        }
        await rig.remove()
      }
    } finally {
      disk.unmount()
    }
    return { skipped: null, cuts, findings }
  } finally {
    rmSync(workshop, { recursive: true, force: true })
  }
}

interface Disk extends Mount {
  readonly path: string
  /** Everything that is not synced is lost. */
  cut(): void
}

/** Not lazily: mounted while a dying child has a file open, it would be the same dead file system again. */
function leave(path: string): void {
  for (let tries = 0; tries < LEAVE_TRIES; tries += 1) {
    if (runs('umount', path)) return
    spawnSync('sleep', ['0.2'])
  }
  throw new Error('the file system that was shut down cannot be unmounted')
}

function runs(program: string, ...words: readonly string[]): boolean {
  return spawnSync(program, words, { stdio: 'ignore' }).status === 0
}

/** A loop device with an ext4, or why there is none. */
function makeDisk(workshop: string): Disk | string {
  const image = join(workshop, 'image')
  writeFileSync(image, '')
  truncateSync(image, SIZE_BYTES)
  if (!runs('mkfs.ext4', '-q', '-F', image)) return 'mkfs.ext4 is not there'
  if (!runs('xfs_io', '-V')) return 'xfs_io is not there'
  const path = join(workshop, 'disk')
  let mount = mountImage(image, path)
  if (mount === null) return 'loop devices can be mounted by root only, where there are any'
  return {
    path,
    cut: () => {
      const { status, stderr } = spawnSync('xfs_io', ['-x', '-c', 'shutdown', path], { encoding: 'utf8' })
      if (status !== 0) throw new Error(`the file system cannot be shut down: ${stderr}`)
      leave(path)
      mount?.unmount()
      mount = mountImage(image, path)
      if (mount === null) throw new Error('the file system does not come back')
    },
    unmount: () => {
      mount?.unmount()
    },
  }
}

async function cutAt(rig: Rig, strike: Strike, disk: Disk): Promise<{ outcome: string; findings: string[] }> {
  if (!rig.running) await rig.boot()
  const name = rig.lay()
  await rig.aim(strike, name)
  spawnSync('sync', ['-f', disk.path])
  rig.submit(name)
  await rig.struckAndGone(strike, name)
  if (rig.running) return { outcome: 'not reached', findings: [] }
  disk.cut()
  const findings = findingsAtDeath(rig)
  rig.disarm()
  await rig.boot()
  // Cut off before the request was sure, the spool's file may be gone as well: whoever dropped it drops it again.
  if (rig.stored(name) === undefined) rig.submit(name)
  const { outcome, findings: more } = await judge(rig, name)
  return { outcome, findings: [...findings, ...more] }
}
