/** `modosu get targets`: the databases of the configuration and what is going on with each. */

import { databaseSize, targetObject, targetStateOf, type TargetState } from '../../api/resources/objects.ts'
import { RestoreError } from '../../domain/errors.ts'
import type { Target } from '../../domain/target.ts'
import { humanSize } from '../../domain/size.ts'
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

/** Empty where there is no state store yet. */
export function targetState(context: CliContext, target: Target): TargetState {
  try {
    return targetStateOf(context.reader(), target, context.clock.nowMs())
  } catch (error) {
    if (error instanceof RestoreError && error.reason === 'NoStateStore') {
      return { running: undefined, last: undefined, recent: 0 }
    }
    throw error
  }
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
    object: targetObject(target, state),
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
