/**
 * What a recorded restore did to its files, as operations that a disk may or may not have kept: a write, a length and a
 * directory entry are kept for sure only once their file, or their directory, was synced after them (fsync(2)).
 */

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

import type { TracedCall } from './strace.ts'

/** A file by its number in the model; names come and go. */
type Inode = number

export type DiskOperation = {
  /** Index of the sync that makes it sure; infinite where none does. */
  sureAt: number
} & (
  | { readonly kind: 'name'; readonly path: string; readonly inode: Inode }
  | { readonly kind: 'unname'; readonly path: string }
  | { readonly kind: 'rename'; readonly from: string; readonly path: string; readonly inode: Inode }
  | { readonly kind: 'write'; readonly inode: Inode; readonly offset: number; readonly data: Buffer }
  | { readonly kind: 'length'; readonly inode: Inode; readonly length: number }
)

export interface DiskLog {
  /** Files that were there, and sure, at the beginning. */
  readonly names: ReadonlyMap<string, Inode>
  readonly contents: ReadonlyMap<Inode, Buffer>
  readonly operations: readonly DiskOperation[]
}

/** What a write or a new length makes of a file's content; a name makes nothing of it. */
export function changed(content: Buffer, operation: DiskOperation): Buffer {
  if (operation.kind === 'write') {
    const after = Buffer.alloc(Math.max(content.length, operation.offset + operation.data.length))
    content.copy(after)
    operation.data.copy(after, operation.offset)
    return after
  }
  if (operation.kind !== 'length') return content
  const after = Buffer.alloc(operation.length)
  content.copy(after)
  return after
}

/** Follows the calls and keeps what is not sure yet. */
export class DiskRecorder {
  readonly #folders: readonly string[]
  readonly #names = new Map<string, Inode>()
  readonly #initialNames: ReadonlyMap<string, Inode>
  readonly #contents = new Map<Inode, Buffer>()
  readonly #operations: DiskOperation[] = []
  readonly #unsure = new Map<string, DiskOperation[]>()
  readonly #lengths = new Map<Inode, number>()

  /** @param folders whose files are followed; read now, before the restore begins. */
  constructor(folders: readonly string[]) {
    this.#folders = folders
    for (const folder of folders) this.#readFolder(folder)
    this.#initialNames = new Map(this.#names)
  }

