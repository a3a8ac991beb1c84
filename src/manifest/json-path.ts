/**
 * The part of kubectl's JSONPath that people type (kubernetes.io, "JSONPath Support"): fields, `['quoted']`, `[0]`, `[-1]`,
 * `[1:3]`, `[*]`, filters that compare one field, `{range}…{end}` and text between braces. What it does not know it refuses:
 * a wrong answer would be worse. No library speaks this dialect; the ones for RFC 9535 differ in quoting and in output.
 */

import { RestoreError } from '../domain/errors.ts'

export type Step =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'all' }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined }
  | {
      readonly kind: 'filter'
      readonly path: readonly Step[]
      /** Absent: it is enough that the field is there. */
      readonly compare?: { readonly operator: string; readonly value: unknown }
    }

type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'path'; readonly path: readonly Step[] }
  | { readonly kind: 'range'; readonly path: readonly Step[]; readonly body: readonly Part[] }

function refuse(what: string, text: string): RestoreError {
  return new RestoreError(`jsonpath: ${what}: ${text}`, {
    reason: 'UsageError',
    hint:
      "for example: -o jsonpath='{.items[*].metadata.name}', '{range .items[*]}{.metadata.name}{\"\\n\"}{end}', " +
      '\'{.items[?(@.status.phase=="Failed")].metadata.name}\'; for more: -o json | jq',
  })
}

