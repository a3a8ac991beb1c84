/** From an error to the answer that a client of the socket gets: status code and body. */

import { STATUS_CODES } from 'node:http'

import { asRestoreError } from '../domain/errors.ts'
import { InvalidFields } from './body.ts'
import { Forbidden, Unauthorized } from './caller.ts'
import { TooManyRequests } from './limits.ts'

/** `error` and `message` as in the manual's sample (4.3; decision D6); `reason` and `hint` are ours. */
export interface ErrorBody {
  readonly error: string
  /** The reason phrase of the status code. */
  readonly message: string
  readonly reason: string
  readonly hint: string | null
  readonly requiredRoles?: readonly string[]
  readonly userRole?: string
  readonly errors?: InvalidFields['errors']
  /** In seconds. */
  readonly retryAfter?: number
}

/** Reasons that are the client's to mend or to wait out; every other is the server's, 500. */
const STATUS_OF_REASON: Readonly<Record<string, number>> = {
  InvalidJson: 400,
  InvalidArgument: 400,
  ConfirmationRequired: 400,
  BackupNotAvailable: 400,
  Unauthorized: 401,
  Denied: 403,
  Forbidden: 403,
  CrossOrigin: 403,
  ReauthenticationRequired: 403,
  NotFound: 404,
  TargetNotFound: 404,
  BackupNotFound: 404,
  BackupFileNotFound: 404,
  Conflict: 409,
  DuplicateName: 409,
  DatabaseInUse: 409,
  NothingKept: 409,
  NothingToUndo: 409,
  PredecessorChanged: 409,
  PredecessorGone: 409,
  RestoreRunning: 409,
  UndoOutdated: 409,
  ResourceExpired: 410,
  BodyTooLarge: 413,
  UnsupportedMediaType: 415,
  InvalidSpec: 422,
  RateLimited: 429,
  TooManyRequests: 429,
  NotServed: 501,
  DaemonStopping: 503,
  IdentityProviderUnavailable: 503,
  DiskFull: 507,
  InsufficientSpace: 507,
}

export interface ErrorAnswer {
  readonly status: number
  readonly body: ErrorBody
  readonly headers: Readonly<Record<string, string>>
}

/** Never throws; what has no reason of its own is an `InternalError`. */
export function toErrorAnswer(error: unknown): ErrorAnswer {
  const known = asRestoreError(error, 'InternalError')
  const status = STATUS_OF_REASON[known.reason] ?? 500
  return {
    status,
    body: {
      error: known.message,
      message: STATUS_CODES[status] ?? 'Unknown',
      reason: known.reason,
      hint: known.hint ?? null,
      ...wordsOfTheApplication(known),
    },
    headers: headersOf(known),
  }
}

/** Its page shows these texts to the operator, so they are its own, byte for byte. */
function wordsOfTheApplication(error: unknown): Partial<ErrorBody> {
  if (error instanceof Unauthorized) {
    return error.credentialGiven
      ? { error: 'トークンが無効または期限切れです', message: 'Invalid or expired token' }
      : { error: '認証トークンがありません', message: 'Authentication token is required' }
  }
  if (error instanceof Forbidden) {
    const { requiredRoles, userRole } = error
    const message = `This action requires one of the following roles: ${requiredRoles.join(', ')}`
    return { error: '権限がありません', message, requiredRoles, userRole }
  }
  if (error instanceof InvalidFields) return { message: 'Validation failed', errors: error.errors }
  if (error instanceof TooManyRequests) {
    const { retryAfterSeconds } = error
    const wait = retryAfterSeconds < 90 ? `${retryAfterSeconds}秒` : `${Math.ceil(retryAfterSeconds / 60)}分`
    const message = `リクエスト制限を超過しました。${wait}後に再試行してください。`
    return { error: 'Too Many Requests', message, retryAfter: retryAfterSeconds }
  }
  return {}
}

function headersOf(error: unknown): Readonly<Record<string, string>> {
  if (error instanceof Unauthorized) return { 'www-authenticate': 'Bearer realm="modosu"' }
  if (error instanceof TooManyRequests) return { 'retry-after': String(error.retryAfterSeconds) }
  return {}
}
