/** Whether there is room, and a right to write, where the daemon and a restore write: bytes, inodes, read-only mounts. */

import { access, constants, realpath, stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'

import { codeOf, messageOf } from '../../../domain/errors.ts'
import { shellWord } from '../../../domain/shell-word.ts'
import { humanSize } from '../../../domain/size.ts'
import type { Target } from '../../../domain/target.ts'
import type { DaemonCheck, TargetCheck } from '../check.ts'
import { DAEMON_UNIT, type Examination } from '../examination.ts'
import type { Found, Verdict } from '../finding.ts'

/** As much as a commit of the state store with its write-ahead log may take, and a page of a small database. */
const NOTHING_BYTES = 256 * 1024
const SCARCE_INODES = 100

interface Room {
  readonly path: string
  /** What a restore needs here; 0: the daemon's own few files. */
  readonly neededBytes: number
  readonly whose: string
}

export const daemonDisks: DaemonCheck = {
  name: 'disk',
  cause: 'disk',
  run: (examination) => {
    const { stateDir } = examination.configuration
    return judge(examination, null, [
      { path: stateDir, neededBytes: 0, whose: 'the state store' },
      { path: examination.cli.environment.temporaryDirectory, neededBytes: 0, whose: 'temporary files' },
    ])
  },
}

export const targetDisks: TargetCheck = {
  name: 'disk',
  cause: 'disk',
  run: async (examination, target) => judge(examination, target, await roomsOf(target)),
}

/** As a restore's preflight asks for it: twice the database where safety backups share its disk, else once on each (manual 2.4). */
async function roomsOf({ database, backups }: Target): Promise<readonly Room[]> {
  const path = await realpath(database).catch(() => database)
  const folder = dirname(path)
  const sizes = await Promise.all(
    ['', '-wal'].map(async (side) => (await stat(`${path}${side}`).catch(() => null))?.size ?? 0),
  )
  const sizeBytes = sizes.reduce((sum, size) => sum + size, 0)
  const [here, there] = await Promise.all([folder, backups.path].map((each) => stat(each).catch(() => null)))
  const shared = here !== null && here?.dev === there?.dev
  return [
    { path: folder, neededBytes: (shared ? 2 : 1) * sizeBytes, whose: 'the database' },
    { path: backups.path, neededBytes: shared ? 0 : sizeBytes, whose: 'the backups' },
  ]
}

async function judge(examination: Examination, target: Target | null, rooms: readonly Room[]): Promise<Verdict> {
  const findings: Found[] = []
  const looked: string[] = []
  const told = new Set<number>()
  for (const room of rooms) {
    try {
      const { dev } = await stat(room.path)
      const { bavail, bsize, ffree, files } = await statfs(room.path)
      looked.push(`${room.path} ${humanSize(bavail * bsize)}`)
      const found =
        (await readOnly(examination, room)) ??
        (await shutOut(examination, target, room)) ??
        full(examination, target, room, bavail * bsize, files > 0 ? ffree : Infinity)
      // One disk, one finding.
      if (found !== null && !told.has(dev)) findings.push(found)
      if (found !== null) told.add(dev)
    } catch (error) {
      if (codeOf(error) === 'ENOENT') continue
      findings.push({
        severity: 'unseen',
        message: `the disk of ${room.whose} cannot be looked at, ${room.path}: ${messageOf(error)}`,
        command: `sudo ${examination.modosu('doctor')}`,
        docs: null,
      })
    }
  }
  return { findings, looked: looked.join(', ') }
}

async function readOnly(examination: Examination, { path, whose }: Room): Promise<Found | null> {
  const error: unknown = await access(path, constants.W_OK).then(
    () => null,
    (reason: unknown) => reason,
  )
  if (codeOf(error) !== 'EROFS') return null
  return {
    severity: 'broken',
    message: `the disk of ${whose} is mounted read-only: ${path}`,
    command: examination.asRoot(`mount -o remount,rw "$(findmnt -n -o TARGET -T ${shellWord(path)})"`),
    docs: null,
  }
}

/** A daemon under systemd sees the file system read-only, but for the directories of its unit (systemd.exec(5)). */
async function shutOut(examination: Examination, target: Target | null, { path, whose }: Room): Promise<Found | null> {
  const pid = await examination.daemonPid()
  if (target === null || pid === 0 || !examination.isRoot) return null
  const error: unknown = await access(`/proc/${pid}/root${path}`, constants.W_OK).then(
    () => null,
    (reason: unknown) => reason,
  )
  if (codeOf(error) !== 'EROFS') return null
  const dropIn = `/etc/systemd/system/${DAEMON_UNIT}.d/${target.name}.conf`
  return {
    severity: 'broken',
    message: `the unit of the daemon does not let it write to ${whose} of ${target.name}: ${path}`,
    command: [
      `mkdir -p /etc/systemd/system/${DAEMON_UNIT}.d`,
      `printf '[Service]\\nReadWritePaths=%s\\n' ${shellWord(path)} >> ${dropIn}`,
      'systemctl daemon-reload',
      `systemctl restart ${DAEMON_UNIT}`,
    ].join(' && '),
    docs: 'docs/install.md',
  }
}

function full(
  examination: Examination,
  target: Target | null,
  room: Room,
  freeBytes: number,
  inodes: number,
): Found | null {
  const { path, whose, neededBytes } = room
  const inspect = examination.asRoot(`du -xah ${shellWord(path)} | sort -h | tail -n 20`)
  const mend = target === null ? inspect : examination.modosu(`prune --target ${target.name}`)
  const docs = 'docs/runbooks/ModosuDiskHeadroomLow.md'
  if (inodes < SCARCE_INODES) {
    return {
      severity: inodes === 0 ? 'broken' : 'warning',
      message: `the disk of ${whose} has ${inodes} inodes left, ${path}: no file can be made there`,
      command: examination.asRoot(`du -x --inodes ${shellWord(path)} | sort -n | tail -n 20`),
      docs,
    }
  }
  if (freeBytes < NOTHING_BYTES) {
    return { severity: 'broken', message: `the disk of ${whose} is full: ${path}`, command: mend, docs }
  }
  if (freeBytes >= neededBytes) return null
  return {
    severity: 'warning',
    message: `a restore would be refused: ${humanSize(freeBytes)} free in ${path}, ${humanSize(neededBytes)} needed`,
    command: mend,
    docs,
  }
}
