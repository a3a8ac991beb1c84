/** The five lines of the manual (3.2, step 7), what is waited for, and what a person may do meanwhile. */

import { useEffect, useState } from 'preact/hooks'

import { TEXTS } from '../../domain/messages.ts'
import { TRANSITIONS, type ActivePhase, type Phase, type ProgressStep } from '../../domain/phases.ts'
import type { Mode } from '../../domain/resource.ts'
import { stepSinceMs, STEPS, stepStates, type StepState } from '../../domain/steps.ts'
import { duration, localTime, megabytes, printable } from '../format.ts'
import { asCallFailed, clockAheadMs, type CallFailed } from '../server/client.ts'
import type { Followed } from '../server/follow.ts'
import type { RestoreRequest } from '../server/objects.ts'
import { act } from '../server/restores.ts'
import { may, user } from '../server/session.ts'
import { said } from '../server/said.ts'
import { language, texts } from '../texts/language.ts'
import { ChecklistPart } from './checklist.tsx'
import { Failure, Spinner } from './parts.tsx'

export function ProgressView({ request, walk }: Followed) {
  const { progress } = texts()
  const { spec, status, metadata } = request
  const { phase } = status
  const mode = spec?.mode ?? 'Restore'
  const headings: Readonly<Record<Mode, string>> = {
    Restore: TEXTS[language.value].progressHeading,
    DryRun: progress.planHeading,
    Drill: progress.drillHeading,
    Extract: progress.extractHeading,
  }
  if (phase === 'Pending') return <PendingView request={request} />
  return (
    <section class="card progress-card" aria-label={progress.overall}>
      <h2>
        <Spinner />
        {headings[mode]}
      </h2>
      {mode === 'DryRun' ? (
        <p>{progress.planNote}</p>
      ) : (
        <StepLines request={request} walk={walk} showsBar={phase !== 'RollingBack'} />
      )}
      <Activity phase={phase} />
      <Elapsed request={request} walk={walk} />
      <p class="hint">{progress.mayClose}</p>
      {isCancellable(phase) && (
        <Cancel name={metadata.name} target={spec?.target ?? ''} cancelled={status.cancelRequested} />
      )}
    </section>
  )
}

/** Of each line its state; of the running one its bytes too. */
export function StepLines({ request, walk, showsBar }: Followed & { readonly showsBar: boolean }) {
  const { progress } = texts()
  const manual = TEXTS[language.value]
  const states = stepStates(walk)
  const current = request.status.progress
  const words: Readonly<Record<StepState, string>> = {
    waiting: progress.waiting,
    running: manual.stepRunning,
    done: manual.stepDone,
    skipped: progress.skipped,
    failed: progress.failed,
  }
  const partOf = (step: ProgressStep): number =>
    current?.step === step && current.bytesTotal > 0 ? Math.min(1, current.bytesDone / current.bytesTotal) : 0
  const whole = STEPS.reduce(
    (sum, step) => sum + (states[step] === 'running' ? partOf(step) : states[step] === 'waiting' ? 0 : 1),
    0,
  )
  return (
    <>
      <ol class="steps">
        {STEPS.map((step) => (
          <li key={step} class={`step step-${states[step]}`}>
            <span class="step-label">{manual.steps[step]}</span>
            <span class="step-state">{words[states[step]]}</span>
            {states[step] === 'running' && partOf(step) > 0 && current !== undefined && (
              <span class="step-bytes quiet">
                {progress.bytes(megabytes(current.bytesDone), megabytes(current.bytesTotal))}
              </span>
            )}
          </li>
        ))}
      </ol>
      {showsBar && <progress max={STEPS.length} value={whole} aria-label={progress.overall} />}
    </>
  )
}

/** What is done beside the five lines, or after the last of them. */
function Activity({ phase }: { readonly phase: Phase }) {
  const { progress } = texts()
  const words: Readonly<Partial<Record<Phase, string>>> = {
    Preflight: progress.preflight,
    Quiescing: progress.quiescing,
    Resuming: progress.resuming,
    RollingBack: progress.rollingBack,
  }
  return (
    <p class={`activity ${phase === 'RollingBack' ? 'notice notice-warn' : ''}`} role="status">
      {words[phase] ?? ''}
    </p>
  )
}

