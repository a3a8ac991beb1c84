/** The daemon's configuration: read from one YAML file, proven, and resolved to absolute paths and milliseconds. */

import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { codeOf, messageOf, RestoreError } from '../domain/errors.ts'
import { CONFIGURATION_SCHEMA } from '../manifest/configuration-schema.ts'
import { decodeManifest } from '../manifest/decode.ts'
import { fileProblem, formatProblem, type Finding, type ManifestProblem } from '../manifest/problem.ts'
import { SchemaValidator } from '../manifest/schema-validator.ts'
import { parseYaml } from '../manifest/yaml-document.ts'
import { checkConfiguration } from './config-checks.ts'
import type { Configuration } from './configuration.ts'
import { resolveConfiguration, type RawConfiguration } from './config-resolve.ts'

export type { Configuration } from './configuration.ts'

export const MAX_CONFIGURATION_BYTES = 1024 * 1024

const READ_HINTS: Readonly<Record<string, string>> = {
  ENOENT: 'give the file with --config FILE',
  EACCES: 'the daemon must be allowed to read it',
  EISDIR: 'give the file, not its directory',
}

function readConfigurationFile(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new RestoreError(`cannot read the configuration ${path}: ${messageOf(error)}`, {
      reason: 'InvalidConfiguration',
      hint: READ_HINTS[codeOf(error) ?? ''] ?? 'give the file with --config FILE',
      cause: error,
    })
  }
}

function invalid(path: string, problems: readonly ManifestProblem[]): RestoreError {
  const lines = [...problems]
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
    .map((problem) => formatProblem(path, problem))
  return new RestoreError(lines.join('\n'), {
    reason: 'InvalidConfiguration',
    hint: 'correct the file; modosu explain configuration.FIELD tells what a field means',
  })
}

/**
 * Parses and proves a configuration text.
 *
 * @param path of the file, for messages and for what is relative to it.
 * @throws RestoreError `InvalidConfiguration`; its message has one line for each problem, as `FILE:LINE:COLUMN: …`.
 */
export function parseConfiguration(bytes: Uint8Array, path: string): Configuration {
  const decoded = decodeManifest(bytes, MAX_CONFIGURATION_BYTES)
  if ('problem' in decoded) throw invalid(path, [decoded.problem])
  const { documents, problems } = parseYaml(decoded.text)
  const [document, second] = documents
  if (problems.length > 0) throw invalid(path, problems)
  if (document === undefined) throw invalid(path, [fileProblem('the file is empty', null)])
  if (second !== undefined) {
    const position = { line: second.line, column: 1 }
    throw invalid(path, [fileProblem('the file holds more than one document', 'keep one', position)])
  }
  const refuse = (findings: readonly Finding[]): RestoreError =>
    invalid(
      path,
      findings.map((finding) => document.toProblem(finding)),
    )
  const checked = new SchemaValidator(CONFIGURATION_SCHEMA).check(document.value)
  if ('findings' in checked) throw refuse(checked.findings)
  const file = resolve(path)
  // The schema has just proven the shape.
  const { configuration, findings } = resolveConfiguration(checked.value as RawConfiguration, file, dirname(file))
  const all = [...findings, ...checkConfiguration(configuration)]
  if (all.length > 0) throw refuse(all)
  return configuration
}

/**
 * Loads the configuration file. Reads nothing else and creates nothing.
 *
 * @throws RestoreError `InvalidConfiguration`, also where the file cannot be read.
 */
export function loadConfiguration(path: string): Configuration {
  return parseConfiguration(readConfigurationFile(path), path)
}
