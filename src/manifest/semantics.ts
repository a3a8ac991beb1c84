/** What a schema cannot say: paths that stay inside, windows that open before they close, names that mean something. */

import type { RestoreSpec, Source } from '../domain/resource.ts'
import type { Finding, PathStep } from './problem.ts'
import { parseRfc3339 } from './rfc3339.ts'

/** Kubernetes' qualified name: an optional DNS prefix, then a word. */
const QUALIFIED_NAME = /^([a-z0-9][-a-z0-9.]{0,252}\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/

function fault(path: readonly PathStep[], message: string, hint: string | null): Finding {
  return { path, atKey: false, message, hint }
}

/** Why a path cannot lie inside the backup directory by its letters alone; links are resolved where it is opened. */
function pathFault(path: string): string | undefined {
  if (path.startsWith('/')) return 'is absolute'
  if (path.split('/').includes('..')) return 'contains ..'
  return undefined
}

function* sourceFindings(source: Source): Generator<Finding> {
  const files = { file: source.file?.path, sqlDump: source.sqlDump?.path }
  for (const [key, path] of Object.entries(files)) {
    const why = path === undefined ? undefined : pathFault(path)
    if (why === undefined) continue
    yield fault(
      ['spec', 'source', key, 'path'],
      `the path ${why}`,
      "give the path inside the target's backup directory",
    )
  }
  if (source.sqlDump !== undefined && !source.sqlDump.path.endsWith('.sql.gz')) {
    yield fault(['spec', 'source', 'sqlDump', 'path'], 'is no .sql.gz file', 'use source.file for a .db file')
  }
  if (source.file?.path.endsWith('.sql.gz') === true) {
    yield fault(['spec', 'source', 'file', 'path'], 'is an SQL dump', 'use source.sqlDump for a .sql.gz file')
  }
}

function* windowFindings(spec: RestoreSpec): Generator<Finding> {
  if (spec.notBefore === undefined || spec.notAfter === undefined) return
  const from = parseRfc3339(spec.notBefore) ?? 0
  const to = parseRfc3339(spec.notAfter) ?? 0
  if (from >= to)
    yield fault(['spec', 'notAfter'], 'the window closes before it opens', 'notAfter must be after notBefore')
}

/** Whether a text can be the key of a label. */
export function isQualifiedName(key: string): boolean {
  return QUALIFIED_NAME.test(key)
}

function* keyFindings(at: readonly PathStep[], values: Readonly<Record<string, string>>): Generator<Finding> {
  for (const key of Object.keys(values)) {
    if (isQualifiedName(key)) continue
    const message = `${JSON.stringify(key.slice(0, 80))} cannot be a key here`
    yield { path: [...at, key], atKey: true, message, hint: 'for example: team or modosu.dev/scenario' }
  }
}

/** Checks a manifest that has passed the schema. */
export function semanticFindings(manifest: {
  readonly metadata: {
    readonly labels: Readonly<Record<string, string>>
    readonly annotations: Readonly<Record<string, string>>
  }
  readonly spec: RestoreSpec
}): Finding[] {
  return [
    ...keyFindings(['metadata', 'labels'], manifest.metadata.labels),
    ...keyFindings(['metadata', 'annotations'], manifest.metadata.annotations),
    ...keyFindings(['spec', 'nodeSelector'], manifest.spec.nodeSelector ?? {}),
    ...sourceFindings(manifest.spec.source),
    ...windowFindings(manifest.spec),
  ]
}
