import assert from 'node:assert/strict'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'

import { loadConfiguration } from '../../src/daemon/config.ts'
import { compactTimestamp } from '../../src/domain/clock.ts'
import { Pruner } from '../../src/retention/pruner.ts'
import { openDoor, type Door } from '../api/door.ts'
import { collectedLog } from '../telemetry/collected-log.ts'
import { Workplace } from './workplace.ts'

const DAY_MS = 86_400_000

let place: Workplace
let door: Door | undefined

beforeEach(() => {
  place = new Workplace()
})
afterEach(async () => {
  await door?.close()
  door = undefined
  place.close()
})

function safety(days: number): string {
  const name = `restore_safety_${compactTimestamp(Date.now() - days * DAY_MS)}.db`
  writeFileSync(join(place.backups, name), 'x'.repeat(2048))
  return name
}

/** The daemon's side of the socket, over the same store. */
async function daemon(): Promise<void> {
  const { targets, retention } = loadConfiguration(place.config)
  const pruner = new Pruner({
    store: place.store,
    targets,
    rules: retention,
    telemetry: { pruned: () => undefined, retentionShort: () => undefined },
    clock: { nowMs: () => Date.now() },
    log: collectedLog(),
    clockDoubt: () => null,
    reach: () => undefined,
  })
  door = await openDoor(place, { prune: (order) => pruner.prune(order) })
}

describe('prune', () => {
  it('shows with --dry-run, the daemon down, exactly what the run then deletes', async () => {
    const old = [40, 30, 20].map(safety)
    const kept = [10, 1].map(safety)
    place.now()
    place.request('inc-1', { suspend: true, source: { safetyBackup: { name: old[1]! } } })
    const dry = await place.run(['prune', '--dry-run'])
    assert.equal(dry.code, 0, dry.stderr)
    assert.match(dry.stdout, /^ACTION +KIND +TARGET +NAME +FILES +CREATED +SIZE +WHY$/m)
    const shown = [...dry.stdout.matchAll(/^delete .* (restore_safety_\d+\.db) .* older than 14d$/gm)].map(([, n]) => n)
    assert.deepEqual(shown, [old[0], old[2]])
    assert.match(dry.stderr, /^to be deleted: 2 items, 4\.0 KB$/m)
    await daemon()
    const run = await place.run(['prune', '--yes'])
    assert.equal(run.code, 0, run.stderr)
    assert.match(run.stderr, /^deleted 2 items, 4\.0 KB$/m)
    assert.deepEqual(readdirSync(place.backups).sort(), [...kept, old[1]].sort())
    const audit = await place.run(['get', 'audit'])
    assert.match(audit.stdout, new RegExp(`prune .* success +deleted ${old[0]}: older than 14d`))
  })

  it('shows with --all what stays and why, and as JSON', async () => {
    const pinned = safety(30)
    safety(1)
    place.request('inc-1', { suspend: true, source: { safetyBackup: { name: pinned } } })
    const { stdout } = await place.run(['prune', '--dry-run', '--all'])
    assert.match(stdout, new RegExp(`^keep .*${pinned}.* the request inc-1 needs it \\(Pending\\)$`, 'm'))
    assert.match(stdout, /^keep .* the newest$/m)
    const json = JSON.parse((await place.run(['prune', '--dry-run', '-o', 'json'])).stdout) as {
      kind: string
      decisions: { name: string; pinnedBy: string | null; action: string }[]
    }
    assert.equal(json.kind, 'PrunePlan')
    assert.equal(json.decisions.find(({ name }) => name === pinned)?.pinnedBy, 'inc-1')
  })

  it('asks, and deletes nothing where nobody answers', async () => {
    const old = safety(30)
    safety(1)
    place.now()
    assert.ok(place.store)
    const { code, stderr } = await place.run(['prune'])
    assert.equal(code, 2)
    assert.match(stderr, /there is no terminal to ask on/)
    assert.ok(existsSync(join(place.backups, old)))
  })

  it('without a state store refuses: nobody knows what is still needed', async () => {
    safety(30)
    assert.equal((await place.run(['prune', '--dry-run'])).code, 5)
  })

  it('needs the daemon to delete, and says so', async () => {
    safety(30)
    safety(1)
    assert.ok(place.store)
    const { code, stderr } = await place.run(['prune', '--yes'])
    assert.equal(code, 1)
    assert.match(stderr, /the daemon does not answer/)
  })

  it('knows its kinds', async () => {
    assert.ok(place.store)
    assert.equal((await place.run(['prune', '--kind', 'everything', '--dry-run'])).code, 2)
    const { stderr } = await place.run(['prune', '--kind', 'backups,broken', '--dry-run'])
    assert.match(stderr, /^backups are left alone: retention\.backups\.enabled is false$/m)
    assert.match(stderr, /^nothing is to be deleted$/m)
  })
})

describe('get safety', () => {
  it('says who needs each, and from when it may go', async () => {
    const [pinned, old, newest] = [safety(30), safety(20), safety(1)]
    place.request('inc-1', { suspend: true, source: { safetyBackup: { name: pinned } } })
    const { stdout } = await place.run(['get', 'safety'])
    assert.match(stdout, /^NAME .* AGE +PINNED-BY +DELETABLE$/m)
    assert.match(stdout, new RegExp(`^${pinned} .* inc-1 +pinned$`, 'm'))
    assert.match(stdout, new RegExp(`^${old} .* <none> +now$`, 'm'))
    assert.match(stdout, new RegExp(`^${newest} .* <none> +never$`, 'm'))
  })
})

describe('disk', () => {
  it('shows what uses the disk and what pruning would free (R109)', async () => {
    place.live()
    safety(30)
    safety(1)
    writeFileSync(`${place.database}.broken.20260101_000000`, 'x'.repeat(1024))
    assert.ok(place.store)
    const { code, stdout } = await place.run(['disk', '--target', 'shop'])
    assert.equal(code, 0)
    assert.match(stdout, /^shop +backups +4\.0 KB +\S+ \S+ +\S+ \S+ +\S+backups$/m)
    assert.match(stdout, /^shop +safety +2 +4\.0 KB +2\.0 KB$/m)
    assert.match(stdout, /^shop +broken +1 +1\.0 KB +1\.0 KB$/m)
  })

  it('works without a state store, and does not guess what may go', async () => {
    const { code, stdout, stderr } = await place.run(['disk'])
    assert.equal(code, 0)
    assert.match(stdout, /^shop +state /m)
    assert.match(stderr, /no state store yet/)
  })
})

describe('get backups -o wide', () => {
  it('says how the last scheduled verification of each ended', async () => {
    place.backup('daily', '20260215_020015')
    assert.match((await place.run(['get', 'backups', '-o', 'wide'])).stdout, / never +\S+app_daily/)
  })
})
