/** Walking a schema by the names of its fields. */

import type { JsonSchema } from './json-schema.ts'
import { formatPath, type PathStep } from './problem.ts'

/** The schema of a mapping's values where its keys are free, as labels are. */
function freeValues(schema: JsonSchema): JsonSchema | undefined {
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined
}

/** The field below a schema, through lists: `targets.name` is a field of every entry of `targets`. */
export function childOf(schema: JsonSchema, name: string): JsonSchema | undefined {
  const own = Object.hasOwn(schema.properties ?? {}, name) ? schema.properties?.[name] : undefined
  if (own !== undefined) return own
  if (schema.items !== undefined) return childOf(schema.items, name)
  return freeValues(schema)
}

/** The named fields of a mapping, or of the entries of a list. */
export function fieldsOf(schema: JsonSchema): readonly (readonly [name: string, field: JsonSchema])[] {
  if (schema.items !== undefined) return fieldsOf(schema.items)
  return Object.entries(schema.properties ?? {})
}

/** Where a field of this name is at home, the shallowest first; undefined where the schema has none. */
export function findField(root: JsonSchema, name: string): string | undefined {
  let level: { readonly path: readonly PathStep[]; readonly schema: JsonSchema }[] = [{ path: [], schema: root }]
  while (level.length > 0) {
    const next = level.flatMap(({ path, schema }) =>
      fieldsOf(schema).map(([key, field]) => ({ path: [...path, key], schema: field })),
    )
    const found = next.find(({ path }) => path.at(-1) === name)
    if (found !== undefined) return formatPath(found.path)
    level = next
  }
  return undefined
}
