/** The login name of a uid, as the host's name service knows it (nsswitch.conf(5)); Node.js has no getpwuid(3). */

import { execFile } from 'node:child_process'

const LOOK_MS = 1000
const KEPT_MS = 60_000

const known = new Map<number, { readonly name: string | null; readonly atMs: number }>()

/** @returns null where it has none. Never rejects. */
export async function loginName(uid: number): Promise<string | null> {
  const found = known.get(uid)
  if (found !== undefined && performance.now() - found.atMs < KEPT_MS) return found.name
  const name = await new Promise<string | null>((resolve) => {
    execFile('getent', ['passwd', String(uid)], { timeout: LOOK_MS }, (error, stdout) => {
      const [login = ''] = stdout.split(':')
      resolve(error === null && /^[\w.@-]{1,64}\$?$/.test(login) ? login : null)
    })
  })
  known.set(uid, { name, atMs: performance.now() })
  return name
}
