/** What would happen, before anything does: the plan of a dry run, and what a restore would take away. */

import type { CheckResult } from '../../domain/resource.ts'
import { duration, printable } from '../format.ts'
import { navigate, PATHS } from '../route.ts'
import { clockAheadMs } from '../server/client.ts'
import type { RestoreRequest } from '../server/objects.ts'
import { said } from '../server/said.ts'
import { may } from '../server/session.ts'
import { texts } from '../texts/language.ts'
import { Loss } from './loss-table.tsx'
import { Badge, Time, type Tone } from './parts.tsx'
import { restoreAddress } from './restore-dialog.tsx'

/** From then on what was compared may be another database. */
const FRESH_MS = 600_000

export function PlanView({ request }: { readonly request: RestoreRequest }) {
  const { plan, result, backups, nextStep } = texts()
  const { spec, status } = request
  const { phase, resolvedBackup, dataLoss, checks, plan: steps = [], message = '', hint, completionTime } = status
  const works = phase === 'Succeeded' && !checks.some((each) => each.result === 'fail' || wouldBeRefused(each))
  const ageMs = Date.now() + clockAheadMs.value - Date.parse(completionTime ?? '')
  const target = spec?.target ?? ''
  const id = resolvedBackup?.backupId ?? spec?.source.backupId ?? ''
  return (
    <>
      <section class="card">
        <h2 class="id">{printable(id)}</h2>
        {works ? <p>{plan.nothing}</p> : <p class="notice notice-bad">{plan.refused}</p>}
        {phase !== 'Succeeded' && (
          <>
            <p>{printable(said(message))}</p>
            {hint !== undefined && (
              <p>
                <strong>{nextStep}: </strong>
                {printable(said(hint))}
              </p>
            )}
          </>
        )}
        {ageMs > FRESH_MS && <p class="notice notice-warn">{plan.old(duration(ageMs))}</p>}
        <div class="buttons">
          {works && may('admin', target) && (
            <button
              type="button"
              class="danger"
              onClick={() => {
                navigate(restoreAddress(id, target))
              }}
            >
              {plan.restore}
            </button>
          )}
          <button
            type="button"
            onClick={() => {
              navigate(PATHS.backups)
            }}
          >
            {works ? result.toBackups : result.chooseAnother}
          </button>
        </div>
      </section>
      {phase === 'Succeeded' && (
        <section class="card">
          <h2>{plan.rows}</h2>
          {dataLoss === undefined ? (
            <p class="notice notice-warn">{plan.notKnown}</p>
          ) : (
            <>
              <p>
                {plan.span}: <Time at={dataLoss.from} /> 〜 <Time at={dataLoss.to} />
              </p>
              <Loss loss={dataLoss} />
            </>
          )}
        </section>
      )}
      {checks.length > 0 && (
        <section class="card">
          <h2>{plan.checks}</h2>
          <CheckList checks={checks} />
        </section>
      )}
      {steps.length > 0 && (
        <section class="card">
          <h2>{plan.steps}</h2>
          <ol class="plan-steps">
            {steps.map((step) => (
              <li key={step}>{printable(said(step).replace(/^\d+\. /, ''))}</li>
            ))}
          </ol>
        </section>
      )}
      <p class="quiet">
        {backups.target}: {printable(target)}
      </p>
    </>
  )
}

/** A dry run ends well also where what it found speaks against a restore. */
function wouldBeRefused({ result, message }: CheckResult): boolean {
  return result === 'warn' && message.startsWith('a restore would be refused')
}

const TONES: Readonly<Record<CheckResult['result'], Tone>> = { pass: 'good', fail: 'bad', warn: 'warn', skip: 'quiet' }

export function CheckList({ checks }: { readonly checks: readonly CheckResult[] }) {
  const { plan } = texts()
  return (
    <ul class="findings">
      {checks.map(({ name, result, message, at }) => (
        <li key={`${name} ${at} ${message}`}>
          <Badge tone={TONES[result]}>{plan.results[result]}</Badge>
          <span>
            {plan.checkNames[name] ?? name}
            <span class="below quiet">{printable(said(message))}</span>
          </span>
        </li>
      ))}
    </ul>
  )
}
