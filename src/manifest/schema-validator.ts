/** Checks values against one schema and fills its defaults; says what is wrong in words, by place. */

import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import type { RootSchema } from './json-schema.ts'
import type { Finding, PathStep } from './problem.ts'
import { parseRfc3339 } from './rfc3339.ts'
import { describeSchemaError } from './schema-messages.ts'

export type Checked = { readonly value: unknown } | { readonly findings: readonly Finding[] }

/** Enough to mend a file in one go; a hostile one shall not make the answer larger than itself. */
const MOST_FINDINGS = 50

/** Reads Ajv's JSON pointer along the value: a list's steps are numbers, a mapping's are keys. */
function pathOf(pointer: string, root: unknown): PathStep[] {
  const path: PathStep[] = []
  let value = root
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    path.push(Array.isArray(value) ? Number(key) : key)
    value = typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined
  }
  return path
}

/** To compile a schema takes longer than everything else that is done with it. */
const compiled = new WeakMap<RootSchema, ValidateFunction>()

export class SchemaValidator {
  readonly #schema: RootSchema
  readonly #validate: ValidateFunction

  constructor(schema: RootSchema) {
    this.#schema = schema
    this.#validate = compiled.get(schema) ?? compile(schema)
  }

  /**
   * Validates a value as the YAML parser gave it.
   *
   * @returns a copy with every default filled in, or what is wrong with it. The argument stays as it is. Never throws.
   */
  check(value: unknown): Checked {
    // A copy: defaults are written into it, and aliases of one anchor must not share what is written.
    const copy: unknown = JSON.parse(JSON.stringify(value))
    if (this.#validate(copy)) return { value: copy }
    const errors: readonly ErrorObject[] = this.#validate.errors ?? []
    const findings = errors
      .slice(0, MOST_FINDINGS)
      .map((error) => describeSchemaError(error, pathOf(error.instancePath, copy), this.#schema))
    return { findings }
  }
}

function compile(schema: RootSchema): ValidateFunction {
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    useDefaults: true,
    strict: true,
    allowUnionTypes: true,
    // Every command and every child compiles its schema anew: to make the code smaller first, and to check a schema that a test
    // has checked, takes longer than all that is then done with it.
    code: { optimize: false },
    meta: false,
    validateSchema: false,
    formats: { 'date-time': (text: string) => parseRfc3339(text) !== undefined },
  })
  const validate = ajv.compile(schema)
  compiled.set(schema, validate)
  return validate
}
