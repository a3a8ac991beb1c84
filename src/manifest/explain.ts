/** `modosu explain spec.source.backupId`: a field's meaning, out of the schema itself. */

import { CONFIGURATION_SCHEMA } from './configuration-schema.ts'
import { nearest } from './edit-distance.ts'
import { summaryOf, typeNames, type JsonSchema } from './json-schema.ts'
import { RESTORE_REQUEST_SCHEMA } from './restore-request-schema.ts'
import { childOf, fieldsOf } from './schema-fields.ts'

export interface ExplainedField {
  readonly name: string
  /** As `string`, `integer`, `object`, `[]string`. */
  readonly type: string
  readonly required: boolean
  /** The first sentence of its description. */
  readonly summary: string
}

export interface Explanation {
  /** `RestoreRequest` or `Configuration`. */
  readonly kind: string
  readonly path: string
  readonly type: string
  readonly required: boolean
  readonly description: string
  /** undefined: there is none. */
  readonly default: unknown
  readonly allowed: readonly string[]
  readonly examples: readonly unknown[]
  readonly children: readonly ExplainedField[]
}

const ROOTS = [
  { prefix: 'restorerequest', schema: RESTORE_REQUEST_SCHEMA },
  { prefix: 'configuration', schema: CONFIGURATION_SCHEMA },
] as const

function typeOf(schema: JsonSchema): string {
  if (schema.items !== undefined) return `[]${typeOf(schema.items)}`
  return typeNames(schema).join('|')
}

function isRequired(parent: JsonSchema | undefined, name: string): boolean {
  const container = parent?.items ?? parent
  return container?.required?.includes(name) ?? false
}

function childrenOf(schema: JsonSchema): ExplainedField[] {
  return fieldsOf(schema).map(([name, field]) => ({
    name,
    type: typeOf(field),
    required: isRequired(schema, name),
    summary: summaryOf(field),
  }))
}

function split(path: string): { readonly root: (typeof ROOTS)[number]; readonly steps: readonly string[] } {
  const steps = path
    .replaceAll(/\[\d*\]/g, '')
    .split('.')
    .filter((step) => step !== '')
  const named = ROOTS.find(({ prefix }) => prefix === steps[0]?.toLowerCase())
  return { root: named ?? ROOTS[0], steps: named === undefined ? steps : steps.slice(1) }
}

/**
 * Explains a field of a request, or of the daemon's configuration where the path begins with `configuration.`.
 *
 * @param path as `spec.source.backupId`, `spec.tables[]`, `configuration.targets.database`; empty: the request itself.
 * @returns undefined where there is no such field; `suggestPath` tells the nearest one then.
 */
export function explainPath(path: string): Explanation | undefined {
  const { root, steps } = split(path)
  let schema: JsonSchema = root.schema
  let parent: JsonSchema | undefined
  for (const step of steps) {
    const child = childOf(schema, step)
    if (child === undefined) return undefined
    parent = schema
    schema = child
  }
  return {
    kind: root.schema.title,
    path: steps.join('.'),
    type: typeOf(schema),
    required: isRequired(parent, steps.at(-1) ?? ''),
    description: schema.description ?? '',
    default: schema.default,
    allowed: schema.items?.enum ?? schema.enum ?? [],
    examples: schema.examples ?? [],
    children: childrenOf(schema),
  }
}

/** The path that was probably meant: its first wrong step replaced by the nearest field. */
export function suggestPath(path: string): string | undefined {
  const { root, steps } = split(path)
  let schema: JsonSchema = root.schema
  for (const [index, step] of steps.entries()) {
    const child = childOf(schema, step)
    if (child === undefined) {
      const near = nearest(
        step,
        fieldsOf(schema).map(([name]) => name),
      )
      if (near === undefined) return undefined
      const fixed = [...steps.slice(0, index), near, ...steps.slice(index + 1)].join('.')
      return root.prefix === 'configuration' ? `configuration.${fixed}` : fixed
    }
    schema = child
  }
  return undefined
}
