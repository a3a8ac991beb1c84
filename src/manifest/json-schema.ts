/**
 * The part of JSON Schema (draft-07) that the program's schemas use. The RestoreRequest schema must also do as a
 * Kubernetes structural schema, so there is no `$ref`, no `oneOf` and no `const`.
 */

export type SchemaType = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'null'

export interface JsonSchema {
  readonly type?: SchemaType | readonly SchemaType[]
  readonly description?: string
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly format?: 'date-time'
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly items?: JsonSchema
  readonly minItems?: number
  readonly maxItems?: number
  readonly uniqueItems?: boolean
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly minProperties?: number
  readonly maxProperties?: number
  readonly additionalProperties?: boolean | JsonSchema
}

export interface RootSchema extends JsonSchema {
  readonly $schema: 'http://json-schema.org/draft-07/schema#'
  readonly $id: string
  readonly title: string
  readonly properties: Readonly<Record<string, JsonSchema>>
}

/** RFC 1123 label, the form of a Kubernetes object's name. */
export const DNS_LABEL = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$'
/** The value of a label, as Kubernetes has it. */
export const LABEL_VALUE = '^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$'
/** A host name, with or without its domain. */
export const NODE_NAME = '^[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?$'
/**
 * One line of text that is what it looks like: no control characters, which could drive the terminal of whoever reads it, no
 * marks of direction, nothing of zero width. In classes that ECMAScript and RE2 (Kubernetes) both know.
 */
export const ONE_LINE = '^[^\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+$'
/** Text that may hold line breaks and tabs, and no other control characters. */
export const TEXT = '^[^\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f]*$'
/** `500ms`, `60s`, `15m`, `1h`, `14d`. */
export const DURATION = '^[0-9]{1,9}(ms|s|m|h|d)$'

/** The first sentence of a schema's description, without its full stop, for one line of help. */
export function summaryOf(schema: JsonSchema): string {
  const text = schema.description ?? ''
  const end = /[.](?=\s|$)/.exec(text)
  return end === null ? text : text.slice(0, end.index)
}

/** The types that a schema allows, in words; `any` where it says nothing. */
export function typeNames(schema: JsonSchema): readonly string[] {
  if (schema.type === undefined) return ['any']
  return typeof schema.type === 'string' ? [schema.type] : schema.type
}
