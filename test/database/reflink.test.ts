import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, statfsSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { database, filled, sha256, SOON, world } from './world.ts'

const { operations, folder } = world('reflink')
const SIZE = 400 * 2 ** 20

function run(...words: readonly string[]): boolean {
  return spawnSync(words[0] ?? '', words.slice(1), { stdio: 'ignore' }).status === 0
}

describe('on a file system that shares blocks', { timeout: 120_000 }, () => {
  let mount: string | null = null

  before(() => {
    const place = folder()
    const [image, point] = [join(place, 'xfs.img'), join(place, 'mnt')]
    writeFileSync(image, '')
    truncateSync(image, SIZE)
    mkdirSync(point)
    if (run('mkfs.xfs', '-q', '-m', 'reflink=1', image) && run('mount', '-o', 'loop', image, point)) mount = point
  })
  after(() => {
    if (mount !== null) run('umount', '-l', mount)
  })

  /** What the file system says of the file's blocks: FIEMAP_EXTENT_SHARED (linux/fiemap.h). */
  function isShared(path: string): boolean {
    const { stdout } = spawnSync('xfs_io', ['-r', '-c', 'fiemap -v', path], { encoding: 'utf8' })
    const flags = [...stdout.matchAll(/ (0x[0-9a-f]+)$/gm)].map(([, hex]) => Number(hex))
    return flags.length > 0 && flags.every((value) => (value & 0x2000) !== 0)
  }

  it('the staged copy and byte copies take no room, also where verification is held down to a rate', async (t) => {
    if (mount === null) {
      t.skip('no xfs can be mounted here: mkfs.xfs (xfsprogs) and root are needed')
      return
    }
    const source = join(mount, 'backup.db')
    database(source, filled('items', 3000))
    chmodSync(source, 0o600)
    spawnSync('sync', ['-f', mount])
    const free = statfsSync(mount).bavail
    for (const bytesPerSecond of [null, 2 ** 30]) {
      const staged = join(mount, `app.db.modosu-${bytesPerSecond ?? 'fast'}.new`)
      const { mismatches } = await operations.stage(
        {
          db: source,
          wal: null,
          staged,
          expectedDb: sha256(source),
          expectedWal: null,
          others: [],
          attributesOf: null,
          ownership: null,
          bytesPerSecond,
        },
        SOON,
      )
      assert.deepEqual([mismatches, isShared(staged)], [[], true])
    }
    const raw = join(mount, 'restore_safety_20260101000000.db')
    await operations.rawCopy([{ from: source, to: raw }], SOON)
    assert.ok(isShared(raw))
    spawnSync('sync', ['-f', mount])
    assert.ok(free - statfsSync(mount).bavail < 64, 'three copies share their blocks with the one')
  })
})
