import assert from 'node:assert/strict'
import { existsSync, lchownSync, lstatSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { check } from '../../src/database/check.ts'
import { resolveLinks } from '../../src/database/links.ts'
import { safetyCopy } from '../../src/database/safety-copy.ts'
import { stage } from '../../src/database/stage.ts'
import { needsRoot, OTHER, portrait, race, RACES, roots, setOf, theirPlace } from './swapping.ts'
import { answer, rejection, sha256 } from './world.ts'

describe('in a directory whose owner swaps every name for a link', needsRoot, () => {
  for (const each of RACES) it(`${each.title} changes nothing outside of it`, () => race(each, 10))
})

describe('a name that leads elsewhere', needsRoot, () => {
  it('is not opened as the staged file, and what it leads to keeps its -wal', async () => {
    const home = theirPlace('planted')
    const { folder } = await roots('planted-root')
    const { staged } = setOf(home)
    const before = portrait(folder)
    symlinkSync(join(folder, 'wal.db'), staged)
    await assert.rejects(check({ path: staged, foreignKeys: false, absorb: true, seal: true }))
    assert.deepEqual(portrait(folder), before)
  })

  it('is followed to what belongs to its owner, not to what belongs to another', async () => {
    const home = theirPlace('linked')
    const { folder } = await roots('linked-root')
    const [good, bad] = [join(home, 'good.db'), join(home, 'bad.db')]
    symlinkSync('app.db', good)
    symlinkSync(join(folder, 'plain.db'), bad)
    for (const link of [good, bad]) lchownSync(link, OTHER, OTHER)
    assert.equal(await resolveLinks(good), join(home, 'app.db'))
    await assert.rejects(resolveLinks(bad), rejection('PermissionDenied', /bad\.db is a link of user 54321/))
    const to = join(folder, 'restore_safety_20260215150530.db')
    await assert.rejects(safetyCopy({ database: bad, to }), rejection('PermissionDenied'))
    assert.ok(!existsSync(to))
    symlinkSync('app.db', join(home, 'ours.db'))
    assert.equal(await resolveLinks(join(home, 'ours.db')), join(home, 'app.db'))
  })

  it('leaves the staged copy as good as without anybody in the way', async () => {
    const home = theirPlace('quiet')
    const { mismatches, identity } = await stage({ ...setOf(home), expectedDb: sha256(join(home, 'b.db')) })
    const { staged } = setOf(home)
    const report = await check({ path: staged, foreignKeys: true, absorb: true, seal: true })
    assert.deepEqual([mismatches, report.integrity, report.identity?.ino], [[], ['ok'], identity.ino])
    assert.deepEqual([lstatSync(staged).uid, lstatSync(staged).mode & 0o777], [OTHER, 0o644])
    assert.equal(answer(staged, 'SELECT count(*) FROM items'), 20)
  })
})
