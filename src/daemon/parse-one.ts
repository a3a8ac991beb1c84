/** A manifest that comes through a door instead of the spool: exactly one document, and it must be valid. */

import { RestoreError } from '../domain/errors.ts'
import type { RestoreManifest } from '../domain/resource.ts'
import { isValid } from '../manifest/parse.ts'
import type { ManifestParser } from '../manifest/parser.ts'
import type { ManifestProblem } from '../manifest/problem.ts'

/** @throws RestoreError `InvalidSpec` with every problem, each with its line and column. */
export async function parseOne(parser: ManifestParser, text: string): Promise<RestoreManifest> {
  const { documents, problems } = await parser.parse(text)
  const [first, ...more] = documents
  if (problems.length > 0) throw invalid(problems)
  if (first === undefined || more.length > 0) {
    throw new RestoreError(`one RestoreRequest is expected, ${documents.length} were sent`, { reason: 'InvalidSpec' })
  }
  if (!isValid(first)) throw invalid(first.problems)
  return first.manifest
}

function invalid(problems: readonly ManifestProblem[]): RestoreError {
  const lines = problems.map(({ line, column, path, message, hint }) => {
    const place = line === null ? '' : `${line}:${column ?? 1}: `
    return `${place}${path === '' ? '' : `${path}: `}${message}${hint === null ? '' : ` (${hint})`}`
  })
  return new RestoreError(lines.join('\n'), { reason: 'InvalidSpec', hint: 'modosu explain spec' })
}
