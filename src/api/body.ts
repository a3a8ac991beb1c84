/** Small JSON bodies of the control socket, read field by field: what is not asked for is not looked at. */

import { RestoreError } from '../domain/errors.ts'

const LONGEST_TEXT = 1024

export type JsonObject = Readonly<Record<string, unknown>>

/** 400 in the application's own shape. */
export class InvalidFields extends RestoreError {
  readonly errors: readonly { readonly field: string; readonly message: string }[]

  constructor(fields: readonly string[]) {
    super('入力データが無効です', { reason: 'InvalidArgument' })
    this.errors = fields.map((field) => ({ field, message: `${field} must be a text that is not empty` }))
  }
}

/**
 * @param body the text as received; absent and empty are an empty object.
 * @throws RestoreError `InvalidJson`.
 */
export function objectOf(body: unknown): JsonObject {
  if (typeof body !== 'string' || body.trim() === '') return {}
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch (error) {
    throw new RestoreError('the body is not valid JSON', { reason: 'InvalidJson', cause: error })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RestoreError('the body must be a JSON object', { reason: 'InvalidJson' })
  }
  return value as JsonObject
}

/**
 * @returns undefined where the field is absent or null.
 * @throws RestoreError `InvalidArgument` where it is no text, or one that is too long.
 */
export function textField(body: JsonObject, name: string): string | undefined {
  const value = body[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string' || value.length > LONGEST_TEXT) {
    throw new RestoreError(`${name} must be a text of at most ${LONGEST_TEXT} characters`, {
      reason: 'InvalidArgument',
    })
  }
  return value
}
