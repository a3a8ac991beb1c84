/**
 * How a request has ended: the manual's box (3.2, step 8), or a banner that says in which state the database is, whether the
 * application runs, and what comes next.
 */

import { useState } from 'preact/hooks'

import { TEXTS } from '../../domain/messages.ts'
import type { TerminalPhase } from '../../domain/phases.ts'
import { exactDuration, printable } from '../format.ts'
import { navigate, PATHS } from '../route.ts'
import { asCallFailed, type CallFailed } from '../server/client.ts'
import type { Followed } from '../server/follow.ts'
import type { RestoreRequest } from '../server/objects.ts'
import { act } from '../server/restores.ts'
import { said } from '../server/said.ts'
import { may } from '../server/session.ts'
import { language, texts } from '../texts/language.ts'
import { ChecklistPart } from './checklist.tsx'
import { Loss } from './loss-table.tsx'
import { Badge, Failure, Time } from './parts.tsx'
import { CheckList } from './plan.tsx'
import { StepLines } from './progress.tsx'
import { ReportButton } from './report-button.tsx'

interface ResultViewProps extends Followed {
  /** The request is another one now. */
  readonly onChange: () => void
}

export function ResultView({ request, walk, onChange }: ResultViewProps) {
  const { result } = texts()
  const { spec, status, metadata } = request
  const target = spec?.target ?? ''
  const isRestore = (spec?.mode ?? 'Restore') === 'Restore'
  const succeeded = status.phase === 'Succeeded'
  const began = walk.some(({ to }) => to === 'SafetyBackup' || to === 'VerifyingChecksum')
  const { dataLoss, checks } = status
  return (
    <>
      {succeeded && isRestore ? <SuccessBox request={request} walk={walk} /> : <Banner request={request} walk={walk} />}
      {isRestore && <Acknowledgement request={request} onChange={onChange} />}
      <div class="buttons result-buttons">
        <ReportButton name={metadata.name} />
        <button
          type="button"
          onClick={() => {
            navigate(PATHS.backups)
          }}
        >
          {succeeded ? result.toBackups : result.chooseAnother}
        </button>
      </div>
      {isRestore && began && (
        <section class="card">
          <ChecklistPart name={metadata.name} list="post" target={target} />
        </section>
      )}
      {dataLoss !== undefined && (dataLoss.tables.length > 0 || dataLoss.remark !== undefined) && succeeded && (
        <section class="card">
          <h2>{result.lossTitle}</h2>
          <Loss loss={dataLoss} />
        </section>
      )}
      <section class="card">
        <h2>{result.facts}</h2>
        {began && <StepLines request={request} walk={walk} showsBar={false} />}
        <Facts request={request} />
        {checks.length > 0 && (
          <>
            <h3>{result.checks}</h3>
            <CheckList checks={checks} />
          </>
        )}
      </section>
    </>
  )
}

/** Byte for byte the manual's; what the page adds stands below it. */
function SuccessBox({ request, walk }: Followed) {
  const { spec, status } = request
  const manual = TEXTS[language.value]
  const { result } = texts()
  const { safetyBackup, resolvedBackup } = status
  const from = resolvedBackup?.backupId ?? spec?.source.backupId ?? spec?.source.safetyBackup?.name ?? ''
  return (
    <section class="card result result-good">
      <div class="manual-text">
        <h2>{manual.completed}</h2>
        <ul class="facts">
          <li>
            {manual.restoredFrom} <b class="id">{printable(from)}</b>
          </li>
          <li>
            {manual.safetyBackup}{' '}
            <b class="id">{safetyBackup === undefined ? manual.none : printable(safetyBackup.name)}</b>
          </li>
          <li>
            {manual.integrityCheck} <b>{manual.passed}</b>
          </li>
        </ul>
        <p>{manual.reload}</p>
        <button
          type="button"
          class="primary"
          onClick={() => {
            location.reload()
          }}
        >
          {manual.reloadButton}
        </button>
      </div>
      <p class="hint">{result.also}</p>
      <States request={request} walk={walk} />
    </section>
  )
}

function Banner({ request, walk }: Followed) {
  const { result, nextStep } = texts()
  const { spec, status } = request
  const phase = status.phase as TerminalPhase
  const mode = spec?.mode ?? 'Restore'
  const { message = '', hint, escalation, reason, application } = status
  const grave = escalation?.level === 'L2' || escalation?.level === 'L3' || phase === 'RollbackFailed'
  const tone = phase === 'Succeeded' ? 'good' : grave ? 'bad' : phase === 'Failed' ? 'warn' : 'quiet'
  const heading =
    mode === 'Drill' || mode === 'Extract'
      ? result[phase === 'Succeeded' ? 'passed' : 'notPassed'][mode]
      : phase === 'Succeeded'
        ? result.title
        : result.headings[phase]
  return (
    <section class={`card result result-${tone}`} role={grave ? 'alert' : undefined}>
      <h2>
        {escalation !== undefined && <span class={`level level-${escalation.level}`}>{escalation.level}</span>}
        {heading}
      </h2>
      <States request={request} walk={walk} />
      {message !== '' && message !== application?.message && <p class="what">{printable(said(message))}</p>}
      {hint !== undefined && (
        <p>
          <strong>{nextStep}: </strong>
          {printable(said(hint))}
        </p>
      )}
      {application?.hint !== undefined && hint?.includes(application.hint) !== true && (
        <p>{printable(said(application.hint))}</p>
      )}
      {reason !== undefined && (
        <p class="quiet">
          {result.reason}: {reason}
        </p>
      )}
    </section>
  )
}

