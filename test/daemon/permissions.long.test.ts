import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

import { judgePlaces, type Component, type Place } from '../../src/daemon/permission-rules.ts'
import { Installation } from '../support/installation.ts'

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url))
const ROOT = { uid: 0, gid: 0 }
const DAEMON = { uid: 990, gid: 991 }
const APPLICATION = { uid: 1500, gid: 1600 }

function directory(path: string, mode: number, { uid = 0, gid = 0 } = {}): Component {
  return { path, kind: 'directory', uid, gid, mode }
}

function place(itself: Component | null, parents: Component[] = [], more: Partial<Place> = {}): Place {
  return { role: 'the spool', itself, parents, application: null, secret: false, ...more }
}

describe('who may write to a path of the configuration', () => {
  const spool = '/var/spool/modosu'
  const judged = (component: Component, self = DAEMON, more: Partial<Place> = {}) =>
    judgePlaces([place(component, [], more)], self).map(({ problems, mend }) =>
      [problems.join('; '), mend].join(' -> '),
    )

  it('is root, the daemon’s user, and their groups: nothing is said of these', () => {
    for (const owner of [{}, { uid: 990 }, { gid: 991 }, { uid: 990, gid: 991 }]) {
      for (const mode of [0o700, 0o755, 0o770, 0o2775]) assert.deepEqual(judged(directory(spool, mode, owner)), [])
    }
    assert.deepEqual(judged(directory(spool, 0o750, { gid: 5000 })), [], 'reading is no writing')
  })

  it('is not everybody, another group, or another owner; each with the command that mends it', () => {
    assert.deepEqual(judged(directory(spool, 0o777), ROOT), [
      'everybody may write to it -> chmod o-w /var/spool/modosu',
    ])
    assert.deepEqual(judged(directory(spool, 0o1777)), [
      'everybody may write to it -> sudo chmod o-w /var/spool/modosu',
    ])
    assert.deepEqual(judged(directory(spool, 0o775, { gid: 50 }), ROOT), [
      'the members of group 50 may write to it -> chmod g-w /var/spool/modosu',
    ])
    assert.deepEqual(judged(directory('/srv/my spool', 0o777, { uid: 7, gid: 50 }), ROOT), [
      'everybody may write to it; the members of group 50 may write to it; it belongs to user 7, who is neither root nor ' +
        "anybody whom root trusts with it -> chmod o-w,g-w '/srv/my spool' && chown 0 '/srv/my spool'",
    ])
    assert.match(judged(directory(spool, 0o755, { uid: 7 }))[0] ?? '', /chown 990 /)
  })

  it('is the application’s user too where its database and its backups lie, and nowhere else', () => {
    const theirs = { uid: 1500, gid: 1600 }
    const backups = { application: APPLICATION, role: 'the backups of app' }
    assert.deepEqual(judged(directory('/srv/app/backups', 0o775, theirs), ROOT, backups), [])
    assert.equal(judged(directory(spool, 0o775, theirs), ROOT).length, 1)
    assert.match(
      judged(directory('/srv/app/backups', 0o755, { uid: 34 }), ROOT, backups)[0] ?? '',
      /user 34.*chown 1500/,
    )
    assert.match(judged(directory('/srv/app/backups', 0o777, theirs), ROOT, backups)[0] ?? '', /^everybody may write/)
  })

  it('is asked of every directory above as well, where the sticky bit is enough', () => {
    const safe = directory(spool, 0o755)
    const above = (mode: number, owner = {}) => judgePlaces([place(safe, [directory('/var/spool', mode, owner)])], ROOT)
    assert.deepEqual(above(0o755), [])
    assert.deepEqual(above(0o1777), [])
    assert.deepEqual(above(0o1775, { gid: 50 }), [])
    assert.deepEqual(
      above(0o777).map(({ path, role }) => [path, role]),
      [['/var/spool', 'above the spool']],
    )
    assert.equal(above(0o755, { uid: 1001 }).length, 1)
    assert.equal(above(0o775, { gid: 50 }).length, 1)
  })

  it('is asked of the owner of a link, whose mode means nothing', () => {
    const link = (uid: number): Component => ({ path: '/srv/link', kind: 'link', uid, gid: 50, mode: 0o777 })
    assert.deepEqual(judgePlaces([place(null, [link(0)])], ROOT), [])
    assert.match(judgePlaces([place(null, [link(7)])], ROOT)[0]?.mend ?? '', /^chown -h 0 \/srv\/link$/)
  })

  it('is asked of a key’s readers besides', () => {
    const key = (mode: number): Component => ({ path: '/etc/modosu/key', kind: 'other', uid: 0, gid: 0, mode })
    assert.deepEqual(judged(key(0o640), ROOT, { secret: true }), [])
    assert.match(judged(key(0o644), ROOT, { secret: true })[0] ?? '', /everybody may read it -> chmod o-r/)
    assert.deepEqual(judged(key(0o644), ROOT), [])
  })

  it('is told once for a directory that several paths share, by what it is itself', () => {
    const shared = directory('/srv', 0o777)
    const places = [place(directory('/srv/a', 0o755), [shared]), place(shared, [], { role: 'the state directory' })]
    assert.deepEqual(
      judgePlaces(places, ROOT).map(({ path, role }) => [path, role]),
      [['/srv', 'the state directory']],
    )
  })
})

