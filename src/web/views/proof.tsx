/** Who asks is proven again before a restore (manual 3.2, step 5): by the password, or at the issuer of an OpenID Connect login. */

import { useRef, useState } from 'preact/hooks'
import type { RefObject } from 'preact'

import { asCallFailed } from '../server/client.ts'
import { reauthenticate } from '../server/restores.ts'
import { reauthentication } from '../server/session.ts'
import { texts } from '../texts/language.ts'

export interface AskedProof {
  readonly way: 'password' | 'issuer' | 'none'
  readonly password: RefObject<HTMLInputElement | null>
  readonly wrong: 'empty' | 'wrong' | null
  /** Nothing can be done before the person has been at the issuer. */
  readonly isMissing: boolean
  /** Where the issuer proves it. */
  readonly issuerAddress: string
  /** False: the person is asked for what is missing. */
  readonly isGiven: () => boolean
  /** @throws CallFailed. */
  readonly take: () => Promise<string | null>
  /** Whether the failure is the password's: then it is asked for again. */
  readonly refused: (error: unknown) => boolean
}

/**
 * @param what is restored: a backup by its id, a safety backup by its name.
 * @param given of a login at the issuer that was made for this; null: none.
 * @param back where the browser comes back to from the issuer.
 */
export function useProof(what: string, given: string | null, back: string): AskedProof {
  const password = useRef<HTMLInputElement>(null)
  const [wrong, setWrong] = useState<'empty' | 'wrong' | null>(null)
  const way = reauthentication()
  const askAgain = (why: 'empty' | 'wrong'): void => {
    setWrong(why)
    password.current?.focus()
    password.current?.select()
  }
  return {
    way,
    password,
    wrong,
    isMissing: way === 'issuer' && given === null,
    issuerAddress: `/auth/oidc/login?reauth=${encodeURIComponent(what)}&return=${encodeURIComponent(back)}`,
    isGiven: () => {
      if (way !== 'password' || (password.current?.value ?? '') !== '') return true
      askAgain('empty')
      return false
    },
    take: async () => {
      setWrong(null)
      return way === 'password' ? reauthenticate(password.current?.value ?? '', what) : given
    },
    refused: (error) => {
      if (way !== 'password' || asCallFailed(error).status !== 401) return false
      askAgain('wrong')
      return true
    },
  }
}

export function ProofFields({ proof }: { readonly proof: AskedProof }) {
  const { dialog } = texts()
  const { way, wrong, isMissing, issuerAddress } = proof
  if (way === 'none') return null
  if (way === 'issuer') {
    if (!isMissing) return <p class="notice notice-good">{dialog.proven}</p>
    return (
      <div class="prove">
        <p class="hint">{dialog.proveWhy}</p>
        <a class="button" href={issuerAddress}>
          {dialog.proveAgain}
        </a>
      </div>
    )
  }
  return (
    <label>
      {dialog.password}
      <input
        ref={proof.password}
        type="password"
        name="password"
        autocomplete="current-password"
        aria-describedby="password-why"
        aria-invalid={wrong !== null}
      />
      <span
        id="password-why"
        class={wrong === null ? 'hint' : 'hint hint-bad'}
        role={wrong === null ? undefined : 'alert'}
      >
        {wrong === null ? dialog.passwordWhy : wrong === 'empty' ? dialog.empty : dialog.wrongPassword}
      </span>
    </label>
  )
}
