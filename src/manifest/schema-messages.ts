/** Ajv's errors as sentences: what is there, what should be, and the nearest thing that would do. */

import type { ErrorObject } from 'ajv'
import { nearest } from './edit-distance.ts'
import { summaryOf, typeNames, type JsonSchema, type RootSchema, type SchemaType } from './json-schema.ts'
import { findField } from './schema-fields.ts'
import { formatPath, type Finding, type PathStep } from './problem.ts'

const TYPE_WORDS: Readonly<Record<SchemaType, string>> = {
  object: 'a mapping',
  array: 'a list',
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
}

const BOOLEAN_WORDS = ['yes', 'no', 'on', 'off', 'y', 'n']

/** A value in a few words, cut short: it may be anything. @param source how the file writes it, where it is no text. */
function describeValue(value: unknown, source?: string): string {
  if (value === null) return source === undefined || source === '' ? 'nothing' : source
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  if (typeof value === 'string') return `the text ${quoted(value)}`
  return typeof value === 'number' ? `the number ${source ?? value}` : (source ?? JSON.stringify(value))
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
}

function exampleOf(schema: JsonSchema): string | null {
  const [example] = schema.examples ?? []
  if (example === undefined) return null
  return `for example: ${typeof example === 'string' ? example : JSON.stringify(example)}`
}

function describeType(schema: JsonSchema, data: unknown, source?: string): Omit<Finding, 'path'> {
  const types = typeNames(schema).filter((name) => name in TYPE_WORDS) as SchemaType[]
  const message = `must be ${types.map((name) => TYPE_WORDS[name]).join(' or ')}, not ${describeValue(data, source)}`
  const [wanted] = types
  let hint = exampleOf(schema)
  if (data === null) hint ??= 'give it a value or remove the line'
  else if (wanted === 'boolean' && typeof data === 'string') {
    hint = BOOLEAN_WORDS.includes(data.toLowerCase())
      ? 'write true or false; YAML 1.2 has no yes and no'
      : 'write true or false without quotes'
  } else if (wanted === 'string' && (typeof data === 'number' || typeof data === 'boolean')) {
    hint = `put it in quotes: "${source ?? data}"`
  } else if ((wanted === 'integer' || wanted === 'number') && typeof data === 'string' && /^\d+$/.test(data)) {
    hint = 'write the number without quotes'
  } else if (wanted === 'array' && typeof data === 'string') hint = `write [${data}] for a list of one`
  return { atKey: data === null, message, hint }
}

function describeUnknownKey(key: string, schema: JsonSchema, path: readonly PathStep[], root: RootSchema): string {
  const known = Object.keys(schema.properties ?? {})
  const near = nearest(key, known)
  if (near !== undefined) return `did you mean ${quoted(near)}?`
  const elsewhere = findField(root, key)
  if (elsewhere !== undefined && elsewhere !== formatPath([...path, key])) return `did you mean ${elsewhere}?`
  return `known here: ${known.join(', ')}`
}

function describeCount(schema: JsonSchema, data: unknown): Omit<Finding, 'path'> {
  const given = typeof data === 'object' && data !== null ? Object.keys(data) : []
  const known = Object.keys(schema.properties ?? {}).join(', ')
  const one = schema.minProperties === 1 && schema.maxProperties === 1
  const found = given.length === 0 ? 'none is given' : `given are ${given.join(', ')}`
  const wanted = one
    ? 'must have exactly one of its keys'
    : `must have ${schema.minProperties ?? 0} to ${schema.maxProperties ?? 0} keys`
  return { atKey: true, message: `${wanted}; ${found}`, hint: known === '' ? null : `its keys: ${known}` }
}

/** A number from Ajv's parameters, which are typed by keyword only in its documentation. */
function limitOf(error: ErrorObject): string {
  const limit: unknown = error.params['limit']
  return typeof limit === 'number' ? String(limit) : '?'
}

function parameter(error: ErrorObject, name: string): string {
  const value: unknown = error.params[name]
  return typeof value === 'string' ? value : ''
}

function describeOther(error: ErrorObject, schema: JsonSchema, source?: string): Omit<Finding, 'path'> {
  const data: unknown = error.data
  const said = { atKey: false, hint: exampleOf(schema) ?? (summaryOf(schema) || null) }
  const length = typeof data === 'string' ? Array.from(data).length : 0
  switch (error.keyword) {
    case 'format':
      return { ...said, message: `${describeValue(data, source)} is no RFC 3339 time with a zone` }
    case 'pattern':
      return { ...said, message: `${describeValue(data, source)} is not valid here` }
    case 'minLength':
      return { ...said, message: 'must not be empty' }
    case 'maxLength':
      return { ...said, message: `is ${length} characters long, at most ${limitOf(error)} are allowed`, hint: null }
    case 'minimum':
      return { ...said, message: `must be at least ${limitOf(error)}, not ${describeValue(data, source)}` }
    case 'maximum':
      return { ...said, message: `must be at most ${limitOf(error)}, not ${describeValue(data, source)}` }
    case 'minItems':
      return { ...said, message: `must have at least ${limitOf(error)} entry` }
    case 'maxItems':
      return { ...said, message: `must have at most ${limitOf(error)} entries` }
    case 'uniqueItems':
      return { ...said, message: 'has an entry twice', hint: 'keep one of them' }
    default:
      return { ...said, message: error.message ?? `fails ${error.keyword}` }
  }
}

/**
 * Describes one error of Ajv (run with `verbose`).
 *
 * @param path the place that Ajv names: the value, or the mapping in which a key is missing or too much.
 */
export function describeSchemaError(error: ErrorObject, path: readonly PathStep[], root: RootSchema): Finding {
  return { ...describe(error, path, root), inWordsOf: (source) => describe(error, path, root, source) }
}

function describe(error: ErrorObject, path: readonly PathStep[], root: RootSchema, source?: string): Finding {
  const schema = (error.parentSchema ?? {}) as JsonSchema
  const data: unknown = error.data
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = parameter(error, 'additionalProperty')
      const hint = describeUnknownKey(key, schema, path, root)
      return { path: [...path, key], atKey: true, message: `unknown field ${quoted(key)}`, hint }
    }
    case 'required': {
      const key = parameter(error, 'missingProperty')
      const missing = schema.properties?.[key] ?? {}
      const hint = exampleOf(missing) ?? (missing.enum?.[0] === undefined ? null : `for example: ${missing.enum[0]}`)
      return {
        path: [...path, key],
        atKey: true,
        message: `the field ${quoted(key)} is missing`,
        hint: hint ?? summaryOf(missing),
      }
    }
    case 'type':
      return { path, ...describeType(schema, data, source) }
    case 'enum': {
      const words = schema.enum ?? []
      const near = typeof data === 'string' ? nearest(data, words) : undefined
      const hint = near === undefined ? null : `did you mean ${near}?`
      return { path, atKey: false, message: `must be ${words.join(' or ')}, not ${describeValue(data, source)}`, hint }
    }
    case 'minProperties':
    case 'maxProperties':
      return { path, ...describeCount(schema, data) }
    default:
      return { path, ...describeOther(error, schema, source) }
  }
}
