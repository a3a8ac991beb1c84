/** Reads the manifests that `-f` names, through the same bounds and the same parser as the spool's files. */

import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'

import { codeOf, messageOf, RestoreError } from '../domain/errors.ts'
import { describeNode, describePlacement, isForNode, type NodeIdentity } from '../domain/node.ts'
import { API_VERSION, REQUEST_KIND } from '../domain/resource.ts'
import { isCandidate, keyOf } from '../spool/entry-name.ts'
import { createManifestParser } from '../spool/parser-pool.ts'
import { decodeManifest } from '../manifest/decode.ts'
import { isValid, MAX_FILE_BYTES, type ParsedDocument, type ParsedFile, type ValidManifest } from '../manifest/parse.ts'
import { formatProblem } from '../manifest/problem.ts'
import type { CliContext } from './context.ts'
import { absoluteWord } from './paths.ts'

/** Stands for the standard input. */
export const STDIN = '<stdin>'

export interface ManifestFile extends ParsedFile {
  /** As the person wrote it; `<stdin>` for `-`. */
  readonly file: string
}

/**
 * Reads and parses each file, in order.
 *
 * @param paths `-` is the standard input, at most once.
 * @throws RestoreError `FileUnreadable`, `UsageError`; what is wrong inside a file is in its `problems`.
 */
export async function readManifests(context: CliContext, paths: readonly string[]): Promise<readonly ManifestFile[]> {
  if (paths.filter((path) => path === '-').length > 1) {
    throw new RestoreError('the standard input can be read once only', { reason: 'UsageError' })
  }
  const parser = createManifestParser()
  try {
    const files: ManifestFile[] = []
    for (const path of paths) {
      const decoded = decodeManifest(await bytesOf(context, path), MAX_FILE_BYTES)
      const parsed =
        'problem' in decoded ? { documents: [], problems: [decoded.problem] } : await parser.parse(decoded.text)
      files.push({ file: path === '-' ? STDIN : path, documents: parsed.documents, problems: parsed.problems })
    }
    return files
  } finally {
    await parser.close()
  }
}

/**
 * A directory stands for the manifests in it, by name, as the spool would take them.
 *
 * @throws RestoreError `FileUnreadable` for one that holds none.
 */
export function withDirectories(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    if (path === '-' || statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [path]
    const files = readdirSync(path).filter((name) => isCandidate(keyOf(Buffer.from(name))))
    if (files.length > 0) return files.sort().map((name) => join(path, name))
    throw new RestoreError(`no manifests in ${path}`, {
      reason: 'FileUnreadable',
      hint: 'their names end in .yaml, .yml or .json',
    })
  })
}

async function bytesOf({ stdin }: CliContext, path: string): Promise<Uint8Array> {
  if (path === '-') return buffer(stdin)
  try {
    // A file that is far too large need not be read to know it; the parser says so for one that is just too large.
    if (statSync(path).size > 16 * MAX_FILE_BYTES) return new Uint8Array(MAX_FILE_BYTES + 1)
    return readFileSync(path)
  } catch (error) {
    const directory = codeOf(error) === 'EISDIR'
    throw new RestoreError(`cannot read ${path}: ${directory ? 'it is a directory' : messageOf(error)}`, {
      reason: 'FileUnreadable',
      hint: directory ? `name its files: -f ${absoluteWord(path)}/*.yaml` : 'name a file, or - for the standard input',
      cause: error,
    })
  }
}

/** What is wrong with one document, one line each, as `FILE:LINE:COLUMN: PATH: MESSAGE (HINT)`. */
export function documentLines(file: string, document: ParsedDocument): string[] {
  return isValid(document) ? [] : document.problems.map((problem) => formatProblem(file, problem))
}

/** What is wrong with a file as a whole. */
export function fileLines({ file, problems }: ManifestFile): string[] {
  return problems.map((problem) => formatProblem(file, problem))
}

/**
 * The requests of the files, where every document of every file is valid.
 *
 * @throws RestoreError `InvalidSpec` that names all problems: half a submission would leave a person guessing.
 */
export function requireValid(files: readonly ManifestFile[]): readonly ValidManifest[] {
  const lines = files.flatMap((file) => [
    ...fileLines(file),
    ...file.documents.flatMap((document) => documentLines(file.file, document)),
  ])
  if (lines.length > 0) {
    throw new RestoreError(lines.join('\n'), {
      reason: 'InvalidSpec',
      hint: 'nothing was submitted; modosu explain spec tells what each field means',
    })
  }
  return files.flatMap(({ documents }) => documents.filter(isValid))
}

/**
 * Refuses requests for other nodes before any is submitted; the daemon would refuse them one by one.
 *
 * @throws RestoreError `OtherNode`, naming each.
 */
export function requireOwnNode(documents: readonly ValidManifest[], node: NodeIdentity): void {
  const others = documents.filter(({ manifest }) => !isForNode(manifest.spec, node))
  if (others.length === 0) return
  const named = others.map(({ name, manifest }) => `request ${name} is for ${describePlacement(manifest.spec)}`)
  throw new RestoreError(`${named.join('; ')}; this is ${describeNode(node)}`, {
    reason: 'OtherNode',
    hint: 'nothing was submitted; node.name and node.labels of the configuration say what this node is',
  })
}

/** The object that the daemon is sent, and that `diff` shows. */
export function toManifestObject({ manifest }: ValidManifest): {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: object
  readonly spec: object
} {
  return { apiVersion: API_VERSION, kind: REQUEST_KIND, metadata: manifest.metadata, spec: manifest.spec }
}
