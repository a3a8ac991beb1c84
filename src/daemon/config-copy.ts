/**
 * A copy of the configuration that the daemon last took, beside its state: with it every command that reads goes on working
 * while somebody has a mistake in the file.
 */

import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'

import { replaceFileSync } from '../files/replace-file.ts'
import { CONFIGURATION_SCHEMA } from '../manifest/configuration-schema.ts'
import { decodeManifest } from '../manifest/decode.ts'
import { parseYaml } from '../manifest/yaml-document.ts'
import { MAX_CONFIGURATION_BYTES, parseConfiguration } from './config.ts'
import type { Configuration } from './configuration.ts'

const NAME = 'configuration.yaml'

/**
 * Keeps the file's text where it says what was taken.
 *
 * @param taken as it was read from its file.
 * @param stateDir of the running daemon, which a new configuration does not move.
 * @throws the file system's error; the copy is then what it was.
 */
export function keepConfigurationCopy(taken: Configuration, stateDir: string): void {
  const bytes = readFileSync(taken.file)
  // Edited since it was read: the next reload takes it, and keeps it then.
  if (!isDeepStrictEqual(parseConfiguration(bytes, taken.file), taken)) return
  replaceFileSync(join(stateDir, NAME), bytes, { mode: 0o640 })
}

/**
 * The configuration that the daemon last took, where the file itself has a mistake.
 *
 * @param file the configuration file; its relative paths begin at its folder, as ever.
 * @returns undefined where there is no copy, or its place cannot be told from what is left of the file.
 */
export function lastGoodConfiguration(
  file: string,
): { readonly configuration: Configuration; readonly copy: string } | undefined {
  try {
    const copy = join(stateDirOf(file), NAME)
    return { configuration: parseConfiguration(readFileSync(copy), file), copy }
  } catch {
    return undefined
  }
}

/** Out of a file with a mistake somewhere: as YAML where that can be read, else by its line. */
function stateDirOf(file: string): string {
  const decoded = decodeManifest(readFileSync(file), MAX_CONFIGURATION_BYTES)
  const text = 'text' in decoded ? decoded.text : ''
  const given = inYaml(text) ?? /^stateDir:[ \t]+["']?([^"'#\n]+)/m.exec(text)?.[1]?.trim()
  const fallback: unknown = CONFIGURATION_SCHEMA.properties['stateDir']?.default
  const path = given ?? (typeof fallback === 'string' ? fallback : '')
  return resolve(dirname(file), path)
}

function inYaml(text: string): string | undefined {
  const value = parseYaml(text).documents[0]?.value
  if (typeof value !== 'object' || value === null || !('stateDir' in value)) return undefined
  return typeof value.stateDir === 'string' ? value.stateDir : undefined
}
