/** Which view the address means. */

import { signal } from '@preact/signals'

export type Route =
  | { readonly view: 'overview' }
  | { readonly view: 'backups' }
  | { readonly view: 'request'; readonly name: string }
  | { readonly view: 'history' }
  | { readonly view: 'missing' }

export const PATHS = {
  overview: '/',
  backups: '/ui/settings/backups',
  history: '/ui/history',
  request: (name: string) => `/ui/requests/${encodeURIComponent(name)}`,
} as const

interface Place {
  readonly path: string
  readonly query: URLSearchParams
}

export const place = signal<Place>(here())

addEventListener('popstate', () => {
  place.value = here()
})

function here(): Place {
  return { path: location.pathname, query: new URLSearchParams(location.search) }
}

/** @param how `replace`: the address before is not gone back to. */
export function navigate(address: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') history.pushState(null, '', address)
  else history.replaceState(null, '', address)
  place.value = here()
  if (how === 'push') scrollTo(0, 0)
}

/** Changes some of the query; an empty value takes its key out. */
export function changeQuery(changes: Readonly<Record<string, string>>): void {
  const query = new URLSearchParams(place.peek().query)
  for (const [key, value] of Object.entries(changes)) {
    if (value === '') query.delete(key)
    else query.set(key, value)
  }
  const text = query.toString()
  navigate(`${place.peek().path}${text === '' ? '' : `?${text}`}`, 'replace')
}

export function routeOf({ path }: Place): Route {
  if (path === PATHS.overview) return { view: 'overview' }
  if (path === PATHS.backups) return { view: 'backups' }
  if (path === PATHS.history) return { view: 'history' }
  const name = /^\/ui\/requests\/([^/]+)$/.exec(path)?.[1]
  return name === undefined ? { view: 'missing' } : { view: 'request', name: decoded(name) }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** A proof of who somebody is, which an issuer's login leaves in the address: taken out at once, and used once. */
export function takeProof(): string | null {
  const proof = /^#reauth=([\w-]+)$/.exec(location.hash)?.[1]
  if (proof === undefined) return null
  history.replaceState(null, '', `${location.pathname}${location.search}`)
  return proof
}
