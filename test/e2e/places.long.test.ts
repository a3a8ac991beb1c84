import assert from 'node:assert/strict'
import { existsSync, linkSync, lstatSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'

import { beside, contentHash, safetyBackups } from '../support/beside.ts'
import { countRows, makeBackup, makeDatabase } from '../support/files.ts'
import { Installation } from '../support/installation.ts'
import { bindMount, mountTmpfs, type Mount } from '../support/mounts.ts'

const OLD = { rows: 30, wal: false } as const
const LATEST = { source: { latest: {} } }

function mounted(context: TestContext, mount: Mount | null): Mount | null {
  if (mount === null) context.skip('file systems can be mounted by root only')
  return mount
}

/** One installation with a target for each kind of place, so that one daemon serves them all. */
describe('a database in an unusual place', () => {
  const installation = new Installation({ live: OLD })
  const { folder } = installation
  const place = (name: string) => join(folder, name, 'app.db')
  const target = (name: string, more: Readonly<Record<string, unknown>> = {}) => ({
    name,
    database: place(name),
    // Targets that share a directory under one stem are refused.
    backups: { path: join(folder, `backups-${name}`), stem: 'app', catalogTable: null, auditTable: null },
    ...more,
  })
  const mounts: Mount[] = []

  before(async () => {
    for (const name of ['linked', 'pointed', 'bound', 'barred', 'crammed', 'apart']) {
      mkdirSync(join(folder, name))
      makeBackup(join(folder, `backups-${name}`), 'daily', '20260215_020015', { rows: 10, wal: false })
    }
    makeDatabase(place('linked'), OLD)
    linkSync(place('linked'), join(folder, 'linked', 'other.db'))
    makeDatabase(join(folder, 'real.db'), OLD)
    symlinkSync(join(folder, 'real.db'), place('pointed'))
    const far = join(folder, 'far')
    installation.configure({
      targets: [
        ...['linked', 'pointed', 'bound', 'barred', 'crammed'].map((name) => target(name)),
        target('apart', { backups: { path: far, stem: 'app', timezone: 'UTC', catalogTable: null, auditTable: null } }),
      ],
    })
    mkdirSync(far)
    await installation.start()
  })
  after(async () => {
    await installation.stop('SIGKILL')
    for (const mount of mounts) mount.unmount()
    await installation.remove()
  })

  async function refused(name: string, reason: string, message: RegExp): Promise<void> {
    const before = contentHash(place(name))
    installation.drop(name, { target: name, ...LATEST })
    const { phase, status } = await installation.ended(name)
    assert.deepEqual([phase, status.reason], ['Failed', reason], JSON.stringify(status))
    assert.match(status.message ?? '', message)
    assert.equal(contentHash(place(name)), before)
    assert.deepEqual(beside(place(name)), [])
  }

  it('with a second hard link is refused: the other name would keep the old database', async () => {
    await refused('linked', 'TargetNotReplaceable', /2 hard links/)
  })

  it('behind a symbolic link is restored where it is, and the link stays', async () => {
    installation.drop('pointed', { target: 'pointed', ...LATEST })
    assert.equal((await installation.ended('pointed')).phase, 'Succeeded')
    assert.ok(lstatSync(place('pointed')).isSymbolicLink())
    assert.equal(countRows(join(folder, 'real.db')), 10)
  })

  it('that is a bind mount of its own is refused: a rename cannot replace it', async (context) => {
    makeDatabase(join(folder, 'outside.db'), OLD)
    writeFileSync(place('bound'), '')
    const mount = mounted(context, bindMount(join(folder, 'outside.db'), place('bound')))
    if (mount === null) return
    mounts.push(mount)
    await refused('bound', 'TargetNotReplaceable', /mount point/)
  })

  it('in a read-only directory is refused before anything is written', async (context) => {
    makeDatabase(place('barred'), OLD)
    const mount = mounted(context, bindMount(join(folder, 'barred'), join(folder, 'barred'), { readonly: true }))
    if (mount === null) return
    mounts.push(mount)
    await refused('barred', 'TargetNotReplaceable', /cannot be written/)
  })

  it('on a file system that is really full is not touched, and nothing stays beside it', async (context) => {
    // The root, the database and the lock: for the staged file there is no inode left.
    const mount = mounted(context, mountTmpfs(join(folder, 'crammed'), 8192, 'nr_inodes=3'))
    if (mount === null) return
    mounts.push(mount)
    makeDatabase(join(folder, 'made.db'), OLD)
    const { copyFileSync } = await import('node:fs')
    copyFileSync(join(folder, 'made.db'), place('crammed'))
    await refused('crammed', 'DiskFull', /ENOSPC/)
  })

  it('keeps its safety backup on another mount', async (context) => {
    const far = join(folder, 'far')
    const mount = mounted(context, mountTmpfs(far, 8192))
    if (mount === null) return
    mounts.push(mount)
    makeDatabase(place('apart'), OLD)
    makeBackup(far, 'daily', '20260215_020015', { rows: 10, wal: false })
    installation.drop('apart', { target: 'apart', ...LATEST })
    const { phase, status } = await installation.ended('apart')
    assert.equal(phase, 'Succeeded', JSON.stringify(status))
    assert.deepEqual([countRows(place('apart')), safetyBackups(far).map((path) => countRows(path))], [10, [30]])
  })
})

describe('a state store that cannot be written', () => {
  const installation = new Installation({ live: OLD })
  after(() => installation.remove())

  it('keeps every restore from its swap; once there is room, the request comes to its end', async (context) => {
    const { state, database, backups } = installation
    const mount = mounted(context, mountTmpfs(state, 4096))
    if (mount === null) return
    try {
      const filler = join(state, 'filler')
      // Once only: a hook whose run could not be noted is run again.
      const once = join(installation.folder, 'once')
      const fill = `test -e ${once} || { touch ${once}; cat /dev/zero > ${filler} 2>/dev/null; }; true`
      installation.configure({ target: { hooks: { preRestore: [{ name: 'fill', command: ['sh', '-c', fill] }] } } })
      makeBackup(backups, 'daily', '20260215_020015', { rows: 10, wal: false })
      await installation.start()
      const old = contentHash(database)
      installation.drop('full', LATEST)
      while (!existsSync(filler)) await delay(50)
      await delay(3000)
      assert.equal(contentHash(database), old)
      rmSync(filler)
      const { phase } = await installation.ended('full')
      assert.equal(countRows(database), phase === 'Succeeded' ? 10 : 30)
      assert.deepEqual(beside(database), [])
    } finally {
      await installation.stop('SIGKILL')
      mount.unmount()
    }
  })
})
