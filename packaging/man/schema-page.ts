/** The pages of the two files that people write: `modosu.yaml.5` and `modosu-restorerequest.5`, out of their schemas. */

import { typeNames, type JsonSchema, type RootSchema } from '../../src/manifest/json-schema.ts'
import { bold, escaped, italic, Page, type PageHead } from './roff.ts'

export interface SchemaPage {
  readonly name: string
  readonly summary: string
  readonly introduction: readonly string[]
  readonly schema: RootSchema
  /** Fields that a person does not write. */
  readonly without: readonly string[]
  readonly example: string
  readonly seeAlso: readonly string[]
}

export function schemaPage(subject: SchemaPage, head: Omit<PageHead, 'name' | 'section'>): string {
  const page = new Page({ ...head, name: subject.name, section: 5 })
  page.section('NAME').line(`${escaped(subject.name)} \\- ${escaped(subject.summary)}`)
  page.section('DESCRIPTION')
  for (const [index, text] of subject.introduction.entries()) {
    if (index === 0) page.line(escaped(text))
    else page.paragraph(escaped(text))
  }
  page.section('FIELDS')
  const entries = Object.entries(subject.schema.properties).filter(([name]) => !subject.without.includes(name))
  for (const [name, field] of entries) {
    addField(page, name, field, subject.schema.required?.includes(name) ?? false)
  }
  page.section('EXAMPLE').verbatim(subject.example.trimEnd())
  page.section('SEE ALSO').line(subject.seeAlso.map((name) => bold(name) + '(1)').join(', '))
  return page.toString()
}

/** A field and those below it, each by its whole path: whoever searches the page for it finds one place. */
function addField(page: Page, path: string, field: JsonSchema, required: boolean): void {
  const list = field.items !== undefined
  const place = list ? `${path}[]` : path
  page.term(`${bold(place)} (${italic(typeOf(field))}${required ? ', required' : ''})`, escaped(meaningOf(field)))
  const container = field.items ?? field
  for (const [name, child] of Object.entries(container.properties ?? {})) {
    addField(page, `${place}.${name}`, child, container.required?.includes(name) ?? false)
  }
}

function typeOf(field: JsonSchema): string {
  return field.items === undefined ? typeNames(field).join(' or ') : `list of ${typeNames(field.items).join(' or ')}`
}

function meaningOf(field: JsonSchema): string {
  const parts = [field.description ?? '']
  const allowed = field.items?.enum ?? field.enum
  if (allowed !== undefined && allowed.length > 1) parts.push(`One of: ${allowed.join(', ')}.`)
  if (isPlain(field.default)) parts.push(`Default: ${String(field.default)}.`)
  const example = field.examples?.[0]
  if (isPlain(example)) parts.push(`For example: ${String(example)}`)
  return parts.filter((part) => part !== '').join(' ')
}

function isPlain(value: unknown): value is string | number | boolean {
  return (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'boolean'
}
