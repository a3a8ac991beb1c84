/** What systemd knows of a unit, and what the journal holds of it. */

import { fullUnitName } from '../../service/systemctl.ts'
import { ask } from './ask.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** Of systemctl(1): whether there is a service manager to ask. */
export type Manager = 'present' | 'absent' | 'late'

/** `systemctl is-system-running` says one of these where systemd is the system's manager; `offline` is none of them. */
const PRESENT = new Set(['initializing', 'starting', 'running', 'degraded', 'maintenance', 'stopping'])

export async function lookForManager(variables: Variables): Promise<Manager> {
  const { stdout, late } = await ask(['systemctl', 'is-system-running'], variables)
  if (late) return 'late'
  return PRESENT.has(stdout.trim()) ? 'present' : 'absent'
}

const PROPERTIES = [
  ...['LoadState', 'ActiveState', 'SubState', 'Result', 'UnitFileState', 'FragmentPath', 'ExecMainStatus'],
  ...['MainPID', 'NRestarts', 'User', 'Group', 'SupplementaryGroups', 'DynamicUser', 'AmbientCapabilities'],
] as const

export interface UnitState {
  /** With its type: `app.service`. */
  readonly name: string
  readonly properties: Readonly<Record<(typeof PROPERTIES)[number], string>>
}

/** null: systemd does not answer. */
export async function lookAtUnit(unit: string, variables: Variables): Promise<UnitState | null> {
  const name = fullUnitName(unit)
  const { status, stdout } = await ask(['systemctl', 'show', '-p', PROPERTIES.join(','), '--', name], variables)
  if (status !== 0) return null
  const given = new Map(
    stdout.split('\n').flatMap((line) => {
      const at = line.indexOf('=')
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const]
    }),
  )
  const properties = Object.fromEntries(PROPERTIES.map((key) => [key, given.get(key) ?? '']))
  return { name, properties: properties as UnitState['properties'] }
}

/** As systemctl prints it: `LoadState=masked ActiveState=inactive …`. */
export function unitEvidence({ properties }: UnitState): string {
  const told = ['LoadState', 'ActiveState', 'SubState', 'Result', 'ExecMainStatus', 'NRestarts'] as const
  return told.map((key) => `${key}=${properties[key]}`).join(' ')
}

const LINES = 50

/**
 * The last lines that a unit has written: those of the last five minutes (manual Q3, step 2), or a few older ones where it has
 * been silent since.
 *
 * @returns null where the journal cannot be read, or not by this user.
 */
export async function lastLines(unit: string, variables: Variables): Promise<readonly string[] | null> {
  // Newest first: with --since alone, -n counts from the oldest one.
  const words = [
    'journalctl',
    '-u',
    fullUnitName(unit),
    '-r',
    '-n',
    String(LINES),
    '-o',
    'short-iso',
    '--no-pager',
    '-q',
  ]
  const recent = await ask([...words, '--since', '5 minutes ago'], variables)
  if (recent.status !== 0) return null
  const lines = linesOf(recent.stdout)
  if (lines.length > 0) return lines
  const older = await ask(words, variables)
  return older.status === 0 ? linesOf(older.stdout).slice(-10) : null
}

function linesOf(text: string): readonly string[] {
  const newestFirst = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('-- '))
  return newestFirst.reverse()
}
