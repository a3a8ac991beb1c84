/** One request from its beginning to its end, whoever opens it and whenever: the progress, the preview or the result. */

import { useEffect, useState } from 'preact/hooks'

import { isTerminal } from '../../domain/phases.ts'
import type { CallFailed } from '../server/client.ts'
import { follow, type Followed } from '../server/follow.ts'
import { texts } from '../texts/language.ts'
import { Failure, Spinner, Title } from './parts.tsx'
import { PlanView } from './plan.tsx'
import { ProgressView } from './progress.tsx'
import { ResultView } from './result.tsx'

export function RequestView({ name }: { readonly name: string }) {
  const [followed, setFollowed] = useState<Followed | null>(null)
  const [connected, setConnected] = useState(true)
  const [refused, setRefused] = useState<CallFailed | null>(null)
  const [round, setRound] = useState(0)

  useEffect(() => follow(name, { changed: setFollowed, connected: setConnected, refused: setRefused }), [name, round])

  const { result, plan, progress, reconnecting, loading } = texts()
  if (refused !== null) {
    return (
      <>
        <Title>{result.title}</Title>
        <Failure error={refused} />
      </>
    )
  }
  if (followed === null) {
    return (
      <>
        <Title>{loading}</Title>
        <Spinner />
        {!connected && <p class="notice notice-warn">{reconnecting}</p>}
      </>
    )
  }
  const { request } = followed
  const ended = isTerminal(request.status.phase)
  const isPlan = request.spec?.mode === 'DryRun'
  return (
    <>
      <Title>{isPlan ? plan.title : ended ? result.title : progress.overall}</Title>
      {!connected && !ended && (
        <p class="notice notice-warn" role="status">
          {reconnecting}
        </p>
      )}
      {!ended && <ProgressView {...followed} />}
      {ended && isPlan && <PlanView request={request} />}
      {ended && !isPlan && (
        <ResultView
          {...followed}
          onChange={() => {
            setRound((before) => before + 1)
          }}
        />
      )}
    </>
  )
}
