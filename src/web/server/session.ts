/** Who is logged in, and what they may do. The server decides; the page only shows what it would refuse. */

import { signal } from '@preact/signals'

import { call, CallFailed, MANUAL, sessionRenewed } from './client.ts'
import type { User } from './objects.ts'

/** undefined: not known yet; null: nobody. */
export const user = signal<User | null | undefined>(undefined)

export interface LoginMethods {
  readonly password: boolean
  readonly openid_connect: string | null
}

/** Asks who the session's cookie belongs to. @throws CallFailed where the server does not answer. */
export async function findUser(): Promise<void> {
  try {
    const answer = await call<{ readonly user: User }>(`${MANUAL}/auth/me`, { anonymous: true })
    user.value = answer.user
  } catch (error) {
    if (!(error instanceof CallFailed) || error.status !== 401) throw error
    user.value = null
  }
}

export async function loginMethods(): Promise<LoginMethods> {
  const { data } = await call<{ readonly data: LoginMethods }>(`${MANUAL}/auth/methods`, { anonymous: true })
  return data
}

/** @throws CallFailed 401 where name or password is wrong. */
export async function logIn(username: string, password: string): Promise<void> {
  await call(`${MANUAL}/auth/login`, { method: 'POST', body: { username, password }, anonymous: true })
  await continueSession()
}

/** After a login, here or in another window. @throws CallFailed 401 where nobody has logged in. */
export async function continueSession(): Promise<void> {
  const before = user.value
  const { user: now } = await call<{ readonly user: User }>(`${MANUAL}/auth/me`, { anonymous: true })
  user.value = now
  // What is on the page belongs to somebody else.
  if (before != null && before.id !== now.id) {
    location.assign('/')
    return
  }
  sessionRenewed()
}

export async function logOut(): Promise<void> {
  const { logoutUrl = '/' } = await call<{ readonly logoutUrl?: string }>(`${MANUAL}/auth/logout`, {
    method: 'POST',
    anonymous: true,
  }).catch((error: unknown) => {
    // The session has ended already.
    if (error instanceof CallFailed && error.status === 401) return { logoutUrl: '/' }
    throw error
  })
  location.assign(logoutUrl)
}

const ROLES = ['viewer', 'operator', 'admin']

/** Whether the person has at least the role on the target. */
export function may(role: 'operator' | 'admin', target: string): boolean {
  const { roles, role: one } = user.value ?? {}
  const held = roles === undefined ? one : (roles[target] ?? roles['*'])
  return held != null && ROLES.indexOf(held) >= ROLES.indexOf(role)
}

/** How the person proves anew who they are before a restore. */
export function reauthentication(): 'password' | 'issuer' | 'none' {
  const known = user.value
  if (known?.roles !== undefined) return 'password'
  return known?.id.startsWith('oidc:') === true ? 'issuer' : 'none'
}
