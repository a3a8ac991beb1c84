/** The building blocks of the configuration's schema: paths, durations, optional mappings. */

import { DURATION, ONE_LINE, type JsonSchema } from './json-schema.ts'

/** A path in the file; `~` and variables are not expanded. */
export const PATH: JsonSchema = { type: 'string', minLength: 1, maxLength: 4096, pattern: ONE_LINE }

export function duration(description: string, standard: string): JsonSchema {
  return { type: 'string', description, pattern: DURATION, default: standard, examples: [standard] }
}

/** A mapping of known keys, all optional, so that the whole of it may be left out. */
export function mapping(description: string, properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { type: 'object', description, default: {}, additionalProperties: false, properties }
}
