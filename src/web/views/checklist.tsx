/** A checklist of the manual (10, 11): what the program knows it has ticked itself, the rest a person ticks. */

import { useState } from 'preact/hooks'

import { localTime, printable } from '../format.ts'
import { asCallFailed, call, type CallFailed } from '../server/client.ts'
import { pathOf } from '../server/follow.ts'
import type { Checklist } from '../server/objects.ts'
import { may } from '../server/session.ts'
import { language, texts } from '../texts/language.ts'
import { useLoaded } from './load.ts'
import { Badge, Failure } from './parts.tsx'

interface ChecklistPartProps {
  readonly name: string
  readonly list: 'pre' | 'post'
  readonly target: string
  /** For a look alone. */
  readonly frozen?: boolean
}

export function ChecklistPart({ name, list, target, frozen = false }: ChecklistPartProps) {
  const { checklist: words } = texts()
  const query = `?list=${list}&lang=${language.value}`
  const path = `${pathOf(name)}/checklist${query}`
  const { value, failure, reload } = useLoaded(path, (signal) => call<Checklist>(path, { signal }), 30_000)
  const [ticked, setTicked] = useState<Checklist | null>(null)
  const [refusal, setRefusal] = useState<CallFailed | null>(null)
  if (failure !== undefined && value === undefined) return <Failure error={failure} onRetry={reload} />
  if (value === undefined) return null
  const shown = ticked?.list === list ? ticked : value
  const mayTick = may('operator', target) && !frozen

  const tick = (number: number, done: boolean): void => {
    setRefusal(null)
    call<Checklist>(`${pathOf(name)}/checklist?lang=${language.value}`, {
      method: 'POST',
      body: { list, [done ? 'tick' : 'untick']: [number] },
    }).then(
      (after) => {
        setTicked(after)
        reload()
      },
      (error: unknown) => {
        setRefusal(asCallFailed(error))
        reload()
      },
    )
  }

  return (
    <section class="checklist">
      <h3>
        {shown.title}{' '}
        <Badge tone={shown.complete ? 'good' : 'warn'}>
          {shown.complete ? words.complete : words.open(shown.open.length)}
        </Badge>
      </h3>
      {refusal !== null && <Failure error={refusal} />}
      <ol>
        {shown.points.map(({ number, by, done, optional, evidence, tickedBy, tickedAt, item, how }) => (
          <li key={number}>
            <label class={by === 'machine' && !done ? 'point point-bad' : 'point'}>
              <input
                type="checkbox"
                checked={done}
                disabled={by === 'machine' || !mayTick}
                onChange={(event) => {
                  tick(number, event.currentTarget.checked)
                }}
              />
              <span>
                {item}
                {optional && <span class="quiet"> ({words.optional})</span>}
                <span class="below quiet">
                  {by === 'machine' ? (done ? words.machine : words.notMet) : `${words.how}: ${how}`}
                  {evidence !== '' && `: ${printable(evidence)}`}
                  {tickedBy !== null && tickedAt !== null && done && (
                    <> ({words.ticked(printable(tickedBy), localTime(tickedAt))})</>
                  )}
                </span>
              </span>
            </label>
          </li>
        ))}
      </ol>
      {!may('operator', target) && <p class="hint">{words.mayNot}</p>}
    </section>
  )
}
