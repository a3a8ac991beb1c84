/** `-l` and `--field-selector` as kubectl reads them (kubernetes.io, "Labels and Selectors", "Field Selectors"). */

import { RestoreError } from '../domain/errors.ts'
import { parsePath, valuesAt } from './json-path.ts'

/** Whether an object, as `-o json` prints it, is meant. */
export type Selector = (object: unknown) => boolean

/** A comma that is not between brackets. */
const COMMA = /,(?![^(]*\))/
const KEY = String.raw`[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?`
const EQUALS = new RegExp(`^(${KEY})\\s*(==|=|!=)\\s*([-A-Za-z0-9_.]*)$`)
const SET = new RegExp(`^(${KEY})\\s+(in|notin)\\s*\\(([^()]*)\\)$`)
const EXISTS = new RegExp(`^(!?)\\s*(${KEY})$`)

/**
 * @param text as `app=shop,tier in (a, b),!canary`; every part must be so.
 * @throws RestoreError `UsageError`.
 */
export function labelSelector(text: string): Selector {
  const parts = text.split(COMMA).map((part) => labelPart(part.trim(), text))
  return (object) => {
    const labels = labelsOf(object)
    return parts.every((part) => part(labels))
  }
}

type Labels = Readonly<Record<string, string | undefined>>

function labelPart(part: string, whole: string): (labels: Labels) => boolean {
  const equals = EQUALS.exec(part)
  if (equals !== null) {
    const [, key = '', operator, value = ''] = equals
    return operator === '!=' ? (labels) => labels[key] !== value : (labels) => labels[key] === value
  }
  const set = SET.exec(part)
  if (set !== null) {
    const [, key = '', operator, list = ''] = set
    const values = list.split(',').map((value) => value.trim())
    const isIn = (labels: Labels): boolean => labels[key] !== undefined && values.includes(labels[key])
    return operator === 'in' ? isIn : (labels) => !isIn(labels)
  }
  const exists = EXISTS.exec(part)
  if (exists !== null) {
    const [, not, key = ''] = exists
    return not === '!' ? (labels) => labels[key] === undefined : (labels) => labels[key] !== undefined
  }
  throw new RestoreError(`not a label selector: ${whole}`, {
    reason: 'UsageError',
    hint: "for example: -l team=db, -l 'team in (db, web)', -l team!=db, -l team, -l '!team'",
  })
}

function labelsOf(object: unknown): Labels {
  const [labels] = valuesAt(object, [
    { kind: 'key', key: 'metadata' },
    { kind: 'key', key: 'labels' },
  ])
  return typeof labels === 'object' && labels !== null ? (labels as Labels) : {}
}

/**
 * @param text as `status.phase=Failed,spec.target!=shop`; the fields are those of `-o json`.
 * @throws RestoreError `UsageError`.
 */
export function fieldSelector(text: string): Selector {
  const parts = text.split(',').map((part) => {
    const match = /^\s*([^=!]+?)\s*(==|=|!=)\s*(.*?)\s*$/.exec(part)
    if (match === null) {
      throw new RestoreError(`not a field selector: ${text}`, {
        reason: 'UsageError',
        hint: 'for example: --field-selector status.phase=Failed,spec.target!=shop',
      })
    }
    const [, field = '', operator, value = ''] = match
    const path = parsePath(`.${field.replace(/^\./, '')}`)
    return { path, negated: operator === '!=', value }
  })
  return (object) =>
    parts.every(({ path, negated, value }) => {
      const found = valuesAt(object, path).map((each) => (typeof each === 'string' ? each : JSON.stringify(each)))
      return ((found[0] ?? '') === value) !== negated
    })
}
