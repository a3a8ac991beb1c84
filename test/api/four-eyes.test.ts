import assert from 'node:assert/strict'
import { chownSync, lchownSync, linkSync, lstatSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'

import { createApp } from '../../src/api/app.ts'
import { hashPassword } from '../../src/api/auth/password.ts'
import { PeerProofs } from '../../src/api/peer-proof.ts'
import { proofDirectory } from '../../src/api/protocol.ts'
import { ROUTES } from '../../src/api/routes.ts'
import type { Actor } from '../../src/controller/acting.ts'
import { approvalsRequired } from '../../src/controller/four-eyes.ts'
import { RequestCommands } from '../../src/controller/commands.ts'
import { SpoolIntake } from '../../src/controller/intake.ts'
import { socketAuthenticator } from '../../src/api/actor.ts'
import { loadConfiguration } from '../../src/daemon/config.ts'
import { personOf } from '../../src/domain/person.ts'
import type { RestoreManifest } from '../../src/domain/resource.ts'
import { manifest, manifestYaml, Workplace } from '../cli/workplace.ts'
import { openAuthDoor, type AuthDoor } from './auth/auth-door.ts'
import { contextOf, openDoor, send } from './door.ts'

const root = process.getuid?.() === 0
let hash: string
let place: Workplace

before(async () => {
  hash = await hashPassword('correct horse battery')
})

beforeEach(() => {
  place = new Workplace()
})

afterEach(() => {
  place.close()
})

/** Through which doors the same person can come, and how each door proves him. */
const bob = {
  'the socket': { name: 'uid 1000 (bob)', via: 'socket', person: personOf('uid 1000 (bob)', ['bob', 'bob'], 1000) },
  'the socket, by another name': {
    name: 'uid 1000 (bob)',
    via: 'socket',
    person: personOf('uid 1000 (bob)', ['bob', 'eve'], 1000),
  },
  'sudo, as his command says': {
    name: 'uid 0 (root)',
    via: 'socket',
    person: personOf('uid 0 (root)', ['root', 'bob'], 0),
  },
  'a login': { name: 'bob', via: 'http', person: personOf('bob', ['bob']) },
  "the application's token": { name: 'Bob', via: 'http', person: personOf('Bob', ['Bob']) },
} as const satisfies Readonly<Record<string, Actor>>

const alice: Actor = { name: 'alice', via: 'http', person: personOf('alice', ['alice']) }
const carol: Actor = { name: 'uid 1002 (carol)', via: 'socket', person: personOf('uid 1002 (carol)', ['carol'], 1002) }
const unproven: Actor = { name: 'alice', via: 'socket', person: null }

function commandsOf(required = 0): RequestCommands {
  const targets = loadConfiguration(place.config).targets.map(
    (each) => [each.name, { ...each, approval: { required } }] as const,
  )
  return new RequestCommands({
    store: place.store,
    targets: new Map(targets),
    node: () => ({ name: 'node', labels: {} }),
    now: () => place.nowMs,
    enqueue: () => undefined,
    cancel: () => undefined,
  })
}

const needing = (name: string, spec: Partial<RestoreManifest['spec']> = {}) =>
  manifest(name, { approval: { required: 2 }, requestedBy: 'somebody', ...spec })

describe('four eyes', () => {
  for (const [first, submitter] of Object.entries(bob)) {
    for (const [second, approver] of Object.entries(bob)) {
      it(`let nobody release by ${second} what he submitted by ${first}`, () => {
        const commands = commandsOf()
        commands.submit(needing('inc-1'), submitter)
        assert.throws(() => commands.approve('inc-1', approver), { reason: 'Denied' })
        commands.approve('inc-1', alice)
        assert.throws(
          () => commands.approve('inc-1', { ...alice, name: 'ALICE', person: personOf('ALICE', ['ALICE']) }),
          {
            reason: 'Denied',
          },
        )
        assert.deepEqual(commands.approve('inc-1', carol).approvals, ['alice', 'uid 1002 (carol)'])
      })
    }
  }

  it('hold for a file of the spool: its owner submitted it', () => {
    const commands = commandsOf()
    const intake = new SpoolIntake({
      store: place.store,
      onFirstStart: 'Run',
      now: () => place.nowMs,
      spoolPath: () => join(place.root, 'spool'),
      enqueue: () => undefined,
      cancel: () => undefined,
    })
    intake.apply({ file: 'inc-1.yaml', index: 0, manifest: needing('inc-1'), rivals: [], ownerUid: 1000 }, false)
    assert.throws(() => commands.approve('inc-1', bob['the socket']), { reason: 'Denied' })
    intake.apply({ file: 'inc-2.yaml', index: 0, manifest: needing('inc-2'), rivals: [], ownerUid: 0 }, false)
    assert.throws(() => commands.approve('inc-2', bob['sudo, as his command says']), { reason: 'Denied' })
    commands.approve('inc-1', alice)
    assert.equal(commands.approve('inc-1', carol).approvals.length, 2)
  })

  it('count nobody whom nothing proves, and let nobody unproven submit what needs an approval', () => {
    const commands = commandsOf()
    assert.throws(() => commands.submit(needing('inc-1'), unproven), { reason: 'Denied', message: /nothing proves/ })
    commands.submit(needing('inc-1'), alice)
    assert.throws(() => commands.approve('inc-1', unproven), { reason: 'Denied', message: /nothing proves/ })
    assert.throws(() => commands.approve('inc-1', { ...carol, person: personOf('somebody', ['somebody']) }), {
      reason: 'Denied',
    })
  })

  it('are asked for by the target whatever the request says, for restores and rollbacks, not for drills', async () => {
    const commands = commandsOf(1)
    const target = { ...loadConfiguration(place.config).targets[0]!, approval: { required: 1 } }
    assert.equal(approvalsRequired(manifest('a', { mode: 'Restore' }).spec, target), 1)
    assert.equal(approvalsRequired(manifest('a', { mode: 'Drill' }).spec, target), 0)
    assert.equal(approvalsRequired(manifest('a', { approval: { required: 3 } }).spec, target), 3)
    const rollback = await commands.rollback('shop', { safetyBackup: 'restore_safety_20260215150530.db' }, alice)
    assert.throws(() => commands.approve(rollback.name, alice), { reason: 'Denied' })
    assert.equal(commands.approve(rollback.name, carol).approvals.length, 1)
  })

  it('go on for a request that was stored before people were proven', () => {
    place.request('inc-1', { approval: { required: 1 }, requestedBy: 'ops-oncall' })
    const commands = commandsOf()
    assert.throws(() => commands.approve('inc-1', { ...carol, person: personOf('ops-oncall', ['ops-oncall']) }), {
      reason: 'Denied',
    })
    assert.equal(commands.approve('inc-1', carol).approvals.length, 1)
  })

  it('hold over the real doors: a command of this user, and a login under his name', async () => {
    const socket = await openDoor(place)
    const door: AuthDoor = await openAuthDoor(
      place,
      ['root', 'alice'].map((name) => ({ name, password: hash, roles: { '*': 'admin' as const }, disabled: false })),
      null,
    )
    try {
      writeFileSync(
        join(place.root, 'inc-1.yaml'),
        manifestYaml('inc-1', { approval: { required: 1 }, requestedBy: 'nobody' }),
      )
      const submitted = await place.run(['submit', '-f', join(place.root, 'inc-1.yaml')])
      assert.equal(submitted.code, 0, submitted.stderr)
      assert.match(place.store.request('inc-1')?.submitter?.name ?? '', /^uid \d+/)
      const own = await place.run(['approve', 'inc-1'], { environment: { login: 'alice' } })
      assert.equal(own.code, 4)
      const approve = (name: string) => {
        const user = { name, password: hash, roles: {}, disabled: false }
        const authorization = `Bearer ${door.auth.sessions.begin(user).token}`
        return door.call('POST', '/apis/modosu.dev/v1/restorerequests/inc-1/approve', { authorization })
      }
      if (root) assert.equal((await approve('root')).status, 403)
      // The command that was refused said that it was alice; that took no right from her.
      assert.equal((await approve('alice')).status, 200)
      const claimed = await send(place.socket, 'POST', '/restorerequests/inc-1/approve', {
        headers: { 'modosu-proof': '0'.repeat(32) },
      })
      assert.notEqual(claimed.status, 200)
      const details = place.store.audit().find(({ operation }) => operation === 'approve')?.details ?? {}
      assert.deepEqual([details['via'], details['credential'], details['address']], ['http', 'token', '127.0.0.1'])
    } finally {
      await door.close()
      await socket.close()
    }
  })
})

describe('the proof of a uid', () => {
  const warned: string[] = []
  const log = { warn: (message: string) => warned.push(message) }
  let proofs: PeerProofs
  let directory: string

  beforeEach(() => {
    const socket = join(place.root, 'x.sock')
    writeFileSync(socket, '')
    directory = proofDirectory(socket)
    proofs = new PeerProofs(socket)
    proofs.open(log)
  })

  after(() => {
    assert.deepEqual(warned, [])
  })

  const challenge = () => proofs.challenge() ?? { name: '', answer: '' }

  it('is whose link it is, once', () => {
    assert.equal(lstatSync(directory).mode & 0o7777, 0o1730)
    const { name, answer } = challenge()
    symlinkSync(answer, join(directory, name))
    if (root) lchownSync(join(directory, name), 1234, 1234)
    assert.equal(proofs.take(name), root ? 1234 : process.getuid?.())
    assert.equal(proofs.take(name), null)
    assert.deepEqual(readdirSync(directory), [])
  })

  it('is no file, no link of another answer, no link that is not there, and no name that was not given', () => {
    const file = challenge()
    writeFileSync(join(directory, file.name), file.answer)
    assert.equal(proofs.take(file.name), null)
    const [one, two] = [challenge(), challenge()]
    symlinkSync(two.answer, join(directory, one.name))
    assert.equal(proofs.take(one.name), null)
    const linked = challenge()
    writeFileSync(join(place.root, 'theirs'), linked.answer)
    if (root) chownSync(join(place.root, 'theirs'), 1234, 1234)
    linkSync(join(place.root, 'theirs'), join(directory, linked.name))
    assert.equal(proofs.take(linked.name), null)
    assert.equal(proofs.take(challenge().name), null)
    assert.equal(proofs.take('../theirs'), null)
    assert.deepEqual(readdirSync(directory), [])
  })

  it('keeps no more than a thousand challenges', async () => {
    const { context, close } = contextOf(place)
    const app = await createApp({
      door: 'socket',
      routes: ROUTES,
      context,
      authenticate: socketAuthenticator(proofs),
    })
    const first = challenge()
    for (let count = 0; count < 1100; count += 1) challenge()
    symlinkSync(first.answer, join(directory, first.name))
    assert.equal(proofs.take(first.name), null)
    await app.close()
    await close()
  })
})
