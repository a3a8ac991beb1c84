import assert from 'node:assert/strict'
import { userInfo } from 'node:os'
import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'

import { resolveKept } from '../../src/controller/kept.ts'
import { loadConfiguration } from '../../src/daemon/config.ts'
import { openDoor, type Door } from '../api/door.ts'
import { manifestYaml, Workplace } from './workplace.ts'

const me = `uid ${process.getuid?.() ?? ''} (${userInfo().username})`
let place: Workplace
let door: Door | undefined

beforeEach(async () => {
  place = new Workplace()
  place.request('inc-1')
  door = await openDoor(place)
})
afterEach(async () => {
  await door?.close()
  place.close()
})

/** Commands that show the manual's texts speak Japanese where nothing says another language. */
const ENGLISH = { environment: { language: 'en' } } as const

function file(name: string, content: string): string {
  const path = join(place.root, name)
  writeFileSync(path, content)
  return path
}

describe('a command that acts on a request', () => {
  it('says what it did, as kubectl does, and acts under the login name', async () => {
    for (const [verb, said] of [
      ['suspend', 'suspended'],
      ['resume', 'resumed'],
      ['cancel', 'cancellation requested'],
    ] as const) {
      assert.deepEqual(await place.run([verb, 'inc-1']), {
        code: 0,
        stdout: `restorerequest.modosu.dev/inc-1 ${said}\n`,
        stderr: '',
      })
    }
    assert.deepEqual(
      place.store.audit().map(({ actor }) => actor),
      [me, me, me],
    )
  })

  it('tells the daemon’s refusal and its hint, with the exit code of the reason', async () => {
    place.walk('inc-1', ['Preflight', 'Failed'])
    const ended = await place.run(['cancel', 'inc-1'])
    assert.deepEqual([ended.code, ended.stdout], [7, ''])
    assert.match(ended.stderr, /^error: request inc-1 has ended \(Failed\)$/m)
    assert.equal((await place.run(['approve', 'nothing'])).code, 5)
    place.request('inc-2', { approval: { required: 1 }, requestedBy: 'ops-oncall' })
    const own = await place.run(['approve', 'inc-2'])
    assert.equal(own.code, 4)
    assert.match(own.stderr, /^hint: /m)
  })

  it('prints the new request of a retry in the form that was asked for', async () => {
    place.walk('inc-1', ['Rejected'])
    assert.equal(
      (await place.run(['retry', 'inc-1', '-o', 'name'])).stdout,
      'restorerequest.modosu.dev/inc-1-retry-1\n',
    )
  })
})

