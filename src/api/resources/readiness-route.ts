/** Whether a target is ready for a restore: the last drill, room on the disks, and what the daemon does next by the clock. */

import type { FastifyInstance } from 'fastify'

import { toRfc3339 } from '../../domain/clock.ts'
import { DRILL_EVERY_MS, RPO_MS } from '../../domain/objectives.ts'
import { API_VERSION } from '../../domain/resource.ts'
import type { Target } from '../../domain/target.ts'
import type { StateReader } from '../../store/reader.ts'
import type { DiskSample } from '../../telemetry/disk-metrics.ts'
import { callerOf } from '../caller.ts'
import { targetsFor } from '../manual/context.ts'
import { API_PREFIX } from '../protocol.ts'
import { Drills } from './drills.ts'
import { count, object, route, text, time } from './schemas.ts'

const bytesOrNull = { type: ['integer', 'null'], description: 'null: the disk does not say.' } as const
const timeOrNull = { type: ['string', 'null'], format: 'date-time' } as const

const SCHEMA = route(
  'getTargetReadiness',
  'Tells whether the target is ready for a restore: the last drill, room on the disks, the next scheduled runs',
  {
    200: object({
      apiVersion: { const: API_VERSION },
      kind: { const: 'Readiness' },
      target: text,
      rpoSeconds: { ...count, description: 'How old the newest restorable backup may be.' },
      drill: object({
        last: {
          ...object({ request: text, result: text, at: time }),
          type: ['object', 'null'],
          description: 'The last one that ended; null: none has.',
        },
        lastSuccessAt: { ...timeOrNull, description: 'null: none has ever succeeded.' },
        dueAt: { ...timeOrNull, description: 'When the next one must have succeeded; null: now, as none ever has.' },
      }),
      disk: object({
        requiredBytes: { ...bytesOrNull, description: 'What a restore needs: twice the database (manual 2.4).' },
        databaseAvailableBytes: bytesOrNull,
        backupsAvailableBytes: bytesOrNull,
      }),
      jobs: {
        type: 'array',
        description: 'Scheduled jobs of the daemon; each does its work for every target.',
        items: object({
          name: text,
          nextRunAt: { ...timeOrNull, description: 'In the past: it was missed. null: not known.' },
          lastSuccessAt: timeOrNull,
        }),
      },
    }),
  },
  { params: object({ target: text }) },
)

export interface ReadinessDoor {
  readonly reader: StateReader
  readonly targets: () => readonly Target[]
  /** The last look at the disks, which no call waits for; null: none that still counts. Absent: nobody looks. */
  readonly disk?: (target: string) => DiskSample | null
  /** The jobs that have a schedule now: the store remembers others too. Absent: nothing is scheduled. */
  readonly scheduledJobs?: () => readonly string[]
}

export function addReadinessRoute(app: FastifyInstance, door: ReadinessDoor): void {
  const { reader, disk, scheduledJobs } = door
  const drills = new Drills(reader)
  const path = `${API_PREFIX}/targets/:target/readiness`
  app.get<{ Params: { readonly target: string } }>(path, { schema: SCHEMA }, (request) => {
    const { target } = request.params
    // Refuses whoever may not see it, and a name that is none.
    targetsFor(door, callerOf(request), 'viewer', target)
    const { last, lastSuccessAt } = drills.of(target)
    const sample = disk?.(target) ?? null
    const bytes = sample?.databaseBytes ?? null
    const scheduled = new Set(scheduledJobs?.())
    return {
      apiVersion: API_VERSION,
      kind: 'Readiness',
      target,
      rpoSeconds: RPO_MS / 1000,
      drill: {
        last: last === null ? null : { request: last.request, result: last.result, at: last.at },
        lastSuccessAt,
        dueAt: lastSuccessAt === null ? null : toRfc3339(Date.parse(lastSuccessAt) + DRILL_EVERY_MS),
      },
      disk: {
        requiredBytes: bytes === null ? null : 2 * bytes,
        databaseAvailableBytes: sample?.availableBytes.database ?? null,
        backupsAvailableBytes: sample?.availableBytes.backups ?? null,
      },
      jobs: reader.upkeep
        .jobs()
        .filter(({ job }) => scheduled.has(job))
        .map(({ job, nextRunMs, lastSuccessMs }) => ({
          name: job,
          nextRunAt: timeOf(nextRunMs),
          lastSuccessAt: timeOf(lastSuccessMs),
        })),
    }
  })
}

function timeOf(ms: number | null): string | null {
  return ms === null ? null : toRfc3339(ms)
}
