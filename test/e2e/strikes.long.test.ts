import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'

import { Rig } from '../crash/rig.ts'
import { strikeOnce } from '../crash/run.ts'
import { beside } from '../support/beside.ts'
import { straceProblem } from '../crash/strace.ts'
import type { Strike } from '../crash/strike.ts'

const STAGED = 'app/app.db.modosu-{request}.new'
const FIRST = { occurrence: 1, nth: 1 } as const

/** A sample of `npm run test:crash`: one call of one thread fails, or its process is killed at it. */
describe('a system call that fails, or at which the process is killed', { skip: straceProblem() ?? false }, () => {
  const rig = new Rig('delete', 'restore')
  const empty = new Rig('none', 'restore')
  const wreck = new Rig('corrupt', 'restore')

  before(async () => {
    await Promise.all([rig.boot(), empty.boot(), wreck.boot()])
  })
  after(async () => {
    await Promise.all([rig.remove(), empty.remove(), wreck.remove()])
  })

  async function struck(of: Rig, strike: Strike) {
    const result = await strikeOnce(of, strike)
    assert.deepEqual(result.findings, [])
    assert.notEqual(result.struck, null, 'the call was made')
    return { ends: [result.outcome, result.reason], atDeath: result.atDeath }
  }

  it('leaves OLD at the rename of the swap, and the next start finishes it', async () => {
    const strike = {
      ...FIRST,
      operation: 'daemon',
      thread: 'pool',
      call: 'rename',
      path: STAGED,
      effect: 'kill',
    } as const
    assert.deepEqual(await struck(rig, strike), { ends: ['Succeeded', 'RestoreCompleted'], atDeath: 'OLD' })
  })

  it('keeps a wreck’s side files, which it had taken away before the rename', async () => {
    const strike = {
      ...FIRST,
      operation: 'daemon',
      thread: 'pool',
      call: 'rename',
      path: STAGED,
      effect: 'kill',
    } as const
    assert.deepEqual(await struck(wreck, strike), { ends: ['Succeeded', 'RestoreCompleted'], atDeath: 'OLD' })
    assert.deepEqual(
      beside(wreck.installation.database)
        .filter((name) => !name.includes('-shm'))
        .map((name) => name.replace(/\d{8}_\d{6}/, 'TIME')),
      ['app.db-wal.broken.TIME', 'app.db.broken.TIME'],
    )
  })

  it('leaves NEW at the sync after it', async () => {
    const sync = { operation: 'daemon', occurrence: 1, thread: 'pool', call: 'fsync', path: 'app', nth: 2 } as const
    const { ends, atDeath } = await struck(rig, { ...sync, effect: 'kill' })
    assert.deepEqual([ends, atDeath], [['Succeeded', 'RestoreCompleted'], 'NEW'])
  })

  it('is told by the system’s own reason, and a rollback leaves nothing staged', async () => {
    // The first link is the preflight's, which tries whether there can be one.
    const strike = {
      ...FIRST,
      nth: 2,
      operation: 'daemon',
      thread: 'pool',
      call: 'link',
      path: 'app/app.db',
      effect: 'EIO',
    } as const
    assert.deepEqual((await struck(rig, strike)).ends, ['RolledBack', 'IoError'])
  })

  it('is a reason to copy again, where it is the sync of the staged file', async () => {
    const sync = { ...FIRST, operation: 'check', thread: 'pool', call: 'fsync', path: STAGED } as const
    assert.deepEqual((await struck(rig, { ...sync, effect: 'EIO' })).ends, ['Succeeded', 'RestoreCompleted'])
    const { operations } = rig.processes()
    assert.equal(operations.filter((line) => line.startsWith('stage ')).length, 2)
  })

  it('does not make a database count as damaged, where it kills the process of the safety backup once', async () => {
    const partial = 'app/backups/.{safety}.partial'
    const link = { ...FIRST, operation: 'safetyCopy', thread: 'pool', call: 'link', path: partial } as const
    assert.deepEqual((await struck(rig, { ...link, effect: 'kill' })).ends, ['Succeeded', 'RestoreCompleted'])
    const { operations } = rig.processes()
    assert.deepEqual(
      ['safetyCopy', 'rawCopy'].map((name) => operations.filter((line) => line.startsWith(`${name} `)).length),
      [2, 0],
    )
  })

  it('leaves no second name, where no database was and the restored one had just got its own', async () => {
    const unlink = { operation: 'daemon', occurrence: 1, thread: 'pool', call: 'unlink', path: STAGED, nth: 1 } as const
    const { ends, atDeath } = await struck(empty, { ...unlink, effect: 'kill' })
    assert.deepEqual([ends, atDeath], [['Succeeded', 'RestoreCompleted'], 'NEW'])
  })
  it('undoes no restore that is proven, where only the old database cannot be put away', async () => {
    const second = `${STAGED.slice(0, -'.new'.length)}.old`
    const link = { operation: 'daemon', occurrence: 1, thread: 'pool', call: 'link', path: second, nth: 2 } as const
    const { ends } = await struck(wreck, { ...link, effect: 'EDQUOT', lasting: true })
    assert.deepEqual(ends, ['Succeeded', 'RestoreCompleted'])
    assert.match(
      wreck.installation.log(),
      /"level":"error".*putting the replaced database away failed: EDQUOT: disk quota exceeded, link/,
    )
  })

  it('undoes none for the file of its lock either', async () => {
    const unlink = {
      ...FIRST,
      operation: 'daemon',
      thread: 'main',
      call: 'unlink',
      path: 'app/app.db.modosu-lock',
    } as const
    const { ends } = await struck(rig, { ...unlink, effect: 'EDQUOT', lasting: true })
    assert.deepEqual(ends, ['Succeeded', 'RestoreCompleted'])
  })

  for (const lasting of [false, true]) {
    const what = lasting ? 'tells what the lock of the swap has left' : 'leaves nothing of the lock of the swap'
    it(`${what}, where the disk refuses its removal ${lasting ? 'for good' : 'once'}`, async () => {
      // The first removal is before the swap, of what a reader of the staged file may have left.
      const wal = `${STAGED}-wal`
      const unlink = { operation: 'daemon', occurrence: 1, thread: 'pool', call: 'unlink', path: wal, nth: 2 } as const
      const { ends } = await struck(rig, { ...unlink, effect: 'ENOSPC', lasting })
      assert.deepEqual(ends, ['Succeeded', 'RestoreCompleted'])
    })
  }

  it('ends in RollbackFailed on a disk that goes on refusing, and the runbook’s commands lead out of it', async () => {
    const sync = { operation: 'daemon', occurrence: 1, thread: 'pool', call: 'fsync', path: 'app', nth: 2 } as const
    const { ends } = await struck(rig, { ...sync, effect: 'ENOSPC', lasting: true })
    assert.deepEqual(ends, ['RollbackFailed', 'DiskFull'])
  })
})
