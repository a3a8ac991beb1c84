/** Whether a target is ready for a restore, as rows of its card: how old the newest backup is, the last drill, room, what comes next. */

import { DRILL_EVERY_MS, JOB_LATE_MS, RPO_MS } from '../../domain/objectives.ts'
import { humanSize } from '../../domain/size.ts'
import { duration, printable } from '../format.ts'
import { PATHS } from '../route.ts'
import { call, clockAheadMs, MANUAL, RESOURCES } from '../server/client.ts'
import type { BackupPage, Readiness } from '../server/objects.ts'
import { texts } from '../texts/language.ts'
import { useLoaded } from './load.ts'
import { Badge, Link, Time } from './parts.tsx'

interface Props {
  readonly target: string
  readonly everyMs: number
}

/** Of the newest ones only: where none of these is restorable, a person looks at the table. */
export function Newest({ target, everyMs }: Props) {
  const { overview, unknown } = texts()
  const path = `${MANUAL}/backups?status=success&limit=50&target=${encodeURIComponent(target)}`
  const { value, failure } = useLoaded(path, (signal) => call<BackupPage>(path, { signal }), everyMs)
  if (value === undefined) return <>{failure === undefined ? '…' : unknown}</>
  const newest = value.data.backups.find(({ restorable }) => restorable)
  if (newest === undefined) return <Badge tone="bad">{overview.noBackup}</Badge>
  const ageMs = sinceMs(newest.created_at)
  return (
    <>
      <span class="id">{printable(newest.backup_id)}</span>
      <span class="below">
        {ageMs > RPO_MS ? (
          <Badge tone="bad">{overview.newestAge(duration(ageMs))}</Badge>
        ) : (
          overview.newestAge(duration(ageMs))
        )}
      </span>
      <span class="below quiet">{overview.atMost(duration(RPO_MS))}</span>
      {ageMs > RPO_MS && <span class="below">{overview.tooOld}</span>}
      <span class="below">
        <Time at={newest.created_at} />
      </span>
    </>
  )
}

/** Nothing while it is not there: what a card says besides does not wait for it. */
export function ReadinessRows({ target, everyMs }: Props) {
  const path = `${RESOURCES}/targets/${encodeURIComponent(target)}/readiness`
  const { value } = useLoaded(path, (signal) => call<Readiness>(path, { signal }), everyMs)
  const { overview, unknown } = texts()
  return (
    <>
      <dt>{overview.drill}</dt>
      <dd>{value === undefined ? unknown : <Drill drill={value.drill} />}</dd>
      <dt>{overview.room}</dt>
      <dd>{value === undefined ? unknown : <Room disk={value.disk} />}</dd>
      <dt>{overview.jobs}</dt>
      <dd>{value === undefined ? unknown : <Jobs jobs={value.jobs} />}</dd>
    </>
  )
}

/** A drill that is late is a matter of days; one that has failed says that the backups may not save anybody. */
function Drill({ drill: { last, dueAt } }: Pick<Readiness, 'drill'>) {
  const { overview, backups } = texts()
  const succeeded = last?.result === 'Succeeded'
  const late = dueAt !== null && sinceMs(dueAt) > 0
  return (
    <>
      {last === null ? (
        <Badge tone="warn">{overview.noDrill}</Badge>
      ) : (
        <Link to={PATHS.request(last.request)} label={`${overview.drill}: ${overview.show}`}>
          <Badge tone={succeeded ? 'good' : last.result === 'Failed' ? 'bad' : 'warn'}>
            {succeeded ? backups.passed : last.result === 'Failed' ? backups.damaged : last.result}
          </Badge>
        </Link>
      )}
      {last !== null && (
        <span class="below">
          <Time at={last.at} />
        </span>
      )}
      {dueAt !== null && (
        <span class="below">
          {late ? (
            <Badge tone="warn">{overview.drillLate(dueAt.slice(0, 10))}</Badge>
          ) : (
            overview.drillDue(dueAt.slice(0, 10))
          )}
        </span>
      )}
      {dueAt === null && <span class="below quiet">{overview.drillEvery(duration(DRILL_EVERY_MS))}</span>}
    </>
  )
}

/** The scarcer of the two disks counts. */
function Room({ disk }: Pick<Readiness, 'disk'>) {
  const { overview, unknown } = texts()
  const { requiredBytes, databaseAvailableBytes, backupsAvailableBytes } = disk
  if (databaseAvailableBytes === null || backupsAvailableBytes === null || requiredBytes === null) return <>{unknown}</>
  const freeBytes = Math.min(databaseAvailableBytes, backupsAvailableBytes)
  const free = humanSize(freeBytes)
  return (
    <>
      {freeBytes < requiredBytes ? <Badge tone="bad">{free}</Badge> : free}
      <span class="below quiet">{overview.roomNeeded(humanSize(requiredBytes))}</span>
    </>
  )
}

function Jobs({ jobs }: Pick<Readiness, 'jobs'>) {
  const { overview, unknown } = texts()
  if (jobs.length === 0) return <span class="quiet">{overview.noJobs}</span>
  return (
    <>
      {jobs.map(({ name, nextRunAt }) => (
        <span key={name} class="job">
          {overview.jobNames[name] ?? printable(name)}: {nextRunAt === null ? unknown : <Time at={nextRunAt} />}
          {nextRunAt !== null && sinceMs(nextRunAt) > JOB_LATE_MS && <Badge tone="warn">{overview.missed}</Badge>}
        </span>
      ))}
    </>
  )
}

/** By the server's clock. */
function sinceMs(at: string): number {
  return Date.now() + clockAheadMs.value - Date.parse(at)
}