const notRoot = process.geteuid?.() === 0 ? false : 'files of several users are made by root only'

describe('a daemon whose paths others may write to', { skip: notRoot }, () => {
  const installation = new Installation({
    target: { notifications: [{ url: 'http://127.0.0.1:9/', secretFile: 'hook.key' }] },
  })
  const { folder, spool, backups, state, database, configFile } = installation
  after(() => installation.remove())

  it('does not start, says all at once, and starts when the commands that it gives were run', async () => {
    const app = join(folder, 'app')
    writeFileSync(join(folder, 'hook.key'), 'secret', { mode: 0o644 })
    mkdirSync(state)
    symlinkSync(app, join(folder, 'link'))
    installation.configure({
      target: {
        database: join(folder, 'link', 'app.db'),
        notifications: [{ url: 'http://127.0.0.1:9/', secretFile: 'hook.key' }],
      },
    })
    for (const path of [app, database]) chownSync(path, 1500, 1500)
    chmodSync(app, 0o775)
    const harmless = installation.cli('daemon')
    assert.match(harmless.stderr, /one path of the configuration/, 'the application may write to its own directory')
    assert.match(harmless.stderr, /hook\.key .*everybody may read it/)

    chmodSync(configFile, 0o666)
    chmodSync(spool, 0o1777)
    chownSync(state, 1501, 0)
    chownSync(backups, 1500, 50)
    chmodSync(backups, 0o775)
    const { status, stderr } = installation.cli('daemon')
    assert.equal(status, 2, stderr)
    const [told = '', hint = ''] = stderr.split('hint: ')
    assert.match(told, /error: somebody else may write to 5 paths of the configuration:/)
    assert.ok(told.includes(`${configFile} (the configuration; owner 0:0, mode 0666): everybody may write to it`))
    assert.ok(told.includes(`${spool} (the spool; owner 0:0, mode 1777): everybody may write to it`))
    assert.ok(told.includes(`${state} (the state directory; owner 1501:0, mode 0755): it belongs to user 1501`))
    assert.ok(
      told.includes(`${backups} (the backups of app; owner 1500:50, mode 0775): the members of group 50 may write`),
    )
    const commands = hint.split('\n').flatMap((line) => /^ {2}(ch.*)$/.exec(line)?.[1] ?? [])
    assert.equal(commands.length, 5)

    await installation.start()
    const warnings = installation.log().match(/"msg":"insecure permissions: /g)
    assert.equal(warnings?.length, 5, 'with --insecure-permissions each is a warning')
    await installation.stop()

    for (const command of commands) assert.equal(spawnSync('sh', ['-c', command]).status, 0, command)
    assert.equal(statSync(configFile).mode & 0o777, 0o664)
    await startsAndStops(process.execPath, [MAIN, 'daemon', '--config', configFile], {})
  })

  it('starts for an ordinary user below a sticky directory, as on a first trial', async (context) => {
    const home = mkdtempSync(join(tmpdir(), 'modosu-try-'))
    const user = { uid: 12_345, gid: 12_345 }
    try {
      if (spawnSync(process.execPath, [MAIN, 'version'], { ...user, cwd: '/' }).status !== 0) {
        context.skip('an ordinary user cannot read this folder')
        return
      }
      const trial = join(home, 'try')
      for (const path of [home, trial, join(trial, 'spool'), join(trial, 'app'), join(trial, 'app', 'backups')]) {
        mkdirSync(path, { recursive: true })
        chmodSync(path, 0o775)
        chownSync(path, user.uid, user.gid)
      }
      const config = join(trial, 'modosu.yaml')
      writeFileSync(
        config,
        'apiVersion: modosu.dev/v1\nkind: Configuration\nstateDir: state\nspool: {path: spool}\nmetrics: {listen: null}\n' +
          'targets: [{name: shop, database: app/shop.db, backups: {path: app/backups}}]\n',
      )
      chownSync(config, user.uid, user.gid)
      await startsAndStops(process.execPath, [MAIN, 'daemon', '--config', config], { ...user, cwd: trial })
      const foreign = spawnSync(process.execPath, [MAIN, 'daemon', '--config', config], { encoding: 'utf8' })
      assert.match(
        foreign.stderr,
        /belongs to user 12345, who is neither root/,
        'root does not take orders from a user',
      )
    } finally {
      rmSync(home, { recursive: true, force: true })
    }
  })
})

async function startsAndStops(command: string, words: string[], options: { uid?: number; gid?: number; cwd?: string }) {
  const daemon = spawn(command, words, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  const ended = once(daemon, 'exit')
  for (const stream of [daemon.stdout, daemon.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
      // Once: a second signal may meet the process as it ends, when it no longer listens.
      if (!daemon.killed && said.includes('"msg":"ready"')) daemon.kill('SIGTERM')
    })
  }
  assert.deepEqual(await ended, [0, null], said)
  assert.match(said, /"msg":"ready"/)
}
