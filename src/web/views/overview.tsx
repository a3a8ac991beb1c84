/** One card for each target: what runs, how the last restore ended, and whether it is ready for the next. Red only where a person must act. */

import { useState } from 'preact/hooks'

import { humanSize } from '../../domain/size.ts'
import { printable } from '../format.ts'
import { changeQuery, PATHS, place } from '../route.ts'
import { asCallFailed, call, RESOURCES, type CallFailed } from '../server/client.ts'
import { pathOf } from '../server/follow.ts'
import type { List, RestoreRequest, Target } from '../server/objects.ts'
import { act } from '../server/restores.ts'
import { may } from '../server/session.ts'
import { texts } from '../texts/language.ts'
import { useLoaded } from './load.ts'
import { Failure, Link, Spinner, Time, Title } from './parts.tsx'
import { Newest, ReadinessRows } from './readiness.tsx'
import { UndoDialog } from './undo-dialog.tsx'

const REFRESH_MS = 15_000

export function OverviewView({ proof }: { readonly proof: string | null }) {
  const { overview, loading } = texts()
  const undone = place.value.query.get('undo') ?? ''
  const path = `${RESOURCES}/targets`
  const { value, failure, reload } = useLoaded(path, (signal) => call<List<Target>>(path, { signal }), REFRESH_MS)
  return (
    <>
      <Title>{overview.title}</Title>
      {failure !== undefined && <Failure error={failure} onRetry={reload} />}
      {value === undefined && failure === undefined && <p class="quiet">{loading}</p>}
      <div class="cards">
        {value?.items.map((target) => (
          <TargetCard key={target.metadata.name} target={target} onChange={reload} />
        ))}
      </div>
      {undone !== '' && may('admin', undone) && (
        <UndoDialog
          key={undone}
          target={undone}
          proof={proof}
          onClose={() => {
            changeQuery({ undo: '' })
          }}
        />
      )}
    </>
  )
}

function TargetCard({ target, onChange }: { readonly target: Target; readonly onChange: () => void }) {
  const { overview, undo, unknown } = texts()
  const { metadata, database, sizeBytes, running, lastResult, rateLimit } = target
  const { name } = metadata
  return (
    <section class="card target-card">
      <h2>{printable(name)}</h2>
      {running !== null && (
        <p class="notice notice-busy">
          <Spinner />
          {overview.running} <Link to={PATHS.request(running)}>{overview.show}</Link>
        </p>
      )}
      {lastResult !== null && <LastResult name={lastResult.request} onChange={onChange} />}
      <dl class="details">
        <dt>{overview.database}</dt>
        <dd class="path">{printable(database)}</dd>
        <dt>{overview.size}</dt>
        <dd>{sizeBytes === null ? unknown : humanSize(sizeBytes)}</dd>
        <dt>{overview.newest}</dt>
        <dd>
          <Newest target={name} everyMs={REFRESH_MS} />
        </dd>
        <ReadinessRows target={name} everyMs={REFRESH_MS} />
        <dt>{overview.limit}</dt>
        <dd>{overview.limitOf(Math.max(0, rateLimit.restores - rateLimit.used), rateLimit.restores)}</dd>
        {lastResult === null && (
          <>
            <dt>{overview.lastRestore}</dt>
            <dd>{overview.never}</dd>
          </>
        )}
      </dl>
      <div class="buttons">
        <Link to={`${PATHS.backups}?target=${encodeURIComponent(name)}`} class="button">
          {overview.showBackups}
        </Link>
        {lastResult !== null && running === null && may('admin', name) && (
          <button
            type="button"
            onClick={() => {
              changeQuery({ undo: name })
            }}
          >
            {undo.open}
          </button>
        )}
      </div>
    </section>
  )
}

function LastResult({ name, onChange }: { readonly name: string; readonly onChange: () => void }) {
  const { overview, result } = texts()
  const [refusal, setRefusal] = useState<CallFailed | null>(null)
  const { value, reload } = useLoaded(
    pathOf(name),
    (signal) => call<RestoreRequest>(pathOf(name), { signal }),
    REFRESH_MS,
  )
  if (value === undefined) return null
  const { status, spec } = value
  const { escalation, phase, completionTime, application } = status
  const open = escalation?.acknowledged === false
  const grave = open && (escalation.level !== 'L1' || application?.state === 'ApplicationDown')
  const heading = phase in result.headings ? result.headings[phase as keyof typeof result.headings] : null
  return (
    <div class={`last ${grave ? 'last-bad' : open ? 'last-open' : ''}`}>
      <p>
        {escalation !== undefined && <span class={`level level-${escalation.level}`}>{escalation.level}</span>}{' '}
        <b>{grave ? overview.mustAct : overview.lastRestore}</b>: {heading ?? result.states.Succeeded}
      </p>
      {completionTime !== undefined && <Time at={completionTime} />}
      <div class="buttons">
        <Link to={PATHS.request(name)} class="button">
          {overview.show}
        </Link>
        {open && may('operator', spec?.target ?? '') && (
          <button
            type="button"
            onClick={() => {
              act(name, 'ack').then(
                () => {
                  reload()
                  onChange()
                },
                (error: unknown) => {
                  setRefusal(asCallFailed(error))
                },
              )
            }}
          >
            {result.acknowledge}
          </button>
        )}
      </div>
      {refusal !== null && <Failure error={refusal} />}
    </div>
  )
}
