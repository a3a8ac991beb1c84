/** Waits for a request that is not stored yet: its file may be settling in the spool, refused there, or nowhere at all. */

import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

import type { CliContext } from '../context.ts'
import { untilInterrupted } from '../interrupt.ts'
import { refusedFiles, type RefusedFile } from '../refused-files.ts'
import { lookEvery } from '../watch.ts'

const LOOK_EVERY_MS = 200
/** Beyond the settling, for a file that is on its way: a `git pull`, an `scp`, a busy machine. */
const GRACE_MS = 2000
/** Where this process may not look into the spool. */
const BLIND_GRACE_MS = 10_000
/** Files of the spool that are read in search of a name, the newest first. */
const MOST_FILES = 200
const MOST_BYTES = 64 * 1024

export type Appearance =
  | { readonly kind: 'there' | 'interrupted' | 'timeout' }
  /** No request, no file that names it. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'refused'; readonly refused: RefusedFile }

export interface AppearanceOptions {
  readonly timeoutMs: number
  /** Wait as long as it takes, also where no file names the request. */
  readonly patient: boolean
}

/** Resolves as soon as it is known what the name stands for. Says at once, on stderr, that it waits. */
export async function awaitAppearance(
  context: CliContext,
  name: string,
  { timeoutMs, patient }: AppearanceOptions,
): Promise<Appearance> {
  const reader = context.reader()
  if (reader.request(name) !== undefined) return { kind: 'there' }
  const { spool } = context.configuration()
  const startMs = performance.now()
  let told = false
  let found: Appearance = { kind: 'interrupted' }
  await untilInterrupted((signal) =>
    lookEvery(LOOK_EVERY_MS, signal, () => {
      const elapsedMs = performance.now() - startMs
      const refused = refusedFiles(context).find((each) => names(spool.path, each.file, name))
      if (reader.request(name) !== undefined) found = { kind: 'there' }
      else if (refused !== undefined) found = { kind: 'refused', refused }
      else if (elapsedMs >= timeoutMs) found = { kind: 'timeout' }
      else if (!patient && elapsedMs > graceMs(spool, name)) found = { kind: 'unknown' }
      else {
        if (!told) context.output.message(context.sayings.noRequestYet(name))
        told = true
        return false
      }
      return true
    }),
  )
  return found
}

/** A file that lies in the spool and names the request is waited for as long as the caller likes. */
function graceMs(spool: { readonly path: string; readonly settleMs: number }, name: string): number {
  const settlingMs = 2 * spool.settleMs
  let entries: readonly string[]
  try {
    entries = newest(spool.path)
  } catch {
    return settlingMs + BLIND_GRACE_MS
  }
  return entries.some((file) => names(spool.path, file, name)) ? Infinity : settlingMs + GRACE_MS
}

function newest(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((file) => /\.(ya?ml|json)$/.test(file) && !file.startsWith('.'))
    .map((file) => ({ file, changedMs: changedMs(join(folder, file)) }))
    .sort((a, b) => b.changedMs - a.changedMs)
    .slice(0, MOST_FILES)
    .map(({ file }) => file)
}

function changedMs(path: string): number {
  try {
    return statSync(path).ctimeMs
  } catch {
    return 0
  }
}

/** Whether a file of the spool is about the request: by its own name, or by the name that it gives. */
function names(folder: string, file: string, name: string): boolean {
  if (file === name || file.replace(/\.(ya?ml|json)$/, '') === name) return true
  try {
    const path = join(folder, file)
    const stats = statSync(path)
    if (!stats.isFile() || stats.size > MOST_BYTES) return false
    const quoted = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    return new RegExp(`["']?name["']?\\s*:\\s*["']?${quoted}["']?\\s*([,}#]|$)`, 'm').test(readFileSync(path, 'utf8'))
  } catch {
    return false
  }
}