describe('submit, validate and diff', () => {
  it('submits each document once, and says what became of it', async () => {
    const path = file('two.yaml', `${manifestYaml('inc-2')}---\n${manifestYaml('inc-3')}`)
    const first = await place.run(['submit', '-f', path])
    assert.deepEqual(first, {
      code: 0,
      stdout: 'restorerequest.modosu.dev/inc-2 created\nrestorerequest.modosu.dev/inc-3 created\n',
      stderr: '',
    })
    assert.match((await place.run(['submit', '-f', path])).stdout, /inc-2 unchanged\n.*inc-3 unchanged\n$/)
  })

  it('submits nothing when one document is invalid', async () => {
    const bad = manifestYaml('inc-3').replace('confirm: true', 'confirm: maybe')
    const { code, stdout, stderr } = await place.run(['submit', '-f', '-'], {
      stdin: `${manifestYaml('inc-2')}---\n${bad}`,
    })
    assert.deepEqual([code, stdout], [7, ''])
    assert.match(stderr, /^error: <stdin>:\d+:\d+: spec\.confirm: /m)
    assert.equal(place.store.request('inc-2'), undefined)
  })

  it('validates several files and prints what is wrong where, with the nearest name of a target', async () => {
    const good = file('good.yaml', manifestYaml('inc-2'))
    const bad = file('bad.yaml', manifestYaml('inc-3').replace('backupCurrent', 'backupCurent'))
    const lost = file('lost.yaml', manifestYaml('inc-4', { target: 'shopp' }))
    const { code, stdout } = await place.run(['validate', '-f', good, bad, lost])
    assert.equal(code, 7)
    const lines = stdout.trimEnd().split('\n')
    assert.equal(lines[0], `${good}: inc-2: ok`)
    assert.match(lines[1]!, /bad\.yaml:\d+:\d+: spec\.backupCurent: .*\(did you mean "backupCurrent"\?\)$/)
    assert.match(lines[2]!, /lost\.yaml:1:1: spec\.target: no target "shopp" .*\(did you mean shop\?\)$/)
    assert.equal((await place.run(['validate', '-f', good])).code, 0)
  })

  it('takes back what get printed: an object is a manifest with a status', async () => {
    const { stdout } = await place.run(['get', 'request', 'inc-1', '-o', 'yaml'])
    const checked = await place.run(['validate', '-f', '-'], { stdin: stdout })
    assert.deepEqual([checked.code, checked.stdout], [0, '<stdin>: inc-1: ok\n'])
    assert.equal((await place.run(['diff', '-f', '-'], { stdin: stdout })).code, 0)
  })

  it('validates without a configuration, and without a daemon', async () => {
    await door?.close()
    door = undefined
    const good = file('good.yaml', manifestYaml('inc-2', { target: 'somewhere-else' }))
    const environment = { configPath: join(place.root, 'none.yaml'), configChosen: false }
    assert.equal((await place.run(['validate', '-f', good], { environment })).code, 0)
  })

  it('validates the configuration itself where no file is named, and says what is wrong in it', async () => {
    const good = await place.run(['validate'])
    assert.deepEqual([good.code, good.stdout], [0, `${place.config}: ok: shop\n`])
    const bad = file('modosu-bad.yaml', 'apiVersion: modosu.dev/v1\nkind: Configuration\ntargetz: []\n')
    const { code, stdout, stderr } = await place.run(['validate', '--config', bad])
    assert.deepEqual([code, stdout], [2, ''])
    assert.match(stderr, /modosu-bad\.yaml:3:1: .*targetz/)
  })

  it('compares with what is stored: 0 the same, 1 different', async () => {
    const path = file('inc-2.yaml', manifestYaml('inc-2'))
    assert.equal((await place.run(['diff', '-f', path])).code, 1)
    await place.run(['submit', '-f', path])
    assert.deepEqual(await place.run(['diff', '-f', path]), { code: 0, stdout: '', stderr: '' })
    const { code, stdout } = await place.run([
      'diff',
      '-f',
      file('inc-2.yaml', manifestYaml('inc-2', { mode: 'Drill' })),
    ])
    assert.equal(code, 1)
    assert.match(stdout, /^- {2}mode: Restore\n\+ {2}mode: Drill$/m)
  })

  it('cannot read what is not there, and does not read a directory', async () => {
    assert.equal((await place.run(['validate', '-f', join(place.root, 'none.yaml')])).code, 2)
    const directory = await place.run(['validate', '-f', place.root])
    assert.equal(directory.code, 2)
    assert.match(directory.stderr, /it is a directory\nhint: name its files/)
  })
})

