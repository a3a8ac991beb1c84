/** Logging in: as a view of its own, and above everything else where a session has ended. */

import { useRef, useState } from 'preact/hooks'

import { asCallFailed, type CallFailed, sessionEnded } from '../server/client.ts'
import { continueSession, logIn, loginMethods, user } from '../server/session.ts'
import { texts } from '../texts/language.ts'
import { useLoaded } from './load.ts'
import { Failure, Modal, Spinner } from './parts.tsx'

export function LoginView() {
  const { login, product, tagline } = texts()
  return (
    <main class="login-view" id="content">
      <div class="card login-card">
        <p class="brand-large">
          <span class="brand-mark" aria-hidden="true" />
          {product}
          <span class="quiet">{tagline}</span>
        </p>
        <h1>{login.title}</h1>
        <LoginForm />
      </div>
    </main>
  )
}

/** What is behind it keeps what was typed; the call that was refused is made again afterwards. */
export function RenewalDialog() {
  const { login } = texts()
  if (!sessionEnded.value || user.value == null) return null
  return (
    <Modal labelledBy="renewal-title" class="login-card">
      <h2 id="renewal-title">{login.expiredTitle}</h2>
      <p>{login.expired}</p>
      <LoginForm name={user.value.username} />
    </Modal>
  )
}

/** In a window of its own: this one keeps what was typed. */
function IssuerRenewal({ path }: { readonly path: string }) {
  const { login } = texts()
  const [failure, setFailure] = useState<CallFailed | null>(null)
  return (
    <>
      <a class="button" href={path} target="_blank" rel="noopener">
        {login.openIdAgain}
      </a>
      <button
        type="button"
        onClick={() => {
          continueSession().catch((error: unknown) => {
            setFailure(asCallFailed(error))
          })
        }}
      >
        {login.goOn}
      </button>
      {failure !== null && <Failure error={failure} />}
    </>
  )
}

function LoginForm({ name }: { readonly name?: string }) {
  const { login } = texts()
  const methods = useLoaded('methods', () => loginMethods())
  const [failure, setFailure] = useState<CallFailed | null>(null)
  const [busy, setBusy] = useState(false)
  const username = useRef<HTMLInputElement>(null)
  const password = useRef<HTMLInputElement>(null)

  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    setBusy(true)
    setFailure(null)
    logIn(username.current?.value ?? '', password.current?.value ?? '').catch((error: unknown) => {
      setBusy(false)
      setFailure(asCallFailed(error))
      password.current?.select()
    })
  }

  const { value, failure: unknown, reload } = methods
  if (unknown !== undefined && value === undefined) return <Failure error={unknown} onRetry={reload} />
  const back = encodeURIComponent(`${location.pathname}${location.search}`)
  return (
    <>
      {value?.password === false && value.openid_connect === null && <p class="notice notice-warn">{login.none}</p>}
      {value?.password !== false && (
        <form onSubmit={submit} class="form">
          <label>
            {login.user}
            <input
              ref={username}
              name="username"
              autocomplete="username"
              required
              defaultValue={name ?? ''}
              autoFocus={name === undefined}
            />
          </label>
          <label>
            {login.password}
            <input
              ref={password}
              name="password"
              type="password"
              autocomplete="current-password"
              required
              autoFocus={name !== undefined}
            />
          </label>
          {failure !== null &&
            (failure.status === 401 ? (
              <p class="notice notice-bad" role="alert">
                {login.wrong}
              </p>
            ) : (
              <Failure error={failure} />
            ))}
          <button type="submit" class="primary" disabled={busy}>
            {busy && <Spinner />}
            {busy ? login.busy : login.submit}
          </button>
        </form>
      )}
      {value?.openid_connect != null && (
        <>
          {value.password && <p class="divider quiet">{login.or}</p>}
          {name === undefined ? (
            <a class="button" href={`${value.openid_connect}?return=${back}`}>
              {login.openId}
            </a>
          ) : (
            <IssuerRenewal path={value.openid_connect} />
          )}
        </>
      )}
    </>
  )
}
