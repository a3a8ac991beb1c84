import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { stringify } from 'yaml'

import { isTerminal } from '../../src/domain/phases.ts'
import { beside, safetyBackups } from '../support/beside.ts'
import { countRows, makeBackup, makeDatabase } from '../support/files.ts'
import { Installation } from '../support/installation.ts'

const NO_GIT = spawnSync('git', ['--version']).status === 0 ? false : 'git is not installed'

type Spec = Readonly<Record<string, unknown>>

/** A repository that people push to: commits are made in a working copy and pushed to the bare one that hosts pull from. */
class Repository {
  readonly folder = mkdtempSync(join(tmpdir(), 'modosu-git-'))
  readonly bare = join(this.folder, 'requests.git')
  readonly work = join(this.folder, 'work')

  constructor() {
    git(this.folder, 'init', '--quiet', '--bare', '--initial-branch=main', this.bare)
    git(this.folder, 'clone', '--quiet', this.bare, this.work)
    git(this.work, 'checkout', '--quiet', '-B', 'main')
    writeFileSync(join(this.work, 'README.md'), 'Requests to restore.\n')
    this.#push('Begin')
  }

  /** Commits requests, one file each, and pushes them. */
  commit(requests: Readonly<Record<string, Spec | string>>): void {
    for (const [name, spec] of Object.entries(requests)) {
      const text =
        typeof spec === 'string'
          ? spec
          : stringify({
              apiVersion: 'modosu.dev/v1',
              kind: 'RestoreRequest',
              metadata: { name },
              spec: { target: 'app', confirm: true, source: { latest: {} }, ...spec },
            })
      writeFileSync(join(this.work, `${name}.yaml`), text)
    }
    this.#push(`Ask for ${Object.keys(requests).length} restores`)
  }

  revert(): void {
    git(this.work, 'revert', '--no-edit', 'HEAD')
    git(this.work, 'push', '--quiet', 'origin', 'main')
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  #push(message: string): void {
    git(this.work, 'add', '--all')
    git(this.work, 'commit', '--quiet', '-m', message)
    git(this.work, 'push', '--quiet', 'origin', 'HEAD:main')
  }
}

function git(folder: string, ...args: readonly string[]): void {
  const identity = ['-c', 'user.name=Ops', '-c', 'user.email=ops@example.org', '-c', 'commit.gpgsign=false']
  execFileSync('git', [...identity, ...args], { cwd: folder, stdio: 'pipe' })
}

/** A host whose spool is a checkout of the repository. */
function host(repository: Repository, node: Spec, target: Spec = {}): Installation {
  const installation = new Installation({ target, configuration: { node } })
  rmSync(installation.spool, { recursive: true })
  git(installation.folder, 'clone', '--quiet', repository.bare, installation.spool)
  makeBackup(installation.backups, 'daily', '20260215_020015', { rows: 40 })
  return installation
}

/** What the unit modosu-spool-pull.service runs. */
function pull({ spool }: Installation): void {
  git(spool, '-c', 'core.hooksPath=/dev/null', 'pull', '--ff-only', '--quiet')
}

/** Long enough for the spool to have read what was pulled (settle 50 ms) and for a removed file to count as gone (2 s). */
const SEEN_MS = 3500