const STEP = new RegExp(
  [
    String.raw`^\.((?:\\.|[^.[\]\\\s{}'"])+)`,
    String.raw`^\['((?:\\.|[^'\\])*)'\]`,
    String.raw`^\["((?:\\.|[^"\\])*)"\]`,
    String.raw`^(?:\.\*|\[\*\])()`,
    String.raw`^\[(-?\d+)\]`,
    String.raw`^\[(-?\d*:-?\d*)\]`,
    String.raw`^\[\?\((.*?)\)\]`,
  ].join('|'),
)
const CONDITION = /^\s*@((?:\.[\w-]+|\['[^']+'\])+)\s*(?:(==|!=|<=|>=|<|>)\s*(.+?))?\s*$/

/**
 * @param text as `.metadata.labels['app.kubernetes.io/name']`; the leading dot, `$` and braces may be left out.
 * @throws RestoreError `UsageError`.
 */
export function parsePath(text: string): readonly Step[] {
  let rest = text
    .trim()
    .replace(/^\{(.*)\}$/, '$1')
    .trim()
    .replace(/^[$@]/, '')
  if (rest !== '' && !/^[.[]/.test(rest)) rest = `.${rest}`
  if (rest === '.') return []
  const steps: Step[] = []
  while (rest !== '') {
    if (rest.startsWith('..')) throw refuse('.. is not supported, write the whole path', text)
    const match = STEP.exec(rest)
    if (match === null) throw refuse('not understood', text)
    steps.push(stepOf(match, text))
    rest = rest.slice(match[0].length)
  }
  return steps
}

function stepOf(match: RegExpExecArray, text: string): Step {
  const [whole, bare, single, double, , index, slice, condition] = match
  const key = bare ?? single ?? double
  if (whole === '.*' || whole === '[*]') return { kind: 'all' }
  if (key !== undefined) return { kind: 'key', key: key.replaceAll(/\\(.)/g, '$1') }
  if (index !== undefined) return { kind: 'index', index: Number(index) }
  if (slice !== undefined) {
    const [from, to] = slice.split(':').map((each) => (each === '' ? undefined : Number(each)))
    return { kind: 'slice', from, to }
  }
  return filterOf(condition ?? '', text)
}

function filterOf(condition: string, text: string): Step {
  const match = CONDITION.exec(condition)
  if (match === null) throw refuse('this filter is not supported', text)
  const [, field = '', operator, literal] = match
  const path = parsePath(field)
  if (operator === undefined) return { kind: 'filter', path }
  return { kind: 'filter', path, compare: { operator, value: literalOf(literal ?? '', text) } }
}

function literalOf(literal: string, text: string): unknown {
  const quoted = /^(['"])(.*)\1$/.exec(literal)
  if (quoted !== null) return quoted[2]
  if (/^-?\d+(\.\d+)?$/.test(literal)) return Number(literal)
  if (literal === 'true' || literal === 'false') return literal === 'true'
  throw refuse('this value is not supported', text)
}

/** Every value that the path leads to; a field that is not there leads to none. */
export function valuesAt(object: unknown, path: readonly Step[]): readonly unknown[] {
  return path.reduce<readonly unknown[]>((values, step) => values.flatMap((value) => follow(value, step)), [object])
}

function follow(value: unknown, step: Step): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return []
  const list: readonly unknown[] = Array.isArray(value) ? value : Object.values(value)
  switch (step.kind) {
    case 'key': {
      const found: unknown = Object.hasOwn(value, step.key) ? Reflect.get(value, step.key) : undefined
      return found === undefined ? [] : [found]
    }
    case 'all':
      return list
    case 'index':
      return Array.isArray(value) ? list.slice(step.index, step.index === -1 ? undefined : step.index + 1) : []
    case 'slice':
      return Array.isArray(value) ? list.slice(step.from, step.to) : []
    case 'filter':
      return list.filter((each) => holds(each, step))
  }
}

function holds(value: unknown, { path, compare }: Extract<Step, { kind: 'filter' }>): boolean {
  const [found] = valuesAt(value, path)
  if (compare === undefined) return found !== undefined
  if (compare.operator === '==') return found === compare.value
  if (compare.operator === '!=') return found !== compare.value
  if (!comparable(found, compare.value)) return false
  const [left, right] = [found as number, compare.value as number]
  switch (compare.operator) {
    case '<':
      return left < right
    case '>':
      return left > right
    case '<=':
      return left <= right
    default:
      return left >= right
  }
}

function comparable(left: unknown, right: unknown): boolean {
  return typeof left === typeof right && (typeof left === 'number' || typeof left === 'string')
}

/**
 * A template as `{.items[*].metadata.name}{"\n"}`; a text without braces is one path.
 *
 * @throws RestoreError `UsageError`.
 */
export function parseTemplate(text: string): readonly Part[] {
  if (!text.includes('{')) return [{ kind: 'path', path: parsePath(text) }]
  const tokens = Array.from(text.matchAll(/\{((?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^{}"'])*)\}|([^{}]+)|([{}])/g))
  const stack: { readonly path: readonly Step[]; readonly body: Part[] }[] = [{ path: [], body: [] }]
  for (const [, inner, outer, stray] of tokens) {
    const top = stack.at(-1)
    if (stray !== undefined || top === undefined) throw refuse('a brace has no partner', text)
    if (outer !== undefined) top.body.push({ kind: 'text', text: outer })
    else addExpression(stack, (inner ?? '').trim(), text)
  }
  const [root, unclosed] = stack
  if (root === undefined || unclosed !== undefined) throw refuse('{range} without {end}', text)
  return root.body
}

function addExpression(
  stack: { readonly path: readonly Step[]; readonly body: Part[] }[],
  inner: string,
  text: string,
) {
  const top = stack.at(-1)
  const range = /^range\s+(.+)$/.exec(inner)
  const literal = /^(["'])(.*)\1$/.exec(inner)
  if (range !== null) stack.push({ path: parsePath(range[1] ?? ''), body: [] })
  else if (inner === 'end') {
    stack.pop()
    const parent = stack.at(-1)
    if (top === undefined || parent === undefined) throw refuse('{end} without {range}', text)
    parent.body.push({ kind: 'range', ...top })
  } else if (literal !== null) top?.body.push({ kind: 'text', text: unescape(literal[2] ?? '') })
  else top?.body.push({ kind: 'path', path: parsePath(inner) })
}

function unescape(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, character: string) => ({ n: '\n', t: '\t', r: '\r' })[character] ?? character)
}

/** Values with a space between them, texts as they are, everything else as JSON. */
export function fillTemplate(parts: readonly Part[], object: unknown): string {
  return parts
    .map((part) => {
      switch (part.kind) {
        case 'text':
          return part.text
        case 'path':
          return valuesAt(object, part.path).map(valueText).join(' ')
        case 'range':
          return valuesAt(object, part.path)
            .map((value) => fillTemplate(part.body, value))
            .join('')
      }
    })
    .join('')
}

export function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
