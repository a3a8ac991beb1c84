/** Makes plain, bounded values of whatever is logged, without secrets (manual 4.2; R160). */

import { RestoreError, codeOf } from '../domain/errors.ts'

export const REDACTED = '[redacted]'

const MAX_DEPTH = 6
const MAX_ITEMS = 100
const MAX_TEXT = 8192

/** Parts of a key, in lower case and without - and _, that make its value a secret. */
const SECRET_KEYS = [
  'authorization',
  'password',
  'passwd',
  'passphrase',
  'token',
  'secret',
  'cookie',
  'apikey',
  'privatekey',
  'credential',
  'signature',
]

/** Keys that the log line itself uses. */
const RESERVED = new Set(['level', 'time', 'msg'])

/** Secrets that give themselves away inside a text: credentials of a header, of a URL, and JSON Web Tokens. */
const SECRET_TEXTS: readonly (readonly [RegExp, string])[] = [
  [/\b(bearer|basic) +[a-z0-9+/._~=-]{8,}/gi, `$1 ${REDACTED}`],
  [/(:\/\/)[^\s/@:]{1,256}:[^\s/@]{1,256}@/g, `$1${REDACTED}@`],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, REDACTED],
]

/** The fields of a log line. Never throws: a field that cannot be read says so. */
export function redactFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.keys(fields).map((key) => [keyOf(key), fieldOf(fields, key, 0)])
  return Object.fromEntries(entries) as Record<string, unknown>
}

/** One key for errors, whichever of the two customary ones a layer uses. */
function keyOf(key: string): string {
  if (key === 'err') return 'error'
  return RESERVED.has(key) ? `${key}_` : key
}

/** A text without the secrets that can be recognised in it, and not longer than a log line may be. */
export function redactText(text: string): string {
  let clean = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}… (${text.length - MAX_TEXT} more)` : text
  for (const [pattern, replacement] of SECRET_TEXTS) clean = clean.replaceAll(pattern, replacement)
  return clean
}

function fieldOf(object: object, key: string, depth: number): unknown {
  const plain = key.toLowerCase().replaceAll(/[-_]/g, '')
  if (SECRET_KEYS.some((secret) => plain.includes(secret))) return REDACTED
  try {
    return plainValue((object as Record<string, unknown>)[key], depth)
  } catch {
    return '[unreadable]'
  }
}

function plainValue(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case 'string':
      return redactText(value)
    case 'number':
    case 'boolean':
    case 'undefined':
      return value
    case 'bigint':
      return value.toString()
    case 'symbol':
    case 'function':
      return `[${typeof value}]`
    case 'object':
      return value === null ? null : plainObject(value, depth)
  }
}

function plainObject(value: object, depth: number): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (depth >= MAX_DEPTH) return '[deeper]'
  if (value instanceof Error) return plainError(value, depth)
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (value instanceof Set || value instanceof Map) return plainObject([...value], depth)
  if (Array.isArray(value)) {
    const items = value.slice(0, MAX_ITEMS).map((item: unknown) => plainValue(item, depth + 1))
    return value.length > MAX_ITEMS ? [...items, `… (${value.length - MAX_ITEMS} more)`] : items
  }
  const keys = Object.keys(value).slice(0, MAX_ITEMS)
  return Object.fromEntries(keys.map((key) => [key, fieldOf(value, key, depth + 1)]))
}

/** What happened, the reason, the hint, and the chain of causes; a stack only where the error is not one of ours. */
function plainError(error: Error, depth: number): unknown {
  const { message, name, cause, stack } = error
  return {
    name,
    message: redactText(message),
    ...(error instanceof RestoreError
      ? { reason: error.reason, hint: error.hint }
      : { code: codeOf(error), stack: stack === undefined ? undefined : redactText(stack) }),
    ...(cause === undefined ? {} : { cause: plainValue(cause, depth + 1) }),
  }
}
