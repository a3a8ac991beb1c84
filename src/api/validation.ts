/** Holds what a call brings against the schema of its route: a query is text and is read as what it stands for, a body is taken at its word. */

import { Ajv } from 'ajv'
import type { FastifyInstance } from 'fastify'

/** Compiled at every start: the document of the API, which a test checks, holds the same schemas. */
const QUICKLY = { code: { optimize: false }, meta: false, validateSchema: false } as const
const OPTIONS = { allErrors: false, useDefaults: true, strict: false, validateFormats: false, ...QUICKLY } as const

/** @param bodies false: a route reads its body itself, as a manifest, whose faults have a line and a column. */
export function validateBySchema(app: FastifyInstance, { bodies }: { readonly bodies: boolean }): void {
  const ofText = new Ajv({ ...OPTIONS, coerceTypes: true })
  const ofJson = new Ajv(OPTIONS)
  app.setValidatorCompiler(({ schema, httpPart }) => {
    if (httpPart === 'body') return bodies ? ofJson.compile(schema as object) : () => true
    return ofText.compile(schema as object)
  })
  // Answers are written as they are; a test holds them against the schema.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
}
