/** The page: who is logged in decides between the login and the views. */

import { render } from 'preact'
import { useEffect, useState } from 'preact/hooks'

import { navigate, PATHS, place, routeOf, takeProof } from './route.ts'
import { asCallFailed, type CallFailed } from './server/client.ts'
import { findUser, user } from './server/session.ts'
import { texts } from './texts/language.ts'
import { BackupsView } from './views/backups.tsx'
import { HistoryView } from './views/history.tsx'
import { LoginView, RenewalDialog } from './views/login.tsx'
import { OverviewView } from './views/overview.tsx'
import { Failure, Spinner, Title } from './views/parts.tsx'
import { RequestView } from './views/request.tsx'
import { Header, Shell } from './views/shell.tsx'

/** Before anything else can read the address. */
const proof = takeProof()

function App() {
  const [failure, setFailure] = useState<CallFailed | null>(null)
  const find = (): void => {
    setFailure(null)
    findUser().catch((error: unknown) => {
      setFailure(asCallFailed(error))
    })
  }
  useEffect(find, [])

  const known = user.value
  if (known === undefined) {
    return (
      <>
        <Header />
        <main id="content" class="content">
          {failure === null ? <Spinner /> : <Failure error={failure} onRetry={find} />}
        </main>
      </>
    )
  }
  if (known === null) {
    return (
      <>
        <Header />
        <LoginView />
      </>
    )
  }
  return (
    <>
      <Shell>
        <View />
      </Shell>
      <RenewalDialog />
    </>
  )
}

function View() {
  const route = routeOf(place.value)
  switch (route.view) {
    case 'overview':
      return <OverviewView proof={proof} />
    case 'backups':
      return <BackupsView proof={proof} />
    case 'request':
      return <RequestView key={route.name} name={route.name} />
    case 'history':
      return <HistoryView />
    case 'missing':
      return <Missing />
  }
}

function Missing() {
  const { missing } = texts()
  return (
    <>
      <Title>{missing.title}</Title>
      <button
        type="button"
        onClick={() => {
          navigate(PATHS.overview)
        }}
      >
        {missing.back}
      </button>
    </>
  )
}

const root = document.getElementById('app')
if (root !== null) render(<App />, root)
