/** The files that the spool refused, out of the daemon's reports about them (design, section 5). */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

import { API_VERSION, REQUEST_KIND } from '../domain/resource.ts'
import type { ManifestProblem } from '../manifest/problem.ts'
import type { CliContext } from './context.ts'

export interface RefusedFile {
  /** Its name inside the spool. */
  readonly file: string
  readonly reason: string
  readonly problems: readonly ManifestProblem[]
  /** RFC 3339; null where the report does not say. */
  readonly at: string | null
}

/** Reads every report; one that is just being replaced, or is none, is left out. Empty where there are none. */
export function refusedFiles({ rejectedDir }: CliContext): readonly RefusedFile[] {
  let names: string[]
  try {
    names = readdirSync(rejectedDir).filter((name) => name.endsWith('.yaml'))
  } catch {
    return []
  }
  return names.sort().flatMap((name) => {
    try {
      return [toRefused(name, parse(readFileSync(join(rejectedDir, name), 'utf8')))]
    } catch {
      return []
    }
  })
}

/** All problems in one line. */
export function refusalText({ problems }: RefusedFile): string {
  const told = problems.map(({ line, path, message }) => {
    const place = line === null ? '' : `line ${line}: `
    return `${place}${path === '' ? '' : `${path}: `}${message}`
  })
  return told.length === 0 ? 'its report says no more' : told.join('; ')
}

/** What `-o json|yaml` shows of it: no spec, for none could be read. */
export function refusedObject(refused: RefusedFile): object {
  const { file, reason, problems, at } = refused
  return {
    apiVersion: API_VERSION,
    kind: REQUEST_KIND,
    metadata: { name: file, ...(at === null ? {} : { creationTimestamp: at }) },
    status: {
      phase: 'Rejected',
      reason,
      message: refusalText(refused),
      origin: { kind: 'Spool', file },
      problems,
    },
  }
}

function toRefused(report: string, content: unknown): RefusedFile {
  const said = isMapping(content) ? content : {}
  const listed: unknown = said['problems']
  const problems = (Array.isArray(listed) ? listed : []).filter(isMapping)
  return {
    file: textOf(said['file']) ?? report.slice(0, -'.yaml'.length),
    reason: reasonOf(problems),
    problems: problems.map(toProblem),
    at: textOf(said['rejectedAt']),
  }
}

function toProblem(problem: Readonly<Record<string, unknown>>): ManifestProblem {
  const { line, column } = problem
  return {
    line: typeof line === 'number' ? line : null,
    column: typeof column === 'number' ? column : null,
    path: textOf(problem['path']) ?? '',
    message: textOf(problem['message']) ?? '',
    hint: textOf(problem['hint']),
  }
}

/** A problem says its reason, or begins with it; without one a file is unreadable, a field of it invalid. */
function reasonOf(problems: readonly Readonly<Record<string, unknown>>[]): string {
  const [first] = problems
  const given = textOf(first?.['reason']) ?? /^([A-Z]\w+[A-Z]\w+): /.exec(textOf(first?.['message']) ?? '')?.[1]
  if (given !== undefined) return given
  const reason = first === undefined || textOf(first['path']) === null ? 'Unreadable' : 'InvalidSpec'
  return reason
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** null: there is none, or it is empty. */
function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
