/** Addresses of the configuration. */

import type { Path, ValueReader } from './config-values.ts'

/** As URL writes them. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/

/** http or https, and no password in it: addresses are shown in logs and in the plan. */
export function checkUrl(url: string, at: Path, values: ValueReader): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') {
    values.refuse(at, 'is no http or https address', 'for example: http://localhost:5000/api/v1/health')
  } else if (parsed.username !== '' || parsed.password !== '') {
    values.refuse(at, 'must not contain a user or a password', 'addresses are logged')
  }
}

/** A password goes over a wire encrypted only; an address that is none has been refused before. */
export function refuseInTheClear(url: string, at: Path, values: ValueReader): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.protocol !== 'http:' || LOOPBACK.test(parsed.hostname)) return
  values.refuse(at, 'a password would go over the network in the clear', 'use https, or an address of this host')
}
