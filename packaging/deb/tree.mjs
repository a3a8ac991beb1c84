/** The tree that a package unpacks: what goes where, with modes and times that do not depend on who builds. */
import { chmodSync, copyFileSync, lutimesSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

export class Tree {
  /** @param folder empty; becomes the root directory of the target host. */
  constructor(folder) {
    this.folder = folder
  }

  write(path, text, mode = 0o644) {
    const place = this.#prepare(path)
    writeFileSync(place, text)
    chmodSync(place, mode)
  }

  copy(from, path, mode = 0o644) {
    const place = this.#prepare(path)
    copyFileSync(from, place)
    chmodSync(place, mode)
  }

  /** Every file below a folder. */
  copyFolder(from, path, mode = 0o644) {
    for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const below = join(entry.parentPath, entry.name).slice(from.length + 1)
      this.copy(join(from, below), join(path, below), mode)
    }
  }

  /** Compressed without a time or a name inside. */
  writeGzip(path, text) {
    this.write(path, gzipSync(text, { level: 9 }))
  }

  read(path) {
    return readFileSync(join(this.folder, path))
  }

  /** Regular files, as `usr/bin/modosu`, sorted by their bytes. */
  files() {
    return this.#entries()
      .filter((entry) => entry.isFile())
      .map((entry) => this.#nameOf(entry))
      .sort()
  }

  /** Gives every folder its mode and everything the same time. */
  settle(epochSeconds) {
    for (const entry of this.#entries()) {
      const place = join(entry.parentPath, entry.name)
      if (entry.isDirectory()) chmodSync(place, 0o755)
      lutimesSync(place, epochSeconds, epochSeconds)
    }
    chmodSync(this.folder, 0o755)
    lutimesSync(this.folder, epochSeconds, epochSeconds)
  }

  #entries() {
    return readdirSync(this.folder, { recursive: true, withFileTypes: true })
  }

  #nameOf(entry) {
    return join(entry.parentPath, entry.name).slice(this.folder.length + 1)
  }

  #prepare(path) {
    const place = join(this.folder, path)
    mkdirSync(dirname(place), { recursive: true })
    return place
  }
}
