import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it, type TestContext } from 'node:test'

import { contentHash } from '../support/beside.ts'
import { makeBackup, makeDatabase } from '../support/files.ts'
import { Installation } from '../support/installation.ts'
import { mountImage, type Mount } from '../support/mounts.ts'

const OLD = { rows: 30, wal: false } as const

/** Each with a service whose stop leaves a mark: nothing is stopped for a restore that cannot be made. */
describe('a database that cannot be swapped', () => {
  const installation = new Installation({ live: OLD })
  const { folder } = installation
  const stopped = join(folder, 'stopped')
  const homes = ['immutable', 'append', 'frozen', 'plain-fat'] as const
  const undo: (() => void)[] = []
  const place = (name: string) => join(folder, name, 'app.db')
  const backupsOf = (name: string) => join(folder, `${name}-backups`)

  before(async () => {
    const command = { stop: ['touch', stopped], start: ['true'], status: ['true'] }
    const targets = homes.map((name) => ({
      name,
      database: place(name),
      backups: { path: backupsOf(name), stem: 'app', catalogTable: null, auditTable: null },
      service: { command },
    }))
    for (const name of homes) {
      mkdirSync(join(folder, name))
      mkdirSync(backupsOf(name))
      makeBackup(backupsOf(name), 'daily', '20260215_020015', { rows: 10, wal: false })
    }
    installation.configure({ targets })
    await installation.start()
  })
  after(async () => {
    await installation.stop('SIGKILL')
    for (const each of undo) each()
    await installation.remove()
  })

  async function refused(name: string, message: RegExp, hint: RegExp): Promise<void> {
    const [old, names] = [contentHash(place(name)), readdirSync(join(folder, name))]
    installation.drop(name, { target: name, source: { latest: {} } })
    const { phase, status } = await installation.ended(name)
    assert.deepEqual([phase, status.reason], ['Failed', 'TargetNotReplaceable'], JSON.stringify(status))
    assert.match(status.message ?? '', message)
    assert.match(status.hint ?? '', hint)
    assert.deepEqual([contentHash(place(name)), readdirSync(join(folder, name))], [old, names])
    assert.equal(statSync(stopped, { throwIfNoEntry: false }), undefined, 'the application was stopped')
  }

  function flagged(context: TestContext, flag: 'i' | 'a', path: string): boolean {
    if (spawnSync('chattr', [`+${flag}`, path], { stdio: 'ignore' }).status !== 0) {
      context.skip('flags can be set by root, on a file system that has them, only')
      return false
    }
    undo.push(() => execFileSync('chattr', [`-${flag}`, path]))
    return true
  }

  it('being immutable, is refused before anything stops', async (context) => {
    makeDatabase(place('immutable'), OLD)
    if (!flagged(context, 'i', place('immutable'))) return
    await refused('immutable', /app\.db is immutable/, /^chattr -i .*app\.db/)
  })

  it('in an append-only directory, is refused, and nothing that could not be removed is made there', async (context) => {
    makeDatabase(place('append'), OLD)
    if (!flagged(context, 'a', join(folder, 'append'))) return
    await refused('append', /append is append-only/, /^chattr -a .*append/)
  })

  it('in an immutable directory, is refused before anything stops', async (context) => {
    makeDatabase(place('frozen'), OLD)
    if (!flagged(context, 'i', join(folder, 'frozen'))) return
    await refused('frozen', /frozen is immutable/, /^chattr -i .*frozen/)
  })

  it('on a file system without hard links, is refused before anything stops', async (context) => {
    const images = mkdtempSync(join(tmpdir(), 'modosu-image-'))
    undo.push(() => {
      rmSync(images, { recursive: true })
    })
    const mount = withoutHardLinks(join(images, 'image'), join(folder, 'plain-fat'))
    if (mount === null) {
      context.skip('no file system without hard links can be mounted')
      return
    }
    undo.push(() => {
      mount.unmount()
    })
    makeDatabase(place('plain-fat'), OLD)
    await refused('plain-fat', /does not allow a hard link \((EPERM|ENOTSUP|EOPNOTSUPP|ENOSYS)\)/, /exFAT and FAT/)
  })
})

/** By the kernel, or by a driver in user space, which takes a block device. */
function withoutHardLinks(image: string, at: string): Mount | null {
  for (const make of ['mkfs.vfat', 'mkfs.exfat']) {
    writeFileSync(image, Buffer.alloc(16 * 2 ** 20))
    if (spawnSync(make, [image], { stdio: 'ignore' }).status !== 0) continue
    const mount = mountImage(image, at) ?? mountByFuse(image, at)
    if (mount !== null) return mount
  }
  return null
}

function mountByFuse(image: string, at: string): Mount | null {
  const { status, stdout } = spawnSync('losetup', ['--find', '--show', image], { encoding: 'utf8' })
  if (status !== 0) return null
  const device = stdout.trim()
  const mounted = spawnSync('mount.exfat-fuse', [device, at], { stdio: 'ignore' }).status === 0
  const unmount = () => {
    spawnSync('umount', ['-l', at], { stdio: 'ignore' })
    spawnSync('losetup', ['--detach', device], { stdio: 'ignore' })
  }
  if (mounted) return { unmount }
  unmount()
  return null
}
