/** Every route that the application serves, as a call that names things which are there or could be. */

import type { Role } from '../../../src/api/caller.ts'
import type { Workplace } from '../../cli/workplace.ts'
import { RANKS } from './accounts.ts'
import type { AuthDoor, CallAnswer, Headers, ServedRoute } from './auth-door.ts'

const MANUAL_BACKUP = 'BKP-20260215-020015-daily'

/** What answers without a credential. A route that is new and public is to be added here by somebody who means it. */
export const PUBLIC: readonly string[] = [
  'GET /openapi.json',
  'GET /apis/modosu.dev/v1/healthz',
  'GET /auth/oidc/login',
  'GET /auth/oidc/callback',
  'POST /api/v1/auth/login',
  'GET /api/v1/auth/methods',
  'GET /api/v1/health',
  'GET /api/v1/health/live',
  'GET /api/v1/health/ready',
]

/** Whoever has proven who they are may call it, whatever their role. */
const EVERYBODY: readonly string[] = [
  'POST /api/v1/auth/logout',
  'POST /api/v1/auth/reauth',
  'GET /api/v1/auth/me',
  'POST /apis/modosu.dev/v1/translations',
]

/** Acts that need less than an admin; every other act is an admin's, and every look a viewer's. */
const OPERATORS: readonly string[] = [
  'POST /apis/modosu.dev/v1/restorerequests/:name/ack',
  'POST /apis/modosu.dev/v1/restorerequests/:name/checklist',
  'POST /apis/modosu.dev/v1/targets/:target/backups/:id/verify',
  'POST /api/v1/backups/:id/verify',
]

const FACTS: Readonly<Record<string, unknown>> = {
  'POST /apis/modosu.dev/v1/restorerequests': {
    apiVersion: 'modosu.dev/v1',
    kind: 'RestoreRequest',
    metadata: { name: 'inc-2' },
    spec: { target: 'shop', source: { latest: {} }, confirm: true },
  },
  'POST /apis/modosu.dev/v1/prune': { target: 'shop' },
  'POST /apis/modosu.dev/v1/translations': { language: 'ja', texts: [] },
}

export const nameOf = ({ method, url }: ServedRoute): string => `${method} ${url}`

/** @returns null: no role is asked for. */
export function leastRoleOf(route: ServedRoute): Role | null {
  const name = nameOf(route)
  if (EVERYBODY.includes(name)) return null
  if (OPERATORS.includes(name)) return 'operator'
  return route.method === 'GET' ? 'viewer' : 'admin'
}

/** Puts there what the calls name. */
export function furnish(place: Workplace): void {
  place.live()
  place.backup('daily', '20260215_020015')
  place.request('inc-1')
}

export function isAllowed(least: Role | null, role: Role): boolean {
  return least === null || RANKS.indexOf(role) >= RANKS.indexOf(least)
}

/** @param things what the placeholders of the pattern stand for. */
export function callRoute(
  door: AuthDoor,
  route: ServedRoute,
  headers: Headers,
  things: Readonly<Record<string, string>> = {},
): Promise<CallAnswer> {
  const names: Readonly<Record<string, string>> = {
    name: route.url.includes('/targets/') ? 'shop' : route.url.includes('backups/') ? MANUAL_BACKUP : 'inc-1',
    id: MANUAL_BACKUP,
    target: 'shop',
    ...things,
  }
  const path = route.url.replaceAll(/:(\w+)/g, (_, key: string) => names[key] ?? key)
  const body = route.method === 'POST' ? (FACTS[nameOf(route)] ?? {}) : undefined
  return door.call(route.method, path, headers, body)
}
