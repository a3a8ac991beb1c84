/** A failure as the Kubernetes API tells it. */

import { STATUS_CODES } from 'node:http'

import type { ErrorAnswer } from './http-status.ts'

/** `meta/v1.Status`: kubectl and client-go show `message`. */
export function statusObject({ status, body }: ErrorAnswer): object {
  const phrase = body.message === STATUS_CODES[status]
  return {
    apiVersion: 'v1',
    kind: 'Status',
    metadata: {},
    status: 'Failure',
    code: status,
    ...body,
    message: phrase ? body.error : body.message,
  }
}
