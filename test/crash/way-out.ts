/**
 * What a person does where a disk went on failing until the restore had to give up: the lines that `modosu describe target`
 * prints, word by word, then what the runbook of a failed rollback says. Nobody may have to guess.
 */

import { execFileSync } from 'node:child_process'

import { openStateReader } from '../../src/store/reader.ts'
import { safetyBackups } from '../support/beside.ts'
import type { Rig } from './rig.ts'

/** Events after which something of ours may lie beside the database, with its commands in `modosu describe target`. */
const TOLD = new Set(['CleanupFailed', 'OriginalKept'])

/** Whether the request's own events say that something was left. */
export function leftOversAreTold({ installation }: Rig, request: string): boolean {
  const reader = openStateReader(installation.state)
  try {
    return reader.events({ request }).some(({ reason }) => TOLD.has(reason))
  } finally {
    reader.close()
  }
}

/** Runs the commands that tidy up; not the one that only goes back. */
export function tidyAsTold({ installation }: Rig): void {
  const { stdout } = installation.cli('describe', 'target', 'app')
  const commands = Array.from(stdout.matchAll(/^ +\$ (.*)$/gm), ([, command = '']) => command)
  for (const command of commands) if (!command.startsWith('modosu ')) execFileSync('sh', ['-c', command])
}

/**
 * docs/runbooks/ModosuRollbackFailed.md, once what made it fail is gone: `modosu rollback`, and where no safety backup is
 * good, `modosu restore --latest`.
 */
export async function followRunbook(rig: Rig): Promise<string[]> {
  const { installation, files } = rig
  tidyAsTold(rig)
  if (safetyBackups(installation.backups).some((path) => path.endsWith('.db') && files.holdsOld(path))) {
    const back = await rig.withoutSmoke(() => installation.cli('rollback', '--target', 'app', '--yes'))
    if (files.start !== 'corrupt') return expected(rig, back, 'OLD', 'modosu rollback')
    if (back.status === 0) return ['a damaged safety backup was put in place']
  }
  const latest = await rig.withoutSmoke(() => installation.cli('restore', '--latest', '--target', 'app', '--yes'))
  return expected(rig, latest, 'NEW', 'modosu restore --latest')
}

function expected(
  { installation, files }: Rig,
  { status, stdout, stderr }: ReturnType<Rig['installation']['cli']>,
  content: 'OLD' | 'NEW',
  command: string,
): string[] {
  if (status !== 0) return [`${command} ended with ${status ?? 'a signal'}: ${stdout.slice(-600)}${stderr.slice(-600)}`]
  const found = files.classify(installation.database)
  return found === content ? [] : [`after ${command} the path holds ${found}`]
}
