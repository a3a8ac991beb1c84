/** What the spool itself would say of a file: its name, owner, mode, kind and size, looked at by the spool's own eyes. */

import { realpathSync, statSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'

import type { Configuration } from '../daemon/configuration.ts'
import type { ManifestProblem } from '../manifest/problem.ts'
import { fileProblem } from '../manifest/problem.ts'
import { isCandidate, keyOf } from '../spool/entry-name.ts'
import { lookAt } from '../spool/look.ts'

export interface SpoolRuling {
  /** Whether the file lies in the spool; else it may be on its way there. */
  readonly inSpool: boolean
  /** null: the spool takes it. */
  readonly problem: ManifestProblem | null
}

/** @param file as a person named it. Never throws. */
export async function spoolRuling(file: string, { spool, stateDir }: Configuration): Promise<SpoolRuling> {
  const path = resolve(file)
  const folder = realFolder(dirname(path))
  const inSpool = folder === realFolder(spool.path)
  const key = keyOf(Buffer.from(basename(path)))
  if (!isCandidate(key)) {
    const hint = 'its name must end in .yaml, .yml or .json, and be no dotfile and no editor’s leftover'
    return { inSpool, problem: fileProblem('the spool ignores a file of this name', hint) }
  }
  const look = await lookAt(key, { directory: folder, uid: daemonUser(stateDir), known: null, isQuiet: () => true })
  return { inSpool, problem: look.kind === 'refused' ? look.problem : null }
}

function realFolder(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

/** Who owns the state directory runs the daemon; before its first start, whoever asks. */
function daemonUser(stateDir: string): number {
  try {
    return statSync(stateDir).uid
  } catch {
    return process.getuid?.() ?? 0
  }
}
