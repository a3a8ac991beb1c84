/**
 * Who may write where the daemon reads its orders or keeps its databases commands the daemon. The rules, as a function of
 * facts alone: the same judgement serves the start and a reload, and is tested without a second user on the machine.
 */

import { shellWord } from '../domain/shell-word.ts'

/** One component on the way to a path, links not followed. */
export interface Component {
  readonly path: string
  readonly kind: 'directory' | 'link' | 'other'
  readonly uid: number
  readonly gid: number
  /** Permission bits, 0o7777. */
  readonly mode: number
}

/** A path of the configuration and every component that leads to it, from the root. */
export interface Place {
  /** What the path is to the daemon, for a person. */
  readonly role: string
  /** The path itself, or null where it does not exist yet. */
  readonly itself: Component | null
  readonly parents: readonly Component[]
  /** Who besides root and the daemon may own it: the user and group of the application whose database it is. */
  readonly application: { readonly uid: number; readonly gid: number } | null
  /** A key: nobody else may read it either. */
  readonly secret: boolean
}

/** The daemon's own identity. */
export interface Self {
  readonly uid: number
  readonly gid: number
}

export interface PermissionFinding {
  readonly path: string
  readonly role: string
  readonly problems: readonly string[]
  /** `UID:GID`. */
  readonly owner: string
  /** Octal, as chmod takes it. */
  readonly mode: string
  /** The command that mends it. */
  readonly mend: string
}

const GROUP_WRITE = 0o020
const OTHERS_WRITE = 0o002
const OTHERS_READ = 0o004
const STICKY = 0o1000

/** Every place where somebody else could have a say, each component once. */
export function judgePlaces(places: readonly Place[], self: Self): PermissionFinding[] {
  const found = new Map<string, PermissionFinding>()
  const note = (component: Component, place: Place): void => {
    const finding = judge(component, place, self)
    if (finding !== null && !found.has(finding.path)) found.set(finding.path, finding)
  }
  // First as what it is, which says more than that it is above something else.
  for (const place of places) if (place.itself !== null) note(place.itself, place)
  for (const place of places) for (const parent of place.parents) note(parent, place)
  return [...found.values()]
}

function judge(component: Component, place: Place, self: Self): PermissionFinding | null {
  const { path, uid, gid, mode } = component
  const problems: string[] = []
  const changes: string[] = []
  const modes = writers(component, place, self)
  problems.push(...modes.map(({ problem }) => problem))
  if (modes.length > 0) changes.push(`chmod ${modes.map(({ change }) => change).join(',')} ${shellWord(path)}`)
  if (![0, self.uid, place.application?.uid].includes(uid)) {
    problems.push(`it belongs to user ${uid}, who is neither root nor ${friends(place, self)}`)
    const link = component.kind === 'link' ? '-h ' : ''
    changes.push(`chown ${link}${place.application?.uid ?? self.uid} ${shellWord(path)}`)
  }
  if (problems.length === 0) return null
  const role = component === place.itself ? place.role : `above ${place.role}`
  const sudo = self.uid === 0 ? '' : 'sudo '
  return {
    path,
    role,
    problems,
    owner: `${uid}:${gid}`,
    mode: mode.toString(8).padStart(4, '0'),
    mend: changes.map((change) => `${sudo}${change}`).join(' && '),
  }
}

function writers(component: Component, place: Place, self: Self): { problem: string; change: string }[] {
  const { kind, gid, mode } = component
  // A link has no mode of its own.
  if (kind === 'link') return []
  const found = []
  // In a sticky directory nobody removes or renames what belongs to another (inode(7)), and what lies in it is judged too.
  const harmless = component !== place.itself && kind === 'directory' && (mode & STICKY) !== 0
  if (!harmless && (mode & OTHERS_WRITE) !== 0) found.push({ problem: 'everybody may write to it', change: 'o-w' })
  if (!harmless && (mode & GROUP_WRITE) !== 0 && ![0, self.gid, place.application?.gid].includes(gid)) {
    found.push({ problem: `the members of group ${gid} may write to it`, change: 'g-w' })
  }
  if (place.secret && component === place.itself && (mode & OTHERS_READ) !== 0) {
    found.push({ problem: 'it is a key, and everybody may read it', change: 'o-r' })
  }
  return found
}

function friends({ application }: Place, self: Self): string {
  const daemon = self.uid === 0 ? [] : [`the daemon's user ${self.uid}`]
  const owner = application === null || application.uid === 0 ? [] : [`the database's user ${application.uid}`]
  return [...daemon, ...owner].join(' nor ') || 'anybody whom root trusts with it'
}
