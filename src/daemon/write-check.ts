/** Whether the state directory takes what a restore must write down: a full disk, a quota or a mount gone read-only does not. */

import { constants } from 'node:fs'
import { open, unlink } from 'node:fs/promises'
import { join } from 'node:path'

import { codeOf, messageOf, RestoreError } from '../domain/errors.ts'
import type { HealthCheck } from '../telemetry/health.ts'

/** As much as a commit of the state store with its write-ahead log may take. */
const PROBE_BYTES = 256 * 1024
/** Probes come from everywhere and each one syncs: what is younger is told again. */
const FRESH_MS = 2000
const FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW

/** Writes a file, syncs it and removes it. One at a time; what a killed probe leaves the next one takes over. */
export function writeCheck(
  name: string,
  directory: string,
  nowMs: () => number = () => performance.now(),
): HealthCheck {
  let last: { readonly atMs: number; readonly verdict: Promise<void> } | undefined
  return {
    name,
    check: () => {
      if (last === undefined || nowMs() - last.atMs > FRESH_MS) last = { atMs: nowMs(), verdict: write(directory) }
      return last.verdict
    },
  }
}

async function write(directory: string): Promise<void> {
  const path = join(directory, '.readyz.probe')
  try {
    const file = await open(path, FLAGS, 0o600)
    try {
      await file.writeFile(Buffer.alloc(PROBE_BYTES, 0x4d))
      await file.sync()
    } finally {
      await file.close()
    }
  } catch (error) {
    const full = codeOf(error) === 'ENOSPC' || codeOf(error) === 'EDQUOT'
    throw new RestoreError(`${directory} cannot be written to: ${messageOf(error)}`, {
      reason: full ? 'InsufficientSpace' : 'StateStoreUnusable',
      hint: `df -h ${directory}; modosu disk`,
      cause: error,
    })
  } finally {
    await unlink(path).catch(() => undefined)
  }
}
