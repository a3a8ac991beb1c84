/**
 * Logs in at the application as one of its users does. One login that is answered, never a second: a wrong password tried twice
 * may lock the account. The password is in the body of that request alone, and nothing of the answer is kept or told but its status.
 */

import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'

import { codeOf, messageOf, RestoreError } from '../domain/errors.ts'
import { shellWord } from '../domain/shell-word.ts'
import type { LoginProbe } from '../domain/target.ts'
import type { LoginFinding } from './contract.ts'
import { inWords, isExpired, pause, withDeadline } from './deadline.ts'
import { callHttp, withoutSecrets, type HttpAnswer } from './http-call.ts'

const INTERVAL_MS = 500
const MOST_PASSWORD_BYTES = 1024
const OTHERS = 0o077
/** Nobody listens yet: no login was tried. */
const NOT_UP: ReadonlySet<string> = new Set(['ECONNREFUSED'])

/** Never rejects. */
export async function probeLogin(probe: LoginProbe): Promise<LoginFinding> {
  try {
    const password = await passwordIn(probe.passwordFile)
    return await withDeadline(probe.timeoutMs, undefined, (deadline) => ask(probe, password, deadline))
  } catch (error) {
    return { verdict: 'unknown', text: `no login was tried: ${messageOf(error)}` }
  }
}

async function ask(probe: LoginProbe, password: string, deadline: AbortSignal): Promise<LoginFinding> {
  const place = withoutSecrets(probe.url)
  const { url, insecureSkipVerify } = probe
  const body = JSON.stringify({ [probe.usernameField]: probe.username, [probe.passwordField]: password })
  const headers = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }
  for (;;) {
    try {
      const answer = await callHttp({ url, insecureSkipVerify, method: 'POST', headers, body }, deadline)
      return judge(probe, place, answer)
    } catch (error) {
      const code = codeOf(error)
      if (isExpired(deadline)) {
        return { verdict: 'unknown', text: `a login at ${place} had no answer within ${inWords(probe.timeoutMs)}` }
      }
      if (code === undefined || !NOT_UP.has(code)) {
        return { verdict: 'unknown', text: `a login at ${place} could not be tried: ${code ?? messageOf(error)}` }
      }
    }
    await pause(INTERVAL_MS, deadline)
    if (isExpired(deadline)) return { verdict: 'unknown', text: `no login was tried: nobody listens at ${place}` }
  }
}

function judge(probe: LoginProbe, place: string, { status, body }: HttpAnswer): LoginFinding {
  const { username, expectStatus, tokenField } = probe
  if (status !== expectStatus) {
    const text = `the login of ${username} at ${place} gave HTTP ${status}`
    if (status !== 401) return { verdict: 'refused', text }
    return { verdict: 'refused', text: `${text}; the restored database has the passwords of its time` }
  }
  if (tokenField === null) return { verdict: 'in', text: `${username} could log in at ${place}: HTTP ${status}` }
  if (hasToken(body, tokenField)) {
    return { verdict: 'in', text: `${username} could log in at ${place}: HTTP ${status}, with a token` }
  }
  return {
    verdict: 'refused',
    text: `the login of ${username} at ${place} gave HTTP ${status} without a token in ${tokenField}`,
  }
}

function hasToken(body: string, field: string): boolean {
  try {
    const answer = JSON.parse(body) as unknown
    if (typeof answer !== 'object' || answer === null || !Object.hasOwn(answer, field)) return false
    const token = (answer as Readonly<Record<string, unknown>>)[field]
    return typeof token === 'string' && token !== ''
  } catch {
    return false
  }
}

/** @throws RestoreError where the file is not one that its owner alone can read; the system's error where it cannot be read. */
async function passwordIn(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    await requireSafe(file, path)
    const buffer = Buffer.alloc(MOST_PASSWORD_BYTES + 1)
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0)
    const password = buffer.toString('utf8', 0, bytesRead).replace(/\r?\n$/, '')
    if (password !== '' && bytesRead <= MOST_PASSWORD_BYTES && !/[\r\n]/.test(password)) return password
    throw unsafe(path, 'does not hold a password alone, on one line', `write it anew, mode 0600: ${shellWord(path)}`)
  } finally {
    await file.close()
  }
}

async function requireSafe(file: FileHandle, path: string): Promise<void> {
  const found = await file.stat()
  const ours = found.uid === 0 || found.uid === process.geteuid?.()
  if (found.isFile() && ours && (found.mode & OTHERS) === 0) return
  throw unsafe(path, 'can be read by others than its owner, or belongs to another user', `chmod 600 ${shellWord(path)}`)
}

function unsafe(path: string, why: string, hint: string): RestoreError {
  return new RestoreError(`the password file ${path} ${why}; ${hint}`, { reason: 'InsecurePermissions', hint })
}
