/** What the manual's calls answer where they refuse or fail: in the words of the manual and of the application. */

import { STATUS_CODES } from 'node:http'

import type { FastifyError, FastifyInstance } from 'fastify'

import { RestoreError } from '../../domain/errors.ts'
import type { Log } from '../../domain/log.ts'
import { ERRORS } from '../../domain/messages.ts'
import type { Target } from '../../domain/target.ts'
import type { StoredRequest } from '../../store/rows.ts'
import { toErrorAnswer } from '../http-status.ts'

export interface RefusalBody {
  readonly error: string
  readonly message: string
  readonly [field: string]: unknown
}

/** An answer that is known in full where it is decided. */
export class ManualRefusal extends RestoreError {
  readonly status: number
  readonly body: RefusalBody
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, body: RefusalBody, headers: Readonly<Record<string, string>> = {}) {
    super(body.error, { reason: typeof body['reason'] === 'string' ? body['reason'] : 'Conflict' })
    this.status = status
    this.body = body
    this.headers = headers
  }
}

export function confirmationRequired(): ManualRefusal {
  return new ManualRefusal(400, {
    error: ERRORS.confirmationRequired,
    message: 'Please set confirm: true to execute restore',
    reason: 'ConfirmationRequired',
  })
}

/** @param waitMs until the next restore of the target may run. */
export function limited({ rateLimit: { restores, windowMs } }: Target, waitMs: number): ManualRefusal {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000))
  return new ManualRefusal(
    429,
    {
      error: 'Too Many Requests',
      message: `リクエスト制限を超過しました。${Math.ceil(seconds / 60)}分後に再試行してください。`,
      retryAfter: seconds,
      reason: 'RateLimited',
      hint: 'check the application before restoring again (manual Q6)',
    },
    {
      'retry-after': String(seconds),
      'ratelimit-limit': String(restores),
      'ratelimit-remaining': '0',
      'ratelimit-reset': String(seconds),
      'ratelimit-policy': `${restores};w=${Math.round(windowMs / 1000)}`,
    },
  )
}

/** The text of the manual stands alone in `error`: scripts compare it. What it was about is in `hint` and `details`. */
export function requestFailed({ name, phase, status }: StoredRequest): ManualRefusal {
  const { reason = 'InternalError', message = `the request ended: ${phase}`, hint } = status
  const calledOff = phase === 'Cancelled' || phase === 'Expired'
  const text = VERBATIM.find((each) => message.startsWith(each)) ?? message
  const answer = toErrorAnswer(
    new RestoreError(text, { reason: calledOff ? 'Conflict' : reason, ...(hint === undefined ? {} : { hint }) }),
  )
  return new ManualRefusal(answer.status, {
    ...answer.body,
    reason,
    request: name,
    phase,
    ...(text === message ? {} : { details: message }),
  })
}

const VERBATIM: readonly string[] = [
  ERRORS.restoredIntegrityFailed,
  ERRORS.backupIntegrityFailed,
  ERRORS.checksumMismatch,
]

/** The daemon stops: who waits is told where the restore goes on. */
export function stopping(): ManualRefusal {
  return new ManualRefusal(503, {
    error: 'the daemon stops; the restore is carried on, now or at its next start',
    message: 'Service Unavailable',
    reason: 'DaemonStopping',
    hint: 'modosu get requests',
  })
}

/** Answers errors of the routes of this scope. */
export function answerErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const { status, body, headers = {} } = answerOf(error, (request.params as { readonly id?: string }).id)
    if (status >= 500 && !(error instanceof ManualRefusal)) {
      log.error('API call failed', { method: request.method, route: request.routeOptions.url, err: error })
    }
    return reply.status(status).headers(headers).send(body)
  })
}

interface Answer {
  readonly status: number
  readonly body: object
  readonly headers?: Readonly<Record<string, string>>
}

function answerOf(error: FastifyError | RestoreError, id: string | undefined): Answer {
  if (error instanceof ManualRefusal) return error
  if (error instanceof RestoreError) {
    const answer = toErrorAnswer(error)
    if (error.reason !== 'BackupNotFound' || id === undefined) return answer
    return { ...answer, status: 404, body: { ...answer.body, ...notFound(error.message, id) } }
  }
  if (error.validation !== undefined) return invalid(error)
  const status = error.statusCode ?? 500
  // The manual's table has no 415 (4.3).
  if (status === 415) return badRequest('the body must be JSON', 'send Content-Type: application/json')
  if (status === 413) return toErrorAnswer(new RestoreError('the body is too large', { reason: 'BodyTooLarge' }))
  if (status >= 400 && status < 500) return badRequest(error.message, null)
  return toErrorAnswer(error)
}

function notFound(error: string, id: string): object {
  return { error, message: `Backup with ID ${id} does not exist` }
}

function badRequest(error: string, hint: string | null): Answer {
  return { status: 400, body: { error, message: STATUS_CODES[400], reason: 'InvalidArgument', hint } }
}

/** What the application says of fields that do not fit. */
function invalid({ validation = [], validationContext = 'body' }: FastifyError): Answer {
  const errors = validation.map(({ instancePath, message = 'is not valid', params }) => {
    const missing = params['missingProperty']
    const field = [...instancePath.split('/').slice(1), ...(typeof missing === 'string' ? [missing] : [])].join('.')
    const { allowedValues } = params
    const values = Array.isArray(allowedValues) ? `: ${allowedValues.filter((value) => value !== '').join(', ')}` : ''
    return { field: field === '' ? validationContext : field, message: `${message}${values}` }
  })
  return {
    status: 400,
    body: {
      error: '入力データが無効です',
      message: 'Validation failed',
      reason: 'InvalidArgument',
      hint: null,
      errors,
    },
  }
}