/** By the server's clock: this browser's may be wrong. */
function Elapsed({ request, walk }: Followed) {
  const [nowMs, setNowMs] = useState(Date.now())
  useEffect(() => {
    const timer = setInterval(() => {
      setNowMs(Date.now())
    }, 1000)
    return () => {
      clearInterval(timer)
    }
  }, [])
  const beganMs = Date.parse(request.status.startTime ?? walk[0]?.at ?? '')
  if (Number.isNaN(beganMs)) return null
  const stepMs = stepSinceMs(walk)
  const now = nowMs + clockAheadMs.value
  return (
    <p class="quiet elapsed">
      {texts().progress.elapsed(duration(now - beganMs))}
      {stepMs !== undefined && now - stepMs > 10_000 && ` (${duration(now - stepMs)})`}
    </p>
  )
}

function isCancellable(phase: Phase): boolean {
  return phase in TRANSITIONS && TRANSITIONS[phase as ActivePhase].onCancel !== null
}

interface CancelProps {
  readonly name: string
  readonly target: string
  readonly cancelled: string | undefined
}

function Cancel({ name, target, cancelled }: CancelProps) {
  const { progress } = texts()
  const [sure, setSure] = useState(false)
  const [failure, setFailure] = useState<CallFailed | null>(null)
  if (cancelled !== undefined) return <p role="status">{progress.cancelling}</p>
  if (!may('admin', target)) return null
  const cancel = (): void => {
    act(name, 'cancel', { reason: 'cancelled on the page' }).catch((error: unknown) => {
      setFailure(asCallFailed(error))
    })
  }
  return (
    <div class="cancel">
      {failure !== null && <Failure error={failure} />}
      {sure ? (
        <p class="buttons" role="group" aria-label={progress.cancelSure}>
          <span>{progress.cancelSure}</span>
          <button
            type="button"
            autoFocus
            onClick={() => {
              setSure(false)
            }}
          >
            {progress.cancelNo}
          </button>
          <button type="button" class="danger" onClick={cancel}>
            {progress.cancelYes}
          </button>
        </p>
      ) : (
        <button
          type="button"
          onClick={() => {
            setSure(true)
          }}
        >
          {progress.cancel}
        </button>
      )}
    </div>
  )
}

/** Why it has not begun, and who can let it go on: four eyes, a hold, the checklist before a restore. */
function PendingView({ request }: { readonly request: RestoreRequest }) {
  const { progress, approval } = texts()
  const { metadata, spec, status } = request
  const { reason, message = '', hint, nextAttemptTime, held, approvals = [], cancelRequested } = status
  const [failure, setFailure] = useState<CallFailed | null>(null)
  const approves = reason === 'ApprovalRequired' || held === true
  const target = spec?.target ?? ''
  const approve = (): void => {
    setFailure(null)
    act(metadata.name, 'approve').catch((error: unknown) => {
      setFailure(asCallFailed(error))
    })
  }
  return (
    <section class="card" aria-label={progress.overall}>
      <h2>
        <Spinner />
        {approves ? approval.title : progress.pending}
      </h2>
      {message !== '' && <p role="status">{printable(said(message))}</p>}
      {hint !== undefined && !approves && <p class="hint">{printable(said(hint))}</p>}
      {nextAttemptTime !== undefined && <p>{progress.nextAttempt(localTime(nextAttemptTime))}</p>}
      {approves && (
        <>
          <p>
            {held === true ? approval.held : approval.text(approvals.length, Math.max(1, spec?.approval.required ?? 1))}
          </p>
          {approvals.length > 0 && (
            <p>
              {approval.by}: {approvals.map(printable).join(', ')}
            </p>
          )}
          {failure !== null && <Failure error={failure} />}
          {may('admin', target) && user.value != null && (
            <button type="button" class="primary" onClick={approve}>
              {held === true ? approval.release : approval.approve}
            </button>
          )}
        </>
      )}
      {reason === 'ChecklistRequired' && <ChecklistPart name={metadata.name} list="pre" target={target} />}
      <Cancel name={metadata.name} target={target} cancelled={cancelRequested} />
    </section>
  )
}
