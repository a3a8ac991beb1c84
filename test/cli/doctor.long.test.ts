import assert from 'node:assert/strict'
import Database from 'better-sqlite3'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { makeBackup, makeDatabase } from '../support/files.ts'
import type { Installation } from '../support/installation.ts'
import { mountTmpfs } from '../support/mounts.ts'
import { BrokenInstallation, cause, NOBODY, ROOT, yes } from './broken-installation.ts'

describe('modosu doctor', { timeout: 600_000, skip: ROOT }, () => {
  let broken: BrokenInstallation
  let place: Installation
  before(async () => {
    broken = new BrokenInstallation()
    place = broken.place
    makeBackup(place.backups, 'daily', '20260215_020015', { rows: 40 })
    await broken.start()
  })
  after(() => place.remove())

  it('leaves no byte and no time beside the database and the backups', async () => {
    const look = () =>
      [join(place.folder, 'app'), place.backups, join(place.backups, 'daily')].flatMap((folder) =>
        ['.', ...readdirSync(folder)].map((name) => {
          const { ino, size, mtimeMs, ctimeMs } = statSync(join(folder, name))
          return `${folder}/${name} ${ino} ${size} ${mtimeMs} ${ctimeMs}`
        }),
      )
    const seen = look()
    await broken.mustBeWell()
    assert.deepEqual(look(), seen)
  })

  it('a schema that is older than the newest backup’s', async () => {
    const newer = makeBackup(place.backups, 'daily', '20260216_020015', { rows: 40 })
    const database = new Database(newer)
    database.pragma('user_version = 2')
    database.pragma('journal_mode = DELETE')
    database.close()
    rmSync(newer.replace(/db$/, 'sha256'))
    const diagnosis = await broken.diagnose()
    assert.match(
      cause(diagnosis),
      /^broken schema: the schema of app is older than that of its newest backup BKP-20260216/,
    )
    broken.mend(yes(diagnosis))
    await broken.mustBeWell()
  })

  it('a damaged database', async () => {
    const file = openSync(place.database, 'r+')
    writeSync(file, Buffer.alloc(4096, 0x5a), 0, 4096, 4096)
    closeSync(file)
    const diagnosis = await broken.diagnose()
    assert.match(cause(diagnosis), /^broken integrity: the database .*app\.db is damaged$/)
    broken.mend(yes(diagnosis))
    await broken.mustBeWell()
  })

  it('a database that is gone', async () => {
    renameSync(place.database, `${place.database}.gone`)
    const diagnosis = await broken.diagnose()
    assert.match(cause(diagnosis), /^broken database: the database .*app\.db is not there$/)
    broken.mend(yes(diagnosis))
    await broken.mustBeWell()
  })

  it('a hanging systemctl does not hang it', async () => {
    const path = join(broken.bin, 'systemctl')
    const text = readFileSync(path, 'utf8')
    writeFileSync(path, '#!/bin/sh\nexec sleep 600\n')
    const diagnosis = await broken.diagnose('--quick')
    assert.match(cause(diagnosis), /^unseen unit: systemd does not answer/)
    assert.equal(diagnosis.status, 3)
    writeFileSync(path, text)
  })

  it('a hanging disk does not hang it', async () => {
    const mount = mountTmpfs(join(place.folder, 'nfs'), 64)
    if (mount === null) return
    const stat = join(broken.bin, 'stat')
    writeFileSync(
      stat,
      `#!/bin/sh\ncase "$*" in *'${place.folder}/nfs'*) exec sleep 600;; esac\nexec /usr/bin/stat "$@"\n`,
    )
    chmodSync(stat, 0o755)
    const good = readFileSync(place.configFile, 'utf8')
    writeFileSync(
      place.configFile,
      good.replaceAll(join(place.folder, 'app', 'app.db'), join(place.folder, 'nfs', 'app.db')),
    )
    const diagnosis = await broken.diagnose()
    assert.match(cause(diagnosis), /^broken file-system: the disk mounted at .*nfs does not answer/)
    writeFileSync(place.configFile, good)
    rmSync(stat)
    mount.unmount()
  })
})

describe('modosu doctor on disks that are full', { timeout: 120_000, skip: ROOT }, () => {
  it('names the disk of the database first; pruning mends it', async (context) => {
    const broken = new BrokenInstallation()
    const { place } = broken
    const mount = mountTmpfs(join(place.folder, 'app'), 2048, 'mode=755')
    if (mount === null) {
      context.skip('a small file system can be mounted by root only')
      return
    }
    try {
      mkdirSync(place.backups)
      makeDatabase(place.database, { rows: 50 })
      makeBackup(place.backups, 'daily', '20260215_020015', { rows: 40 })
      const old = `${place.database}.broken.20260101_000000`
      writeFileSync(old, '')
      fill(old)
      utimesSync(old, new Date('2026-01-01'), new Date('2026-01-01'))
      await broken.start()
      const diagnosis = await broken.diagnose()
      assert.match(cause(diagnosis), /^broken disk: the disk of the database is full: /)
      broken.mend(yes(diagnosis))
      assert.ok(!existsSync(old))
      await broken.mustBeWell()
    } finally {
      await place.stop()
      mount.unmount()
      await place.remove()
    }
  })

  it('names the disk of the state store first, and what fills it', async (context) => {
    const broken = new BrokenInstallation()
    const { place } = broken
    const mount = mountTmpfs(place.state, 4096, 'mode=755')
    if (mount === null) {
      context.skip('a small file system can be mounted by root only')
      return
    }
    try {
      makeBackup(place.backups, 'daily', '20260215_020015', { rows: 40 })
      await broken.start()
      await broken.mustBeWell()
      const file = join(place.state, 'core.1234')
      fill(file)
      const diagnosis = await broken.diagnose()
      assert.match(cause(diagnosis), /^broken disk: the disk of the state store is full: /)
      const { stdout } = spawnSync('sh', ['-c', diagnosis.likelyCause?.command ?? ''], { encoding: 'utf8' })
      assert.match(stdout, /core\.1234/)
      rmSync(file)
      await broken.mustBeWell()
    } finally {
      await place.stop()
      mount.unmount()
      await place.remove()
    }
  })

  /** Until the last byte of its file system. */
  function fill(path: string): void {
    const file = openSync(path, 'a')
    try {
      for (;;) if (writeSync(file, Buffer.alloc(4096, 1)) < 4096) break
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC')
    } finally {
      closeSync(file)
    }
  }
})

describe('modosu doctor on a daemon that is not root', { timeout: 120_000, skip: ROOT }, () => {
  it('names the spool that the daemon may not read', async () => {
    const broken = new BrokenInstallation({ target: {} })
    const { place } = broken
    try {
      makeBackup(place.backups, 'daily', '20260215_020015', { rows: 40 })
      mkdirSync(place.state)
      spawnSync('chown', ['-R', `${NOBODY}:${NOBODY}`, place.folder])
      await broken.start(['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--'])
      await broken.mustBeWell()
      chownSync(place.spool, 0, 0)
      chmodSync(place.spool, 0o700)
      const diagnosis = await broken.diagnose()
      assert.match(cause(diagnosis), /^broken spool: the daemon's user 65534 may not read the spool directory /)
      broken.mend(diagnosis)
      await broken.mustBeWell()
    } finally {
      await place.remove()
    }
  })
})