describe('restore', () => {
  it('is refused off a terminal without --yes, and changes nothing', async () => {
    place.backup('daily', '20260215_020015')
    for (const words of [[], ['--no-safety-backup']]) {
      const { code, stdout, stderr } = await place.run(['restore', 'BKP-20260215-020015-daily', ...words], ENGLISH)
      assert.deepEqual([code, stdout], [2, ''])
      assert.match(stderr, /hint: say --yes once you are sure/)
    }
    assert.equal(place.store.requests().length, 1)
  })

  it('finds the daemon down before it warns or asks, and before a prune is agreed to', async () => {
    place.live()
    place.backup('daily', '20260215_020015')
    await door?.close()
    door = undefined
    for (const words of [
      ['restore', '--latest'],
      ['restore', '--latest', '--yes'],
    ]) {
      const { code, stderr } = await place.run(words, { ...ENGLISH, terminal: true, stdin: 'yes\n' })
      assert.equal(code, 1, stderr)
      assert.doesNotMatch(stderr, /WARNING|yes\/no/)
      assert.match(stderr, /the daemon does not answer/)
    }
  })

  it('submits what was said, with the warning on stderr and the name on stdout', async () => {
    place.live()
    place.backup('daily', '20260215_020015')
    const words = ['--yes', '--no-wait', '--name', 'inc-9', '--reason', '誤操作', '--no-safety-backup', '-o', 'name']
    const { code, stdout, stderr } = await place.run(['restore', 'BKP-20260215020015-daily', ...words])
    assert.deepEqual([code, stdout], [0, 'restorerequest.modosu.dev/inc-9\n'])
    assert.match(stderr, /- バックアップID: BKP-20260215-020015-daily$/m)
    assert.match(stderr, /WARNING: 安全バックアップは作成されません。/)
    const { spec } = place.store.request('inc-9')!
    assert.deepEqual(
      [spec.source, spec.confirm, spec.backupCurrent, spec.reason, spec.requestedBy, spec.mode],
      [{ backupId: 'BKP-20260215020015-daily' }, true, false, '誤操作', 'ops-oncall', 'Restore'],
    )
  })

  it('needs no yes for a drill, a dry run and an extract, which change nothing', async () => {
    for (const [flag, mode] of [
      ['--drill', 'Drill'],
      ['--dry-run', 'DryRun'],
      ['--extract', 'Extract'],
    ] as const) {
      const { code, stdout } = await place.run(['restore', '--latest', flag, '--no-wait', '-o', 'json'])
      assert.equal(code, 0)
      assert.equal((JSON.parse(stdout) as { spec: { mode: string } }).spec.mode, mode)
    }
  })

  it('knows before it asks that a backup is not there, or cannot be restored', async () => {
    writeFileSync(place.backup('daily', '20260215_020015'), '')
    const missing = await place.run(['restore', 'BKP-20260215-020016-daily', '--yes'], ENGLISH)
    assert.equal(missing.code, 5)
    assert.match(missing.stderr, /^error: Backup not found: BKP-20260215-020016-daily$/m)
    assert.equal((await place.run(['restore', 'BKP-20260215-020015-daily', '--yes'])).code, 7)
    assert.equal(place.store.requests().length, 1)
  })
})

