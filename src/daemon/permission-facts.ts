/** Gathers who owns and who may write the paths of a configuration, and every directory and link on the way to them. */

import { lstatSync, readlinkSync, realpathSync, type Stats } from 'node:fs'
import { dirname, isAbsolute, join, sep } from 'node:path'

import type { Configuration } from './configuration.ts'
import type { Component, Place } from './permission-rules.ts'

/** As many as the kernel follows (path_resolution(7)). */
const MOST_LINKS = 40

/** What exists of the places that the configuration names. Never throws: what cannot be looked at is complained of where it is used. */
export function gatherPlaces(configuration: Configuration): Place[] {
  const { file, stateDir, spool, api, targets } = configuration
  const ours = { application: null, secret: false }
  return [
    { ...wayTo(file), role: 'the configuration', ...ours },
    { ...wayTo(stateDir), role: 'the state directory', ...ours },
    { ...wayTo(spool.path), role: 'the spool', ...ours },
    { ...wayTo(api.socket), itself: null, role: 'the control socket', ...ours },
    ...targets.flatMap(({ name, database, backups, extracts }) => {
      const application = ownerOf(database)
      const theirs = { application, secret: false }
      return [
        { ...wayTo(dirname(realPathOf(database))), role: `the directory of the database of ${name}`, ...theirs },
        // A link on the way to the database decides which one is replaced.
        { ...wayTo(database), itself: null, role: `the database of ${name}`, ...theirs },
        { ...wayTo(backups.path), role: `the backups of ${name}`, ...theirs },
        ...(extracts === undefined ? [] : [{ ...wayTo(extracts.path), role: `the extracts of ${name}`, ...theirs }]),
      ]
    }),
    ...secretFiles(configuration).map((path) => ({ ...wayTo(path), role: 'a key', application: null, secret: true })),
  ]
}

function secretFiles({ api, auth, targets }: Configuration): string[] {
  const tls = api.tls?.kind === 'files' ? [api.tls.keyFile] : []
  const jwt = auth.jwt === null || auth.jwt.key.kind === 'jwks-url' ? [] : [auth.jwt.key.from]
  const users = [auth.usersFile, auth.openidConnect?.clientSecretFile ?? null].filter((file) => file !== null)
  const hooks = targets.flatMap(({ notifications }) => notifications.flatMap(({ secretFile }) => secretFile ?? []))
  const probes = targets.flatMap(({ loginProbe }) => loginProbe?.passwordFile ?? [])
  return [...new Set([...tls, ...jwt, ...users, ...hooks, ...probes])]
}

/** The application's user: the owner of the database, or of the directory in which it is going to be. */
function ownerOf(database: string): Place['application'] {
  const real = realPathOf(database)
  const found = look(real) ?? look(dirname(real))
  return found === null ? null : { uid: found.uid, gid: found.gid }
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

/** Every component from the root to the path, through every link, as the kernel walks it. */
function wayTo(path: string): Pick<Place, 'itself' | 'parents'> {
  const walked = new Map<string, Component>()
  const left = path.split(sep).filter((part) => part !== '')
  let here: string = sep
  note(walked, here)
  for (let links = 0; left.length > 0;) {
    const part = left.shift() ?? ''
    if (part === '.' || part === '') continue
    if (part === '..') {
      here = dirname(here)
      continue
    }
    const next = join(here, part)
    if (!note(walked, next)) return { itself: null, parents: [...walked.values()] }
    if (walked.get(next)?.kind !== 'link') {
      here = next
      continue
    }
    links += 1
    const target = linkTarget(next)
    if (target === null || links > MOST_LINKS) return { itself: null, parents: [...walked.values()] }
    if (isAbsolute(target)) here = sep
    left.unshift(...target.split(sep))
  }
  const itself = walked.get(here) ?? null
  return { itself, parents: [...walked.values()].filter((component) => component !== itself) }
}

function note(walked: Map<string, Component>, path: string): boolean {
  const found = look(path)
  if (found === null) return false
  const kind = found.isSymbolicLink() ? 'link' : found.isDirectory() ? 'directory' : 'other'
  walked.set(path, { path, kind, uid: found.uid, gid: found.gid, mode: found.mode & 0o7777 })
  return true
}

function look(path: string): Stats | null {
  try {
    return lstatSync(path)
  } catch {
    return null
  }
}

function linkTarget(path: string): string | null {
  try {
    return readlinkSync(path)
  } catch {
    return null
  }
}
