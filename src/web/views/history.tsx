/** What was restored, by whom and how it ended, newest first, from the audit log. */

import { printable } from '../format.ts'
import { PATHS, place } from '../route.ts'
import { call, MANUAL } from '../server/client.ts'
import type { AuditPage } from '../server/objects.ts'
import { said } from '../server/said.ts'
import { texts } from '../texts/language.ts'
import { Pager } from './backups.tsx'
import { useLoaded } from './load.ts'
import { Badge, Failure, Link, Time, Title, type Tone } from './parts.tsx'

const PAGE_SIZE = 20
const REFRESH_MS = 30_000
const TONES: Readonly<Record<string, Tone>> = { success: 'good', failure: 'bad', info: 'quiet' }

export function HistoryView() {
  const { history, loading } = texts()
  const page = Math.max(1, Math.floor(Number(place.value.query.get('page') ?? '1')) || 1)
  const path = `${MANUAL}/backups/audit-logs?operation=restore&limit=${PAGE_SIZE}&offset=${(page - 1) * PAGE_SIZE}`
  const { value, failure, reload } = useLoaded(path, (signal) => call<AuditPage>(path, { signal }), REFRESH_MS)
  const records = value?.data.audit_logs ?? []
  return (
    <>
      <Title>{history.title}</Title>
      {failure !== undefined && <Failure error={failure} onRetry={reload} />}
      {value === undefined && failure === undefined && <p class="quiet">{loading}</p>}
      {value !== undefined && records.length === 0 && <p class="empty">{history.empty}</p>}
      {records.length > 0 && (
        <table class="stacked">
          <thead>
            <tr>
              <th scope="col">{history.time}</th>
              <th scope="col">{history.backup}</th>
              <th scope="col">{history.status}</th>
              <th scope="col">{history.user}</th>
              <th scope="col">{history.message}</th>
            </tr>
          </thead>
          <tbody>
            {records.map(({ id, created_at: at, backup_id: backup, status, username, request, message }) => (
              <tr key={id}>
                <td data-label={history.time}>
                  <Time at={at} />
                </td>
                <td data-label={history.backup}>
                  <span class="id">{printable(backup ?? '')}</span>
                  {request !== '' && (
                    <span class="below">
                      <Link to={PATHS.request(request)} label={history.show(printable(request))}>
                        {printable(request)}
                      </Link>
                    </span>
                  )}
                </td>
                <td data-label={history.status}>
                  <Badge tone={TONES[status] ?? 'quiet'}>{history.statuses[status] ?? status}</Badge>
                </td>
                <td data-label={history.user}>{printable(username)}</td>
                <td data-label={history.message} class="message">
                  {printable(said(message))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Pager page={page} total={value?.data.total ?? 0} />
    </>
  )
}
