/** From the text of a spool file to requests: each document a manifest with its defaults, or what is wrong with it. */

import { API_VERSION, REQUEST_KIND, type RestoreManifest, type RestoreSpec, type Source } from '../domain/resource.ts'
import type { Placement } from '../domain/node.ts'
import { nearest } from './edit-distance.ts'
import { DNS_LABEL, NODE_NAME } from './json-schema.ts'
import { fileProblem, plainProblem, type Finding, type ManifestProblem } from './problem.ts'
import { RESTORE_REQUEST_SCHEMA } from './restore-request-schema.ts'
import { SchemaValidator } from './schema-validator.ts'
import { isQualifiedName, semanticFindings } from './semantics.ts'
import { specHash } from './spec-hash.ts'
import { parseYaml, type YamlDocument } from './yaml-document.ts'

/** The size of a spool file at most, in bytes. */
export const MAX_FILE_BYTES = 64 * 1024

interface DocumentPlace {
  /** Position in the file, from 0. */
  readonly index: number
  /** Where the document begins, from 1. */
  readonly line: number
}

export interface ValidManifest extends DocumentPlace {
  readonly name: string
  readonly manifest: RestoreManifest
  readonly specHash: string
}

export interface InvalidManifest extends DocumentPlace {
  /** metadata.name where it could be read and is a valid name. */
  readonly name: string | null
  /** Where it is to run, as far as that could be read: a mistake in it is the concern of those nodes alone. */
  readonly placement: Placement
  readonly problems: readonly ManifestProblem[]
}

export type ParsedDocument = ValidManifest | InvalidManifest

export interface ParsedFile {
  readonly documents: readonly ParsedDocument[]
  /** Not empty: the file as a whole cannot be read, and `documents` is empty. */
  readonly problems: readonly ManifestProblem[]
}

/** Whether a document is a request, and not a list of complaints. */
export function isValid(document: ParsedDocument): document is ValidManifest {
  return 'manifest' in document
}

/** The shape that the schema has proven, defaults included. */
interface CheckedRequest {
  readonly metadata: {
    readonly name: string
    readonly labels: Readonly<Record<string, string>>
    readonly annotations: Readonly<Record<string, string>>
  }
  readonly spec: RestoreSpec
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const CONFIGURATION_HINT = 'a configuration is checked with: modosu validate --config FILE'

/** A wrong kind makes every other complaint noise, so it is looked at first. */
function kindFindings(value: unknown): Finding[] {
  if (!isMapping(value)) {
    const hint = `begin with: apiVersion: ${API_VERSION}`
    return [{ path: [], atKey: false, message: 'the document is not a mapping', hint }]
  }
  const wrong = (key: string, given: unknown, wanted: string): Finding => {
    const shown = typeof given === 'string' ? JSON.stringify(given.slice(0, 80)) : 'something else'
    const meant = typeof given === 'string' && nearest(given, [wanted]) !== undefined
    const hint = given === 'Configuration' ? CONFIGURATION_HINT : meant ? `did you mean ${wanted}?` : null
    return { path: [key], atKey: false, message: `${shown} is not read here, ${wanted} is expected`, hint }
  }
  const findings: Finding[] = []
  const { apiVersion, kind } = value
  if (apiVersion !== undefined && apiVersion !== API_VERSION)
    findings.push(wrong('apiVersion', apiVersion, API_VERSION))
  if (kind !== undefined && kind !== REQUEST_KIND) findings.push(wrong('kind', kind, REQUEST_KIND))
  return findings
}

function nameOf(value: unknown): string | null {
  const metadata = isMapping(value) ? value['metadata'] : undefined
  const name = isMapping(metadata) ? metadata['name'] : undefined
  return typeof name === 'string' && name.length <= 63 && new RegExp(DNS_LABEL).test(name) ? name : null
}

function placementIn(value: unknown): Placement {
  const spec = isMapping(value) ? value['spec'] : undefined
  const { nodeName, nodeSelector } = isMapping(spec) ? spec : {}
  const labels = isMapping(nodeSelector) ? Object.entries(nodeSelector) : []
  const legible = labels.filter(
    (label): label is [string, string] => isQualifiedName(label[0]) && typeof label[1] === 'string',
  )
  return {
    ...(typeof nodeName === 'string' && new RegExp(NODE_NAME).test(nodeName) ? { nodeName } : {}),
    ...(legible.length === 0 ? {} : { nodeSelector: Object.fromEntries(legible) }),
  }
}

/** Where a document is to run. */
export function placementOf(document: ParsedDocument): Placement {
  return isValid(document) ? document.manifest.spec : document.placement
}

/** Hexadecimal in lower case without the `sha256:` that catalogs write before it. */
function normalizedSource(source: Source): Source {
  if (source.file?.sha256 === undefined) return source
  const sha256 = source.file.sha256.replace(/^sha256:/, '').toLowerCase()
  return { file: { ...source.file, sha256 } }
}

function toManifest({ metadata, spec }: CheckedRequest): RestoreManifest {
  const { name, labels, annotations } = metadata
  return { metadata: { name, labels, annotations }, spec: { ...spec, source: normalizedSource(spec.source) } }
}

function byPosition(a: ManifestProblem, b: ManifestProblem): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)
}

/** Reads manifests; holds the compiled schema, so one instance serves many files. */
export class ManifestReader {
  readonly #validator = new SchemaValidator(RESTORE_REQUEST_SCHEMA)

  /**
   * Parses a text. A syntax error anywhere refuses the whole file; a document that fails the schema leaves the others
   * alone.
   *
   * Never throws, but a text made to exhaust memory could still end the process: what comes from outside is read in a
   * child (`ManifestParser`).
   */
  read(text: string): ParsedFile {
    const { documents, problems } = parseYaml(text)
    if (problems.length > 0) return { documents: [], problems: problems.map(plainProblem) }
    if (documents.length === 0) {
      const hint = 'delete the file, or write a request; an example: modosu explain'
      return { documents: [], problems: [fileProblem('the file holds no document', hint)] }
    }
    return { documents: documents.map((document, index) => this.#readDocument(document, index)), problems: [] }
  }

  #readDocument(document: YamlDocument, index: number): ParsedDocument {
    const place = { index, line: document.line }
    const invalid = (findings: readonly Finding[]): InvalidManifest => ({
      ...place,
      name: nameOf(document.value),
      placement: placementIn(document.value),
      problems: findings.map((finding) => plainProblem(document.toProblem(finding))).sort(byPosition),
    })
    const wrongKind = kindFindings(document.value)
    // Another kind's name names no request.
    if (wrongKind.some(({ path }) => path[0] !== 'apiVersion')) return { ...invalid(wrongKind), name: null }
    if (wrongKind.length > 0) return invalid(wrongKind)
    const checked = this.#validator.check(document.value)
    if ('findings' in checked) return invalid(checked.findings)
    // The schema has just proven the shape; a test compares it with the type.
    const request = checked.value as CheckedRequest
    const findings = semanticFindings(request)
    if (findings.length > 0) return invalid(findings)
    const manifest = toManifest(request)
    return { ...place, name: manifest.metadata.name, manifest, specHash: specHash(manifest) }
  }
}
