/** 「設定」→「バックアップ管理」 (manual 3.2, steps 1 to 3): the application's table, with what is known of each backup. */

import { useState } from 'preact/hooks'

import { duration } from '../format.ts'
import { changeQuery, navigate, PATHS, place } from '../route.ts'
import { asCallFailed, call, type CallFailed, clockAheadMs, MANUAL, RESOURCES } from '../server/client.ts'
import type { Backup, BackupPage, BackupStatistics, List, Target, Verification } from '../server/objects.ts'
import { createPlan } from '../server/restores.ts'
import { texts } from '../texts/language.ts'
import { BackupTable, COLUMNS, type Column } from './backup-table.tsx'
import { CheckDialog, type CheckResult } from './check-dialog.tsx'
import { useLoaded } from './load.ts'
import { Failure, Time, Title } from './parts.tsx'
import { whyNotRestorable } from './restorable.ts'
import { RestoreDialog } from './restore-dialog.tsx'

/** As the application has it. */
const PAGE_SIZE = 20
/** A backup that was found damaged meanwhile is shown so without being asked for. */
const REFRESH_MS = 20_000

const TYPES = ['daily', 'weekly', 'monthly', 'manual'] as const
const STATUSES = ['success', 'failure', 'in_progress'] as const

export function BackupsView({ proof }: { readonly proof: string | null }) {
  const { query } = place.value
  const { backups: words } = texts()
  const page = Math.max(1, Math.floor(Number(query.get('page') ?? '1')) || 1)
  const sort = COLUMNS.find((each) => each === query.get('sort')) ?? 'created_at'
  const order = query.get('order') === 'asc' ? 'asc' : 'desc'
  const target = query.get('target') ?? ''
  const [type, status] = [query.get('type') ?? '', query.get('status') ?? '']

  const ofTarget = target === '' ? '' : `&target=${encodeURIComponent(target)}`
  const path =
    `${MANUAL}/backups?limit=${PAGE_SIZE}&offset=${(page - 1) * PAGE_SIZE}&sort=${sort}&order=${order}` +
    `&type=${encodeURIComponent(type)}&status=${encodeURIComponent(status)}${ofTarget}`
  const listed = useLoaded(path, (signal) => call<BackupPage>(path, { signal }), REFRESH_MS)
  const targets = useLoaded('targets', (signal) => call<List<Target>>(`${RESOURCES}/targets`, { signal }), REFRESH_MS)
  const known = targets.value?.items ?? []
  const runningOf = (name: string): string | null =>
    known.find(({ metadata }) => metadata.name === name)?.running ?? null

  const [failure, setFailure] = useState<CallFailed | null>(null)
  const [busy, setBusy] = useState<{ readonly id: string; readonly act: 'check' | 'preview' } | null>(null)
  const [checked, setChecked] = useState<CheckResult | null>(null)
  const fail = (error: unknown): void => {
    setFailure(asCallFailed(error))
  }

  const check = (backup: Backup): void => {
    setBusy({ id: backup.backup_id, act: 'check' })
    setFailure(null)
    const at = `${MANUAL}/backups/${encodeURIComponent(backup.backup_id)}/verify`
    call<Verification>(`${at}?target=${encodeURIComponent(backup.target)}&checks=${CHECKS}`, { method: 'POST' })
      .then(({ data }) => {
        setChecked({ id: backup.backup_id, ...data })
        listed.reload()
      })
      .catch(fail)
      .finally(() => {
        setBusy(null)
      })
  }

  const preview = (backup: Backup): void => {
    setBusy({ id: backup.backup_id, act: 'preview' })
    setFailure(null)
    createPlan(backup)
      .then((name) => {
        navigate(PATHS.request(name))
      })
      .catch((error: unknown) => {
        setBusy(null)
        fail(error)
      })
  }

  const total = listed.value?.data.total ?? 0

  return (
    <>
      <Title>{words.title}</Title>
      <Statistics ofTarget={ofTarget} />
      <form
        class="filters"
        aria-label={words.filters}
        onSubmit={(event) => {
          event.preventDefault()
        }}
      >
        {known.length > 1 && (
          <Filter
            name="target"
            label={words.target}
            value={target}
            options={known.map(({ metadata }) => [metadata.name, metadata.name])}
          />
        )}
        <Filter name="type" label={words.type} value={type} options={TYPES.map((each) => [each, words.types[each]])} />
        <Filter
          name="status"
          label={words.status}
          value={status}
          options={STATUSES.map((each) => [each, words.statuses[each]])}
        />
      </form>
      {failure !== null && <Failure error={failure} />}
      {listed.failure !== undefined && <Failure error={listed.failure} onRetry={listed.reload} />}
      {listed.value !== undefined && (
        <BackupTable
          backups={listed.value.data.backups}
          showsTarget={known.length > 1}
          sort={sort}
          order={order}
          busy={busy}
          runningOf={runningOf}
          onSort={(column: Column) => {
            changeQuery({ sort: column, order: column === sort && order === 'desc' ? 'asc' : 'desc', page: '' })
          }}
          onRestore={(backup) => {
            changeQuery({ restore: backup.backup_id, of: backup.target })
          }}
          onCheck={check}
          onPreview={preview}
        />
      )}
      {listed.value === undefined && listed.failure === undefined && <p class="quiet">{texts().loading}</p>}
      <Pager page={page} total={total} />
      {checked !== null && (
        <CheckDialog
          result={checked}
          onClose={() => {
            setChecked(null)
          }}
        />
      )}
      <AskedRestore proof={proof} runningOf={runningOf} onPreview={preview} />
    </>
  )
}