describe('a spool that is a Git checkout', { timeout: 240_000, skip: NO_GIT }, () => {
  if (NO_GIT !== false) return
  const repository = new Repository()
  const web1 = host(
    repository,
    { name: 'web-1', labels: { role: 'primary' } },
    { rateLimit: { restores: 3, window: '1h' } },
  )
  const web2 = host(repository, { name: 'web-2', labels: { role: 'standby' } })

  before(async () => {
    await Promise.all([web1.start(), web2.start()])
  })
  after(async () => {
    await Promise.all([web1.remove(), web2.remove()])
    repository.remove()
  })

  it('is only read: what git has laid there stays as it is, and .git and other files are no requests', async () => {
    const before = statSync(join(web1.spool, 'README.md')).mtimeMs
    await delay(500)
    assert.equal(statSync(join(web1.spool, 'README.md')).mtimeMs, before)
    assert.ok(existsSync(join(web1.spool, '.git')))
    assert.equal(existsSync(join(web1.state, 'status', '_rejected')), false)
  })

  it('has each node restore its own and leave the other’s alone', async () => {
    repository.commit({
      'inc-1': { nodeName: 'web-1' },
      'inc-2': { nodeName: 'web-2' },
      'inc-3': { nodeSelector: { role: 'standby' }, mode: 'Drill' },
    })
    pull(web1)
    pull(web2)
    assert.equal((await web1.ended('inc-1')).phase, 'Succeeded')
    assert.equal((await web2.ended('inc-2')).phase, 'Succeeded')
    assert.equal((await web2.ended('inc-3')).phase, 'Succeeded')
    assert.deepEqual([countRows(web1.database), countRows(web2.database)], [40, 40])
    assert.deepEqual([safetyBackups(web1.backups).length, safetyBackups(web2.backups).length], [1, 1])
    assert.deepEqual(
      [web1.request('inc-2'), web1.request('inc-3'), web2.request('inc-1')],
      [undefined, undefined, undefined],
    )
    for (const each of [web1, web2]) {
      assert.equal(existsSync(join(each.state, 'status', '_rejected')), false)
      assert.doesNotMatch(each.log(), /"level":"(warn|error)"/)
    }
    assert.match(web1.log(), /left alone: for node web-2/)
    assert.match(web1.log(), /left alone: for nodes with role=standby/)
  })

  it('refuses a request for another node that is submitted by hand, and validates it with a word about it', () => {
    const file = join(repository.work, 'inc-2.yaml')
    const submitted = web1.cli('submit', '-f', file)
    assert.equal(submitted.status, 7)
    assert.match(submitted.stderr, /request inc-2 is for node web-2; this is web-1 \(role=primary\)/)
    assert.equal(web1.request('inc-2'), undefined)
    const validated = web1.cli('validate', '-f', file)
    assert.deepEqual([validated.status, validated.stdout], [0, `${file}: inc-2: ok\n`])
    assert.match(validated.stderr, /inc-2: for node web-2; this is web-1 \(role=primary\), which leaves it alone/)
    assert.match(web1.cli('describe', 'request', 'inc-2').stderr, /those for other nodes/)
  })

  it('cancels a request that waits when its commit is reverted, on the node that it is for', async () => {
    repository.commit({ 'inc-4': { nodeName: 'web-1', suspend: true } })
    pull(web1)
    await web1.when('inc-4', ({ status }) => status.reason === 'Suspended')
    repository.revert()
    pull(web1)
    const cancelled = await web1.ended('inc-4')
    assert.equal(cancelled.phase, 'Cancelled')
    assert.equal(cancelled.status.message, 'its file was removed from the spool')
    assert.deepEqual(beside(web1.database), [])
  })

  it('does nothing when the commit of a finished request is reverted, and not when the revert is reverted', async () => {
    makeDatabase(web1.database, { rows: 90 })
    repository.commit({ 'inc-5': { nodeName: 'web-1' } })
    pull(web1)
    const first = await web1.ended('inc-5')
    assert.equal(first.phase, 'Succeeded')
    makeDatabase(web1.database, { rows: 77 })
    for (let turn = 0; turn < 2; turn += 1) {
      repository.revert()
      pull(web1)
      await delay(SEEN_MS)
      const now = web1.request('inc-5')
      assert.deepEqual(
        [now?.uid, now?.phase, now?.status.completionTime],
        [first.uid, 'Succeeded', first.status.completionTime],
      )
    }
    assert.ok(existsSync(join(web1.spool, 'inc-5.yaml')))
    assert.equal(countRows(web1.database), 77)
  })

  it('survives a bad commit, which touches no other request, and its revert', async () => {
    const good = { nodeName: 'web-1', suspend: true }
    repository.commit({ 'inc-6': good })
    pull(web1)
    await web1.when('inc-6', ({ status }) => status.reason === 'Suspended')
    repository.commit({
      'bad-yaml': 'apiVersion: modosu.dev/v1\nkind: RestoreRequest\nmetadata: {name: bad-yaml\n',
      'bad-field': { nodeName: 'web-1', confrim: true },
      'bad-there': { nodeName: 'web-2', confrim: true },
    })
    pull(web1)
    const rejected = join(web1.state, 'status', '_rejected')
    await web1.when('bad-field', ({ phase }) => phase === 'Rejected')
    // Each is written under a temporary name first.
    const reports = () =>
      (existsSync(rejected) ? readdirSync(rejected).sort() : []).filter((name) => name.endsWith('.yaml'))
    await until(() => reports().length === 2)
    assert.deepEqual(reports(), ['bad-field.yaml', 'bad-yaml.yaml'])
    assert.equal(web1.request('bad-there'), undefined)
    assert.equal(web1.request('inc-6')?.phase, 'Pending')
    repository.revert()
    pull(web1)
    await until(() => readdirSync(rejected).length === 0)
    assert.equal(web1.request('inc-6')?.phase, 'Pending')
    assert.equal(countRows(web1.database), 77)
  })

  it('takes a commit of 50 requests: one at a time, as many as the rate limit allows, and the rest waits', async () => {
    const names = Array.from({ length: 50 }, (_, index) => `mass-${String(index + 1).padStart(2, '0')}`)
    const before = safetyBackups(web1.backups).length
    repository.commit(Object.fromEntries(names.map((name) => [name, { nodeName: 'web-1' }])))
    pull(web1)
    const states = () => names.map((name) => web1.request(name))
    await until(() =>
      states().every(
        (request) => request !== undefined && (isTerminal(request.phase) || request.status.reason === 'RateLimited'),
      ),
    )
    const ended = states().filter((request) => request !== undefined && isTerminal(request.phase))
    // Of the three within the hour two were used above.
    assert.deepEqual(
      ended.map((request) => request?.phase),
      ['Succeeded'],
    )
    assert.equal(safetyBackups(web1.backups).length, before + 1)
    assert.equal(countRows(web1.database), 40)
    assert.deepEqual(beside(web1.database), [])
    repository.revert()
    pull(web1)
    await until(() => states().every((request) => request !== undefined && isTerminal(request.phase)))
    assert.equal(states().filter((request) => request?.phase === 'Cancelled').length, 49)
  })
})

async function until(done: () => boolean): Promise<void> {
  const end = Date.now() + 60_000
  while (!done()) {
    if (Date.now() > end) throw new Error('it never came about')
    await delay(50)
  }
}
