/** Looks at the free space between two prunes: a disk does not wait for the night to fill up (manual 5.5, third rule). */

import { statfs } from 'node:fs/promises'

import { messageOf } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import type { RetentionRules } from '../domain/retention.ts'
import type { Target } from '../domain/target.ts'
import type { BackupTelemetry } from '../telemetry/telemetry.ts'
import { requireComplete, type Pruner } from './pruner.ts'

const EVERY_MS = 300_000

export interface PressureOptions {
  readonly targets: readonly Target[]
  readonly rules: RetentionRules
  readonly pruner: Pick<Pruner, 'prune'>
  readonly telemetry: Pick<BackupTelemetry, 'retentionShort'>
  readonly log: Log
  readonly everyMs?: number
}

/** @returns what ends the looking. */
export function watchPressure({ everyMs = EVERY_MS, ...options }: PressureOptions): () => void {
  const { minFreeBytes, enabled } = options.rules.safetyBackups
  if (minFreeBytes === null || !enabled) return () => undefined
  let looking = false
  const look = (): void => {
    if (looking) return
    looking = true
    void relieve(options, minFreeBytes).finally(() => {
      looking = false
    })
  }
  const timer = setInterval(look, everyMs).unref()
  look()
  return () => {
    clearInterval(timer)
  }
}

/** Never rejects. */
async function relieve({ targets, pruner, telemetry, log }: PressureOptions, floor: number): Promise<void> {
  try {
    const short = await Promise.all(targets.map(async ({ backups }) => (await availableIn(backups.path)) < floor))
    targets.forEach(({ name }, index) => {
      if (short[index] !== true) telemetry.retentionShort(name, 0)
    })
    if (!short.includes(true)) return
    requireComplete(await pruner.prune({ kinds: ['safety'], target: null, digest: null, actor: 'disk-pressure' }))
  } catch (error) {
    log.error(`free space is short and could not be made: ${messageOf(error)}`, { err: error })
  }
}

async function availableIn(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}
