/** Holds what a call brings against the schema of its route: a query is text and is read as what it stands for, a body is taken at its word. */

import { Ajv } from 'ajv'
import type { FastifyInstance } from 'fastify'

const OPTIONS = { allErrors: false, useDefaults: true, strict: false, validateFormats: false } as const

export function validateBySchema(app: FastifyInstance): void {
  const ofText = new Ajv({ ...OPTIONS, coerceTypes: true })
  const ofJson = new Ajv(OPTIONS)
  app.setValidatorCompiler(({ schema, httpPart }) => {
    const ajv = httpPart === 'body' ? ofJson : ofText
    return ajv.compile(schema as object)
  })
  // Answers are written as they are; a test holds them against the schema.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
}