interface AskedRestoreProps {
  readonly proof: string | null
  readonly runningOf: (target: string) => string | null
  readonly onPreview: (backup: Backup) => void
}

/** The address says of which backup: a preview leads here, and so does the login at an issuer. It is looked at anew. */
function AskedRestore({ proof, runningOf, onPreview }: AskedRestoreProps) {
  const { query } = place.value
  const [id, of] = [query.get('restore') ?? '', query.get('of') ?? '']
  const path = `${MANUAL}/backups/${encodeURIComponent(id)}${of === '' ? '' : `?target=${encodeURIComponent(of)}`}`
  const { value, failure, reload } = useLoaded(id === '' ? '' : path, async (signal) =>
    id === '' ? null : (await call<{ readonly data: Backup }>(path, { signal })).data,
  )
  if (id === '') return null
  if (failure !== undefined) return <Failure error={failure} onRetry={reload} />
  if (value?.backup_id !== id) return null
  return (
    <RestoreDialog
      key={id}
      backup={value}
      proof={proof}
      whyNot={whyNotRestorable(value, runningOf(value.target))}
      onPreview={() => {
        onPreview(value)
      }}
      onClose={() => {
        changeQuery({ restore: '', of: '' })
      }}
    />
  )
}

const CHECKS = 'file_exists,file_size,checksum,integrity,tables'

function Statistics({ ofTarget }: { readonly ofTarget: string }) {
  const { backups: words, unknown, overview } = texts()
  const path = `${MANUAL}/backups/stats${ofTarget.replace('&', '?')}`
  const { value } = useLoaded(path, (signal) => call<BackupStatistics>(path, { signal }), REFRESH_MS)
  const data = value?.data
  const latest = data?.latest_backup
  const nowMs = Date.now() + clockAheadMs.value
  return (
    <dl class="tiles">
      <Tile label={words.total} value={data?.total_backups ?? unknown} />
      <Tile label={words.successful} value={data?.successful_backups ?? unknown} tone="good" />
      <Tile
        label={words.failed}
        value={data?.failed_backups ?? unknown}
        {...((data?.failed_backups ?? 0) > 0 ? { tone: 'bad' as const } : {})}
      />
      <div class="tile tile-wide">
        <dt>{words.latest}</dt>
        <dd>
          {latest == null ? (
            overview.noBackup
          ) : (
            <>
              {overview.newestAge(duration(nowMs - Date.parse(latest.created_at)))}
              <span class="tile-more">
                <Time at={latest.created_at} />
              </span>
            </>
          )}
        </dd>
      </div>
    </dl>
  )
}

function Tile({
  label,
  value,
  tone,
}: {
  readonly label: string
  readonly value: string | number
  readonly tone?: 'good' | 'bad'
}) {
  return (
    <div class={`tile ${tone === undefined ? '' : `tile-${tone}`}`}>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  )
}

interface FilterProps {
  readonly name: string
  readonly label: string
  readonly value: string
  readonly options: readonly (readonly [string, string])[]
}

function Filter({ name, label, value, options }: FilterProps) {
  return (
    <label>
      {label}
      <select
        name={name}
        value={value}
        onChange={(event) => {
          changeQuery({ [name]: event.currentTarget.value, page: '' })
        }}
      >
        <option value="">{texts().backups.all}</option>
        {options.map(([key, word]) => (
          <option key={key} value={key}>
            {word}
          </option>
        ))}
      </select>
    </label>
  )
}

export function Pager({ page, total }: { readonly page: number; readonly total: number }) {
  const { backups: words } = texts()
  const pages = Math.max(1, Math.ceil(total / PAGE_SIZE))
  const go = (to: number) => () => {
    changeQuery({ page: to === 1 ? '' : String(to) })
  }
  return (
    <nav class="pager" aria-label={words.pager}>
      <button type="button" disabled={page <= 1} onClick={go(page - 1)}>
        {words.previous}
      </button>
      <span aria-live="polite">{words.page(page, pages, total)}</span>
      <button type="button" disabled={page >= pages} onClick={go(page + 1)}>
        {words.next}
      </button>
    </nav>
  )
}
