/** The files of a database that SQLite cannot read, byte for byte: what a specialist may still get something out of. */

import { codeOf, RestoreError } from '../domain/errors.ts'
import { applyOwnership, ownershipOf } from './attributes.ts'
import type { FileIdentity, RawCopyFile, SafetyCopy } from './contract.ts'
import { copyRegularFile } from './copy.ts'
import { identityOfOpen, syncAndDigest } from './digest.ts'
import { fingerprint } from './fingerprint.ts'
import { partialPath, publish, requireFree } from './partial.ts'
import { removeIfPresent } from './place.ts'
import { createFile } from './regular-file.ts'

interface Finished {
  readonly partial: string
  readonly to: string
  readonly sha256: string
  readonly identity: FileIdentity
}

/**
 * See `DatabaseOperations.rawCopy`. The first file is the main one and gets its name last: a set whose main file is
 * there is whole. `racy` also says that something was written meanwhile, so the files may not belong together.
 */
export async function rawCopy({ files }: { readonly files: readonly RawCopyFile[] }): Promise<SafetyCopy> {
  const [main, ...sides] = files
  if (main === undefined) throw new RestoreError('no file to copy', { reason: 'FileNotFound' })
  for (const { to } of files) await requireFree(to)
  const before = await fingerprint({ database: main.from })
  const copies = [await copyOne(main, partialPath(main.to))]
  for (const side of sides) {
    const copy = await copyIfThere(side, partialOf(side, main))
    if (copy !== null) copies.push(copy)
  }
  const after = await fingerprint({ database: main.from })
  for (const { partial, to, identity } of copies.toReversed()) await publish(partial, to, identity)
  return {
    sizeBytes: copies.reduce((sum, { identity }) => sum + identity.sizeBytes, 0),
    sha256: copies[0]?.sha256 ?? '',
    fingerprint: { text: before.text, racy: before.racy || after.text !== before.text },
    unverifiable: 'it is a byte copy of a database that cannot be read',
  }
}

/** Beside the main file's own, as SQLite's side files are named, so that one rule removes them all. */
function partialOf(side: RawCopyFile, main: RawCopyFile): string {
  if (!side.to.startsWith(main.to)) return partialPath(side.to)
  return `${partialPath(main.to)}${side.to.slice(main.to.length)}`
}

async function copyIfThere(file: RawCopyFile, partial: string): Promise<Finished | null> {
  try {
    return await copyOne(file, partial)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

async function copyOne({ from, to }: RawCopyFile, partial: string): Promise<Finished> {
  await removeIfPresent(partial)
  const ownership = await ownershipOf(from)
  const file = await createFile(partial)
  try {
    await copyRegularFile(from, file, ownership.mode)
    await applyOwnership(file, ownership)
    const sha256 = await syncAndDigest(file)
    return { partial, to, sha256, identity: await identityOfOpen(file) }
  } catch (error) {
    await removeIfPresent(partial)
    throw error
  } finally {
    await file.close()
  }
}
