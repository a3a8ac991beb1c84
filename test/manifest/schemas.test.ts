import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Ajv } from 'ajv'

import { USERS_SCHEMA } from '../../src/api/auth/users-file.ts'
import { CONFIGURATION_SCHEMA } from '../../src/manifest/configuration-schema.ts'
import { RESTORE_REQUEST_SCHEMA } from '../../src/manifest/restore-request-schema.ts'

/** The program takes its schemas as they are: to check them at every start takes longer than to use them. */
describe('the schemas that files are checked by', () => {
  for (const [name, schema] of Object.entries({ CONFIGURATION_SCHEMA, RESTORE_REQUEST_SCHEMA, USERS_SCHEMA })) {
    it(`are schemas: ${name}`, () => {
      const ajv = new Ajv({ strict: true, allowUnionTypes: true, formats: { 'date-time': true } })
      assert.ok(ajv.validateSchema(schema), ajv.errorsText())
      assert.throws(() => ajv.validateSchema({ type: 'no such type' }, true))
    })
  }
})
