/** `modosu get targets`: the databases of the configuration and what is going on with each. */

import { statSync } from 'node:fs'

import { CLOCK_SKEW_MS } from '../../domain/clock.ts'
import { RestoreError } from '../../domain/errors.ts'
import { API_VERSION } from '../../domain/resource.ts'
import type { Target } from '../../domain/target.ts'
import { humanSize } from '../../domain/size.ts'
import type { OutcomeRecord, StoredRequest } from '../../store/rows.ts'
import type { CliContext } from '../context.ts'
import { age, humanDuration } from '../human.ts'
import type { Entry, Filter, Listing } from '../listing.ts'

export const TARGETS: Listing = {
  title: 'targets',
  names: ['targets', 'target', 'tg'],
  kind: 'Target',
  named: 'one',
  columns: ['NAME', 'DATABASE', 'SIZE', 'RUNNING', 'LAST RESULT', 'AGE'],
  wideColumns: ['SERVICE', 'BACKUPS', 'RATE LIMIT'],
  lookEveryMs: null,
  load: (context, filter) => Promise.resolve(load(context, filter)),
}

/** What the state store knows of a target; empty where there is none yet. */
export interface TargetState {
  readonly running: StoredRequest | undefined
  readonly last: OutcomeRecord | undefined
  /** Restores that interrupted the application within the rate limit's window. */
  readonly recent: number
}

export function targetState(context: CliContext, target: Target): TargetState {
  try {
    const reader = context.reader()
    const nowMs = context.clock.nowMs()
    return {
      running: reader.running(target.name),
      last: reader.outcomesAfter(0).findLast((outcome) => outcome.target === target.name && outcome.mode === 'Restore'),
      recent: reader.interruptions(target.name, nowMs - target.rateLimit.windowMs, nowMs + CLOCK_SKEW_MS).length,
    }
  } catch (error) {
    if (error instanceof RestoreError && error.reason === 'NoStateStore') {
      return { running: undefined, last: undefined, recent: 0 }
    }
    throw error
  }
}

/** Of the main file and its `-wal`, which may hold most of the data; undefined where there is no database. */
export function databaseSize(database: string): number | undefined {
  const sizes = [database, `${database}-wal`].map((path) => statSync(path, { throwIfNoEntry: false })?.size)
  return sizes[0] === undefined ? undefined : sizes[0] + (sizes[1] ?? 0)
}

export function serviceText({ service }: Target): string | null {
  return service?.unit ?? service?.command?.start.join(' ') ?? null
}

function load(context: CliContext, { name, target }: Filter): readonly Entry[] {
  return context.targets(name ?? target).map((each) => toEntry(context, each))
}

function toEntry(context: CliContext, target: Target): Entry {
  const state = targetState(context, target)
  const sizeBytes = databaseSize(target.database)
  const { restores, windowMs } = target.rateLimit
  return {
    reference: `target/${target.name}`,
    object: {
      apiVersion: API_VERSION,
      kind: 'Target',
      metadata: { name: target.name },
      database: target.database,
      sizeBytes: sizeBytes ?? null,
      backups: target.backups,
      service: target.service,
      running: state.running?.name ?? null,
      lastResult: state.last ?? null,
      rateLimit: { ...target.rateLimit, used: state.recent },
    },
    cells: [
      target.name,
      target.database,
      sizeBytes === undefined ? 'missing' : humanSize(sizeBytes),
      state.running === undefined ? null : `${state.running.name} (${state.running.phase})`,
      state.last?.result,
      state.last === undefined ? null : age(state.last.at, context.clock.nowMs()),
    ],
    wide: [serviceText(target), target.backups.path, `${state.recent}/${restores} in ${humanDuration(windowMs)}`],
  }
}