/** The two things that a person wants to know first. */
function States({ request: { spec, status }, walk }: Followed) {
  const { result } = texts()
  const phase = status.phase as TerminalPhase
  const changed = status.conditions.some(({ type, status: value }) => type === 'RolledBack' && value === 'False')
  const database =
    phase === 'Succeeded' && spec?.mode !== 'Restore'
      ? result.states.Failed
      : result.states[phase === 'Failed' && changed ? 'NotRolledBack' : phase]
  const { application } = status
  const wasStopped = walk.some(({ to }) => to === 'Quiescing')
  const bad = phase === 'RollbackFailed' || (phase === 'Failed' && changed)
  return (
    <dl class="states">
      <div>
        <dt>{result.database}</dt>
        <dd class={bad ? 'loss' : undefined}>{database}</dd>
      </div>
      {application === undefined && !wasStopped && (
        <div>
          <dt>{result.application}</dt>
          <dd>{result.notStopped}</dd>
        </div>
      )}
      {application !== undefined && (
        <div>
          <dt>{result.application}</dt>
          <dd>
            <Badge
              tone={
                application.state === 'ApplicationRunning'
                  ? 'good'
                  : application.state === 'ApplicationDown'
                    ? 'bad'
                    : 'warn'
              }
            >
              {application.state === 'ApplicationRunning'
                ? result.running
                : application.state === 'ApplicationDown'
                  ? result.down
                  : result.notKnown}
            </Badge>
            <span class="below quiet">{printable(said(application.message))}</span>
          </dd>
        </div>
      )}
    </dl>
  )
}

/** A result waits until somebody has looked at the application (manual 12.1). */
function Acknowledgement({ request, onChange }: { readonly request: RestoreRequest; readonly onChange: () => void }) {
  const { result } = texts()
  const { metadata, spec, status } = request
  const [failure, setFailure] = useState<CallFailed | null>(null)
  const [busy, setBusy] = useState(false)
  if (status.escalation === undefined) return null
  const { level, acknowledged } = status.escalation
  return (
    <section class="card acknowledgement">
      <p>
        {result.level} <span class={`level level-${level}`}>{level}</span>{' '}
        {acknowledged ? <Badge tone="good">{result.acknowledged}</Badge> : result.mustAcknowledge}
      </p>
      {failure !== null && <Failure error={failure} />}
      {!acknowledged && may('operator', spec?.target ?? '') && (
        <button
          type="button"
          disabled={busy}
          onClick={() => {
            setBusy(true)
            act(metadata.name, 'ack')
              .then(onChange, (error: unknown) => {
                setFailure(asCallFailed(error))
              })
              .finally(() => {
                setBusy(false)
              })
          }}
        >
          {result.acknowledge}
        </button>
      )}
    </section>
  )
}

function Facts({ request: { metadata, spec, status } }: { readonly request: RestoreRequest }) {
  const { result, backups } = texts()
  const { startTime, completionTime, durationSeconds, downtimeMs, applicationDowntimeMs } = status
  return (
    <dl class="details">
      <dt>{result.request}</dt>
      <dd class="id">{printable(metadata.name)}</dd>
      <dt>{backups.target}</dt>
      <dd>{printable(spec?.target ?? '')}</dd>
      <dt>{result.requestedBy}</dt>
      <dd>{printable(spec?.requestedBy ?? '')}</dd>
      {spec?.reason !== undefined && (
        <>
          <dt>{result.why}</dt>
          <dd>{printable(spec.reason)}</dd>
        </>
      )}
      {startTime !== undefined && (
        <>
          <dt>{result.started}</dt>
          <dd>
            <Time at={startTime} />
          </dd>
        </>
      )}
      {completionTime !== undefined && (
        <>
          <dt>{result.ended}</dt>
          <dd>
            <Time at={completionTime} />
          </dd>
        </>
      )}
      {durationSeconds !== undefined && (
        <>
          <dt>{result.duration}</dt>
          <dd>{exactDuration(durationSeconds * 1000)}</dd>
        </>
      )}
      {downtimeMs !== undefined && (
        <>
          <dt>{result.downtime}</dt>
          <dd>
            {result.ownDowntime(exactDuration(downtimeMs))}
            {applicationDowntimeMs !== undefined && (
              <span class="below">{result.seenDowntime(exactDuration(applicationDowntimeMs))}</span>
            )}
          </dd>
        </>
      )}
    </dl>
  )
}
