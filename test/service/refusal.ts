/** Asserts on the RestoreError that an operation rejects with. */

import assert from 'node:assert/strict'
import { RestoreError } from '../../src/domain/errors.ts'

export async function refusalOf(promise: Promise<unknown>): Promise<RestoreError> {
  try {
    await promise
  } catch (error) {
    assert.ok(error instanceof RestoreError, String(error))
    return error
  }
  throw new assert.AssertionError({ message: 'it did not reject' })
}
