/**
 * Names of directory entries, which are bytes and may be anything: a key for the program (one character per byte, so
 * that no two names share one), a form for people, and a name for the report about a file.
 */

import { createHash } from 'node:crypto'

/** A file name of which each byte is one character (latin1). */
export type EntryKey = string

const REQUEST_SUFFIX = /\.(yaml|yml|json)$/
const LEFTOVER = /~$|\.(tmp|swp|bak)$|^#/
/** Leaves room for the report's own suffixes within the 255 bytes of a file name. */
const LONGEST_REPORT_STEM = 180

export function keyOf(name: Uint8Array): EntryKey {
  return Buffer.from(name).toString('latin1')
}

export function bytesOf(key: EntryKey): Buffer {
  return Buffer.from(key, 'latin1')
}

/** Whether an entry is meant as a request, by its name alone: no dotfile, no editor's leftover, a suffix of YAML or JSON. */
export function isCandidate(key: EntryKey): boolean {
  return REQUEST_SUFFIX.test(key) && !key.startsWith('.') && !LEFTOVER.test(key)
}

function decoded(key: EntryKey): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytesOf(key))
  } catch {
    return undefined
  }
}

/** Characters that could drive a terminal, break a line, or turn the reading direction round. */
const HOSTILE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

/** Whether the name can be shown, stored and typed as it is: valid UTF-8 without control characters. */
export function isPlain(key: EntryKey): boolean {
  const text = decoded(key)
  return text !== undefined && !HOSTILE.test(text)
}

/** The name for people: itself where it is plain, else with every odd byte as `\xNN`. */
export function displayName(key: EntryKey): string {
  const text = decoded(key)
  if (text !== undefined && !HOSTILE.test(text)) return text
  return key.replaceAll(/[^ -[\]-~]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

/** A form of the name without slashes and control characters; no two names share one, for `%` itself is written `%25`. */
function safeStem(key: EntryKey): string {
  const text = isPlain(key) ? displayName(key).replaceAll('%', '%25') : key.replaceAll(/[^ -$&-~]/g, percent)
  if (Buffer.byteLength(text) <= LONGEST_REPORT_STEM) return text
  const digest = createHash('sha256').update(bytesOf(key)).digest('hex').slice(0, 16)
  return `${Array.from(text).slice(0, 40).join('')}-${digest}`
}

function percent(byte: string): string {
  return `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`
}

/**
 * The file name of the report about a spool file: its own name where that ends in `.yaml`, else with `.yaml` after it.
 * No two spool files share one, and none holds a slash.
 */
export function reportName(key: EntryKey): string {
  const stem = safeStem(key)
  const ownName = /\.yaml$/.test(stem) && !/\.(yaml|yml|json)\.yaml$/.test(stem)
  return ownName ? stem : `${stem}.yaml`
}
