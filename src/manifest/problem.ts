/** What is wrong with a text that a person wrote: where it stands, what it is, and what to do about it. */

/** One thing that is wrong with a manifest, with what to do about it. */
export interface ManifestProblem {
  /** From 1; null where the position is unknown. */
  readonly line: number | null
  readonly column: number | null
  /** As `spec.source.backupId`; empty for the document itself. */
  readonly path: string
  readonly message: string
  /** The nearest valid key or value, or the next thing to do. */
  readonly hint: string | null
}

/** One step into a document: a key of a mapping or a position in a list, from 0. */
export type PathStep = string | number

/** A problem that is known by its place in the document and not yet by its line. */
export interface Finding {
  readonly path: readonly PathStep[]
  /** Point at the key that leads to the value, not at the value: for a key that should not or must be there. */
  readonly atKey: boolean
  readonly message: string
  readonly hint: string | null
  /** Says it anew with the words that stand in the file: `1.10` is not the number 1.1 to whoever wrote it. */
  readonly inWordsOf?: (source: string) => Pick<Finding, 'message' | 'hint'>
}

const PLAIN_KEY = /^[A-Za-z_][\w-]*$/

/** Writes a path the way people do: `spec.tables[0]`, `metadata.labels["app.kubernetes.io/name"]`. */
export function formatPath(path: readonly PathStep[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    if (!PLAIN_KEY.test(step)) return `${text}[${JSON.stringify(step)}]`
    return text === '' ? step : `${text}.${step}`
  }, '')
}

/** One line for a person: `FILE:LINE:COLUMN: PATH: MESSAGE (HINT)`, the form that editors and terminals make a link of. */
export function formatProblem(file: string, problem: ManifestProblem): string {
  const position = problem.line === null ? '' : `:${problem.line}:${problem.column ?? 1}`
  const path = problem.path === '' ? '' : `${problem.path}: `
  const hint = problem.hint === null ? '' : ` (${problem.hint})`
  return `${file}${position}: ${path}${problem.message}${hint}`
}

/** A problem of the file as a whole, with its position where one is known. */
export function fileProblem(
  message: string,
  hint: string | null,
  position?: { readonly line: number; readonly column: number },
): ManifestProblem {
  return { line: position?.line ?? null, column: position?.column ?? null, path: '', message, hint }
}

/** Controls and the invisible characters that could drive a terminal or turn the reading direction round. */
const HOSTILE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

function plain(text: string): string {
  return text.replaceAll(HOSTILE, (character) => {
    const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
  })
}

/** A problem whose words, which may quote the file, are safe in a terminal, a log and a report. */
export function plainProblem(problem: ManifestProblem): ManifestProblem {
  const { path, message, hint } = problem
  return { ...problem, path: plain(path), message: plain(message), hint: hint === null ? null : plain(hint) }
}