describe('rollback', () => {
  /** A restore that took effect, as the daemon records it. */
  function restored(name: string, digits: string): void {
    const safety = `restore_safety_${digits}.db`
    const path = join(place.backups, safety)
    writeFileSync(path, 'x'.repeat(4096))
    const facts = { name: safety, path, sha256: 'a'.repeat(64), raw: false }
    if (name !== 'inc-1') place.request(name)
    place.walk(name, ['Preflight', 'SafetyBackup', 'VerifyingChecksum', 'VerifyingBackup', 'Quiescing', 'Swapping'])
    place.walk(name, ['VerifyingRestored', 'Resuming', 'Succeeded'], {
      safetyBackup: facts,
      status: { safetyBackup: facts },
      work: { database: place.database },
    })
  }

  it('takes back the last restore that took effect, whatever the names say, and tells what comes and what goes', async () => {
    place.live()
    restored('inc-1', '20360214120000')
    restored('inc-2', '20260215150530')
    const { code, stderr } = await place.run(['rollback', '--yes', '--no-wait', '--lang', 'en'])
    assert.equal(code, 0, stderr)
    assert.match(stderr, /^Takes back: restore inc-2, which put .* in place at 2026-02-15 15:05:\d\dZ$/m)
    assert.match(stderr, /^Comes back: .*restore_safety_20260215150530\.db \(4\.0 KB\)$/m)
    assert.match(stderr, /^Goes: everything written since inc-2 ended/m)
    const created = place.store.requests().at(-1)!
    assert.deepEqual(created.spec.source, { safetyBackup: { name: 'restore_safety_20260215150530.db' } })
    assert.equal(created.annotations['modosu.dev/undoes'], 'inc-2')
  })

  it('refuses when what the last restore replaced is gone, and takes no other in its place', async () => {
    place.live()
    restored('inc-1', '20260214120000')
    restored('inc-2', '20260215150530')
    rmSync(join(place.backups, 'restore_safety_20260215150530.db'))
    const { code, stderr } = await place.run(['rollback', '--yes', '--no-wait', '--lang', 'en'])
    assert.equal(code, 5)
    assert.match(stderr, /^error: what inc-2 replaced cannot be put back: .*20260215150530\.db is gone/m)
    assert.equal(place.store.requests().length, 2)
  })

  it('holds a file that came back under the name of a deleted one to the checksum of the restore that made it', async () => {
    place.live()
    restored('inc-1', '20260214120000')
    const name = 'restore_safety_20260214120000.db'
    place.store.forgetSafetyBackup('shop', name)
    const target = loadConfiguration(place.config).targets[0]!
    assert.equal((await resolveKept(place.store, target, name)).stated, 'a'.repeat(64))
  })

  it('says that a later restore never took effect, and waits for one that is running', async () => {
    place.live()
    restored('inc-1', '20260214120000')
    place.request('inc-2')
    place.walk('inc-2', ['Preflight'])
    const busy = await place.run(['rollback', '--yes', '--no-wait', '--lang', 'en'])
    assert.equal(busy.code, 6)
    assert.match(busy.stderr, /^error: restore inc-2 of shop is running/m)
    place.walk('inc-2', ['Failed'])
    const { code, stderr } = await place.run(['rollback', '--yes', '--no-wait', '--lang', 'en'])
    assert.equal(code, 0, stderr)
    assert.match(stderr, /^inc-2 \(Failed\) came later and never took effect/m)
    assert.match(stderr, /^Takes back: restore inc-1/m)
  })

  it('takes no safety backup for its name alone where the state store knows of no restore', async () => {
    for (const digits of ['20260215150530', '20260214120000']) {
      writeFileSync(join(place.backups, `restore_safety_${digits}.db`), 'x'.repeat(4096))
    }
    const { code, stderr } = await place.run(['rollback', '--yes', '--no-wait', '--lang', 'en'])
    assert.equal(code, 2)
    assert.match(stderr, /^warning: the state store knows of no restore of shop/m)
    assert.match(stderr, /^hint: .*modosu rollback --target shop --to restore_safety_20260215150530\.db$/m)
    assert.equal(place.store.requests().length, 1)
  })

  it('says what else can be done where there is none', async () => {
    const { code, stderr } = await place.run(['rollback', '--yes'])
    assert.equal(code, 5)
    assert.match(stderr, /modosu restore --latest --target shop/)
  })
})

describe('without the daemon', () => {
  it('a command that changes something says how to start it, and ends with 1', async () => {
    await door?.close()
    door = undefined
    const { code, stdout, stderr } = await place.run(['cancel', 'inc-1'])
    assert.deepEqual([code, stdout], [1, ''])
    assert.equal(
      stderr,
      `error: the daemon does not answer on ${place.socket}\n` +
        `hint: look: systemctl status modosu; start it: systemctl start modosu, or modosu daemon --config ${place.config}\n`,
    )
  })

  it('a command that reads still works', async () => {
    await door?.close()
    door = undefined
    assert.equal((await place.run(['get', 'requests', '-o', 'name'])).code, 0)
  })
})

it('acts under the name of the person behind sudo, and believes that name of root alone (spawned)', async () => {
  await place.spawn(['suspend', 'inc-1'], { variables: { SUDO_USER: 'alice' } }).result
  const [record, ...others] = place.store.audit()
  assert.deepEqual(others, [])
  assert.match(record?.actor ?? '', new RegExp(`^uid ${process.getuid?.() ?? ''}\\b`))
  assert.equal(record?.details['claimedName'] === 'alice', process.getuid?.() === 0)
})

it('ends with 4 for whoever may not use the socket (spawned)', async () => {
  // Root may do anything, so it becomes nobody; anybody else is kept out by the mode.
  const isRoot = process.getuid?.() === 0
  if (!isRoot) chmodSync(place.socket, 0)
  const { code, stderr } = await place.spawn(['cancel', 'inc-1'], isRoot ? { uid: 65_534 } : {}).result
  assert.equal(code, 4)
  assert.match(stderr, /^error: permission denied: .*\nhint: run it with sudo/)
})
