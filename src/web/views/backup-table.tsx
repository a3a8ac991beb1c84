/** The table of backups: the application's columns, and what is known against each. */

import { humanSize } from '../../domain/size.ts'
import { printable } from '../format.ts'
import { PATHS } from '../route.ts'
import type { Backup } from '../server/objects.ts'
import { said } from '../server/said.ts'
import { may } from '../server/session.ts'
import { texts } from '../texts/language.ts'
import { Badge, Link, Spinner, Time, type Tone } from './parts.tsx'
import { statusWord, typeWord, whyBad, whyNotRestorable } from './restorable.ts'

/** By which the server sorts. */
export const COLUMNS = ['backup_id', 'backup_type', 'status', 'file_size', 'created_at'] as const
export type Column = (typeof COLUMNS)[number]

export interface BackupTableProps {
  readonly backups: readonly Backup[]
  readonly showsTarget: boolean
  readonly sort: Column
  readonly order: 'asc' | 'desc'
  readonly busy: { readonly id: string; readonly act: 'check' | 'preview' } | null
  readonly runningOf: (target: string) => string | null
  readonly onSort: (column: Column) => void
  readonly onRestore: (backup: Backup) => void
  readonly onCheck: (backup: Backup) => void
  readonly onPreview: (backup: Backup) => void
}

const TONES: Readonly<Record<string, Tone>> = { success: 'good', failure: 'bad', in_progress: 'busy', deleted: 'quiet' }

export function BackupTable(props: BackupTableProps) {
  const { backups, showsTarget, sort, order, onSort } = props
  const { backups: words } = texts()
  if (backups.length === 0) return <p class="empty">{words.empty}</p>
  const heading = (column: Column, label: string) => (
    <th scope="col" aria-sort={column === sort ? (order === 'asc' ? 'ascending' : 'descending') : undefined}>
      <button
        type="button"
        class="sort"
        title={words.sortBy(label)}
        onClick={() => {
          onSort(column)
        }}
      >
        {label}
      </button>
    </th>
  )
  return (
    <table class="stacked wide backups">
      <thead>
        <tr>
          {heading('backup_id', 'Backup ID')}
          {showsTarget && <th scope="col">{words.target}</th>}
          {heading('backup_type', words.type)}
          {heading('status', words.status)}
          {heading('file_size', words.size)}
          {heading('created_at', words.createdAt)}
          <th scope="col">{words.verified}</th>
          <th scope="col">{words.actions}</th>
        </tr>
      </thead>
      <tbody>
        {backups.map((backup) => (
          <Row key={`${backup.target}/${backup.backup_id}`} backup={backup} {...props} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ backup, showsTarget, ...props }: BackupTableProps & { readonly backup: Backup }) {
  const { backups: words } = texts()
  const { backup_id: id, backup_type: type, status, set_size: size, created_at: at, verification } = backup
  const bad = whyBad(backup)
  return (
    <tr class={bad === null ? undefined : 'row-bad'}>
      <th scope="row" data-label="Backup ID">
        <span class="id">{printable(id)}</span>
        {backup.last_restore !== null && (
          <span class="below quiet">
            <Link to={PATHS.request(backup.last_restore.request)}>
              {words.lastRestored(backup.last_restore.at.slice(0, 10))}
            </Link>
          </span>
        )}
      </th>
      {showsTarget && <td data-label={words.target}>{backup.target}</td>}
      <td data-label={words.type}>{typeWord(type)}</td>
      <td data-label={words.status}>
        <Badge tone={TONES[status] ?? 'quiet'}>{statusWord(status)}</Badge>
      </td>
      <td data-label={words.size} class="number">
        {humanSize(size)}
      </td>
      <td data-label={words.createdAt}>
        <Time at={at} />
      </td>
      <td data-label={words.verified}>
        {verification === null ? (
          <span class="quiet">{words.notVerified}</span>
        ) : (
          <>
            <Badge tone={verification.passed ? 'good' : 'bad'}>
              {verification.passed ? words.passed : words.damaged}
            </Badge>
            <span class="below quiet nobreak">{verification.at.slice(0, 10)}</span>
          </>
        )}
      </td>
      <Actions backup={backup} {...props} />
    </tr>
  )
}

type ActionsProps = Omit<BackupTableProps, 'showsTarget'> & { readonly backup: Backup }

function Actions({ backup, busy, runningOf, onRestore, onCheck, onPreview }: ActionsProps) {
  const { backups: words } = texts()
  const id = printable(backup.backup_id)
  const why = whyNotRestorable(backup, runningOf(backup.target))
  const operates = may('operator', backup.target)
  const present = backup.status === 'success'
  const isBusy = (act: 'check' | 'preview'): boolean => busy?.id === backup.backup_id && busy.act === act
  const whyId = `why-${backup.target}-${backup.backup_id}`
  const reason = why ?? (operates ? null : words.noOperator)
  const error = backup.error_message
  return (
    <td data-label={words.actions} class="actions">
      <div class="buttons">
        <button
          type="button"
          class="danger"
          aria-label={words.restoreOf(id)}
          aria-describedby={why === null ? undefined : whyId}
          disabled={why !== null}
          onClick={() => {
            onRestore(backup)
          }}
        >
          {words.restore}
        </button>
        <button
          type="button"
          aria-label={words.checkOf(id)}
          disabled={!operates || !present || busy !== null}
          onClick={() => {
            onCheck(backup)
          }}
        >
          {isBusy('check') && <Spinner />}
          {isBusy('check') ? words.checking : words.check}
        </button>
        <button
          type="button"
          aria-label={words.previewOf(id)}
          disabled={!operates || !present || busy !== null}
          onClick={() => {
            onPreview(backup)
          }}
        >
          {isBusy('preview') && <Spinner />}
          {isBusy('preview') ? words.previewing : words.preview}
        </button>
      </div>
      {reason !== null && (
        <p id={whyId} class="why">
          {reason}
          {error !== null && error !== '' && <span class="quiet"> ({printable(said(error))})</span>}
        </p>
      )}
    </td>
  )
}