  log(): DiskLog {
    return { names: this.#initialNames, contents: this.#contents, operations: this.#operations }
  }

  apply(call: TracedCall): void {
    const { name, text, result } = call
    if (result.startsWith('-1') || result.startsWith('?')) return
    const strings = [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, found = '']) => found)
    const [first = '', second = ''] = strings
    const open = /^\d+<([^>]*)>/.exec(text)?.[1] ?? ''
    if (name === 'openat') this.#openat(first, text)
    else if (name === 'pwrite64') this.#write(open, unescape(first), Number(text.split(', ').at(-1)))
    else if (name === 'write') this.#write(open, unescape(first), this.#lengths.get(this.#names.get(open) ?? -1) ?? 0)
    else if (name === 'ftruncate') this.#truncate(open, Number(text.split(', ').at(-1)))
    else if (name === 'copy_file_range' || name === 'sendfile') this.#copy(name, text, Number(result.split(' ')[0]))
    else if (name === 'fsync' || name === 'fdatasync') this.#sync(open)
    else if (name === 'rename') this.#rename(first, second)
    else if (name === 'link') this.#link(first, second)
    else if (name === 'unlink') this.#unlink(first)
  }

  #readFolder(folder: string): void {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) this.#readFolder(path)
      else if (entry.isFile()) this.#born(path, readFileSync(path))
    }
  }

  #born(path: string, content: Buffer): Inode {
    const inode = this.#contents.size + 1
    this.#contents.set(inode, content)
    this.#lengths.set(inode, content.length)
    this.#names.set(path, inode)
    return inode
  }

  #followed(path: string): boolean {
    return this.#folders.some((folder) => path.startsWith(`${folder}/`)) && !path.endsWith('-shm')
  }

  #add(key: string, operation: DiskOperation): void {
    this.#operations.push(operation)
    this.#unsure.set(key, [...(this.#unsure.get(key) ?? []), operation])
  }

  #openat(path: string, text: string): void {
    if (!this.#followed(path)) return
    const present = this.#names.get(path)
    if (present === undefined && text.includes('O_CREAT')) {
      const inode = this.#born(path, Buffer.alloc(0))
      this.#add(dirname(path), { kind: 'name', path, inode, sureAt: Number.POSITIVE_INFINITY })
    } else if (present !== undefined && text.includes('O_TRUNC')) this.#truncate(path, 0)
  }

  #write(path: string, data: Buffer, offset: number): void {
    const inode = this.#names.get(path)
    if (inode === undefined || !this.#followed(path)) return
    this.#lengths.set(inode, Math.max(this.#lengths.get(inode) ?? 0, offset + data.length))
    this.#add(String(inode), { kind: 'write', inode, offset, data, sureAt: Number.POSITIVE_INFINITY })
  }

  #truncate(path: string, length: number): void {
    const inode = this.#names.get(path)
    if (inode === undefined || !this.#followed(path)) return
    this.#lengths.set(inode, length)
    this.#add(String(inode), { kind: 'length', inode, length, sureAt: Number.POSITIVE_INFINITY })
  }

  #copy(name: string, text: string, bytes: number): void {
    const [from = '', to = ''] = [...text.matchAll(/\d+<([^>]*)>/g)].map(([, path = '']) => path)
    const [source, target] = name === 'sendfile' ? [to, from] : [from, to]
    const content = this.#contentOf(source)
    if (bytes === 0 || content === null) return
    const inode = this.#names.get(target)
    const offset = inode === undefined ? 0 : (this.#lengths.get(inode) ?? 0)
    this.#write(target, content.subarray(offset, offset + bytes), offset)
  }

  /** As it was at this call: by now the restore has put another file in its place. Of one that is not followed, as it is. */
  #contentOf(path: string): Buffer | null {
    const inode = this.#names.get(path)
    if (inode === undefined) return existsSync(path) && statSync(path).isFile() ? readFileSync(path) : null
    return this.#operations.reduce(
      (content, operation) =>
        'inode' in operation && operation.inode === inode ? changed(content, operation) : content,
      this.#contents.get(inode) ?? Buffer.alloc(0),
    )
  }

  #sync(path: string): void {
    const inode = this.#names.get(path)
    const key = inode === undefined ? path : String(inode)
    for (const operation of this.#unsure.get(key) ?? []) operation.sureAt = this.#operations.length
    this.#unsure.delete(key)
  }

  #rename(from: string, path: string): void {
    const inode = this.#names.get(from)
    if (inode === undefined || !this.#followed(path)) return
    this.#names.delete(from)
    this.#names.set(path, inode)
    this.#add(dirname(path), { kind: 'rename', from, path, inode, sureAt: Number.POSITIVE_INFINITY })
  }

  #link(from: string, path: string): void {
    const inode = this.#names.get(from)
    if (inode === undefined || !this.#followed(path)) return
    this.#names.set(path, inode)
    this.#add(dirname(path), { kind: 'name', path, inode, sureAt: Number.POSITIVE_INFINITY })
  }

  #unlink(path: string): void {
    if (!this.#names.delete(path) || !this.#followed(path)) return
    this.#add(dirname(path), { kind: 'unname', path, sureAt: Number.POSITIVE_INFINITY })
  }
}

const LETTERS: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, v: 11, f: 12, '"': 34, '\\': 92 }

/** strace's C string to bytes. */
function unescape(text: string): Buffer {
  const bytes: number[] = []
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] !== '\\') {
      bytes.push(text.charCodeAt(index))
      continue
    }
    const octal = /^[0-7]{1,3}/.exec(text.slice(index + 1, index + 4))?.[0]
    bytes.push(octal === undefined ? (LETTERS[text[index + 1] ?? ''] ?? 0) : Number.parseInt(octal, 8))
    index += octal?.length ?? 1
  }
  return Buffer.from(bytes)
}
