/** Whether somebody else, the application's user or the daemon's, may use a file: the kernel is asked, as that user. */

import { constants, readFileSync } from 'node:fs'
import { access } from 'node:fs/promises'

import { codeOf } from '../../domain/errors.ts'
import { ask } from './ask.ts'
import type { UnitState } from './units.ts'

type Variables = Readonly<Record<string, string | undefined>>

export interface Identity {
  /** For a person: a name, or a number. */
  readonly user: string
  readonly uid: number
  readonly gid: number
  readonly groups: readonly number[]
  /** Modes and owners do not hold it back (CAP_DAC_OVERRIDE, capabilities(7)). */
  readonly overrides: boolean
}

const CAP_DAC_OVERRIDE = 1n

export function ourselves(): Identity {
  const uid = process.geteuid?.() ?? 0
  const groups = process.getgroups?.() ?? []
  return { user: String(uid), uid, gid: process.getegid?.() ?? 0, groups, overrides: uid === 0 }
}

/** As whom a process runs; null where it is gone. */
export function identityOfProcess(pid: number): Identity | null {
  if (pid <= 0) return null
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'latin1')
    const numbers = (key: string): number[] =>
      (new RegExp(`^${key}:[ \\t]*(.*)$`, 'm').exec(text)?.[1] ?? '').split(/\s+/).filter(Boolean).map(Number)
    const capabilities = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(text)?.[1] ?? '0'}`)
    const [, uid = 0] = numbers('Uid')
    const [, gid = 0] = numbers('Gid')
    const overrides = ((capabilities >> CAP_DAC_OVERRIDE) & 1n) === 1n
    return { user: String(uid), uid, gid, groups: numbers('Groups'), overrides }
  } catch {
    return null
  }
}

/** As whom a unit would run; null where its user is made up at its start, or is not known here. */
export async function identityOfUnit({ properties }: UnitState, variables: Variables): Promise<Identity | null> {
  if (properties.DynamicUser === 'yes') return null
  const user = properties.User === '' ? 'root' : properties.User
  const known = await identityOfUser(user, variables)
  if (known === null) return null
  const more = properties.SupplementaryGroups.split(' ').filter((name) => name !== '')
  const groups = await Promise.all([properties.Group, ...more].map((name) => groupNumber(name, variables)))
  const [gid, ...supplementary] = groups
  return {
    ...known,
    gid: gid ?? known.gid,
    groups: [...known.groups, ...supplementary.filter((each) => each !== null)],
    overrides: known.overrides || /\bcap_dac_override\b/.test(properties.AmbientCapabilities),
  }
}

/** @param user a name or a number. */
export async function identityOfUser(user: string, variables: Variables): Promise<Identity | null> {
  const answers = await Promise.all(['-u', '-g', '-G'].map((flag) => ask(['id', flag, '--', user], variables)))
  const [uid, gid, groups] = answers.map(({ status, stdout }) => (status === 0 ? stdout.trim() : null))
  if (uid == null || gid == null || groups == null) {
    // A number without an account, as a container's files have.
    if (!/^\d+$/.test(user)) return null
    return { user, uid: Number(user), gid: Number(user), groups: [], overrides: user === '0' }
  }
  return { user, uid: Number(uid), gid: Number(gid), groups: groups.split(' ').map(Number), overrides: uid === '0' }
}

async function groupNumber(name: string, variables: Variables): Promise<number | null> {
  if (name === '') return null
  if (/^\d+$/.test(name)) return Number(name)
  const { status, stdout } = await ask(['getent', 'group', name], variables)
  return status === 0 ? Number(stdout.split(':')[2]) : null
}

/** What is wanted of a file: `r`, `w`, `x` (of a directory: to go through it), in any combination. */
export type Wish = 'r' | 'w' | 'rw' | 'rx' | 'wx' | 'rwx'

/**
 * Whether somebody may use a path so. Access control lists, read-only mounts and every directory on the way count, because the
 * kernel answers.
 *
 * @returns null where only root could find out, or `setpriv` (util-linux) is missing.
 */
export async function mayUse(who: Identity, path: string, wish: Wish, variables: Variables): Promise<boolean | null> {
  const us = ourselves()
  if (us.uid === who.uid || (who.overrides && us.overrides)) return mayWe(path, wish)
  if (us.uid !== 0) return null
  const groups = who.groups.length === 0 ? ['--clear-groups'] : [`--groups=${who.groups.join(',')}`]
  const test = Array.from(wish, (letter) => `test -${letter} "$1"`).join(' && ')
  // What is said and not the exit status: setpriv itself fails with 1 too.
  const script = `if ${test}; then echo yes; else echo no; fi`
  const words = ['setpriv', `--reuid=${who.uid}`, `--regid=${who.gid}`, ...groups, '--', 'sh', '-c', script, 'sh', path]
  const { stdout } = await ask(words, variables)
  return stdout === 'yes\n' ? true : stdout === 'no\n' ? false : null
}

async function mayWe(path: string, wish: Wish): Promise<boolean | null> {
  const bits = { r: constants.R_OK, w: constants.W_OK, x: constants.X_OK }
  const mode = Array.from(wish).reduce((sum, letter) => sum | bits[letter as keyof typeof bits], 0)
  try {
    await access(path, mode)
    return true
  } catch (error) {
    return ['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error) ?? '') ? false : null
  }
}
