import assert from 'node:assert/strict'
import { spawn, execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { RestoreError } from '../../src/domain/errors.ts'
import { waitForOrphans } from '../../src/sandbox/orphans.ts'
import { ChildPool, type ChildPoolOptions } from '../../src/sandbox/pool.ts'
import { scratchDirectory } from './scratch.ts'

const entry = new URL('./demo-child.js', import.meta.url)
const directory = scratchDirectory('sandbox')
const pools: ChildPool[] = []

function pool(options: Partial<ChildPoolOptions> = {}): ChildPool {
  const made = new ChildPool({ entry, memoryMb: 64, spare: false, lockFile: null, callsPerChild: 1, ...options })
  pools.push(made)
  return made
}

function standIn(name: string, ...rest: string[]): [string, ...string[]] {
  return [fileURLToPath(new URL(`./${name}.js`, import.meta.url)), ...rest]
}

async function vanished(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 100; tries++) {
    if (!existsSync(`/proc/${pid}`)) return true
    await sleep(50)
  }
  return false
}

function reason(expected: string, pattern = /./) {
  return (error: unknown) => {
    assert.ok(error instanceof RestoreError, String(error))
    assert.equal(error.reason, expected)
    assert.match(error.message, pattern)
    return true
  }
}

after(() => Promise.all(pools.map((each) => each.close())))

describe('a child process pool', { timeout: 60_000 }, () => {
  it('returns what the operation returns', async () => {
    assert.equal(await pool().run('double', { value: 21 }), 42)
  })

  it('gives every operation a process of its own when it is one-shot', async () => {
    const oneShot = pool({ spare: true })
    const pids = [await oneShot.run('pid', null), await oneShot.run('pid', null), await oneShot.run('pid', null)]
    assert.equal(new Set(pids).size, 3)
  })

  it('lets a process do so many operations and no more', async () => {
    const three = pool({ callsPerChild: 3 })
    const pids = []
    for (let call = 0; call < 6; call++) pids.push(await three.run('pid', null))
    assert.equal(new Set(pids.slice(0, 3)).size, 1)
    assert.equal(new Set(pids).size, 2)
  })

  it('gives no operation to a process in which another has failed', async () => {
    const three = pool({ callsPerChild: 3 })
    const pid = await three.run('pid', null)
    await assert.rejects(three.run('refuse', null), reason('DiskFull'))
    assert.notEqual(await three.run('pid', null), pid)
  })

  it('gives operations at the same time a process each', async () => {
    const three = pool({ callsPerChild: 3 })
    const pids = await Promise.all([three.run('pid', null), three.run('pid', null)])
    assert.equal(new Set(pids).size, 2)
  })

  it('keeps one process otherwise, and replaces it when it dies', async () => {
    const kept = pool({ callsPerChild: Infinity })
    const pid = await kept.run('pid', null)
    assert.equal(await kept.run('pid', null), pid)
    await assert.rejects(kept.run('die', { signal: 'SIGKILL' }), reason('Unverifiable'))
    assert.notEqual(await kept.run('pid', null), pid)
  })

  it('passes progress on, in order', async () => {
    const seen: unknown[] = []
    assert.equal(await pool().run('count', { to: 3 }, { onProgress: (value) => seen.push(value) }), 'done')
    assert.deepEqual(seen, [1, 2, 3])
  })

  it('brings an error across with its reason, hint and disposition', async () => {
    await assert.rejects(pool().run('refuse', null), (error: unknown) => {
      assert.ok(error instanceof RestoreError)
      assert.deepEqual(
        [error.message, error.reason, error.disposition, error.hint],
        ['no room', 'DiskFull', 'retry', 'df -h'],
      )
      return true
    })
  })

  it('brings any other error across with its code as the cause', async () => {
    await assert.rejects(pool().run('blunder', null), (error: unknown) => {
      assert.ok(error instanceof RestoreError)
      assert.equal(error.message, 'not allowed')
      assert.equal((error.cause as { code?: string }).code, 'EACCES')
      return true
    })
  })

  it('says which signal killed the process', async () => {
    await assert.rejects(
      pool().run('die', { signal: 'SIGKILL' }),
      reason('Unverifiable', /^the die's process was killed by SIGKILL$/),
    )
    await assert.rejects(pool().run('die', { signal: 'SIGSEGV' }), reason('Unverifiable', /SIGSEGV/))
  })

  it('says the exit status and the last line of a process that ended', async () => {
    await assert.rejects(pool().run('exit', { code: 7 }), reason('Unverifiable', /exit status 7: last words$/))
  })

  it('says that an entry file is missing', async () => {
    const broken = pool({ entry: new URL('./no-such-entry.js', import.meta.url) })
    await assert.rejects(broken.run('double', { value: 1 }), reason('Unverifiable', /exit status 1/))
  })

  it('kills a process that overruns its deadline, even inside a synchronous call', async () => {
    let pid = 0
    const run = pool().run('hang', null, { deadlineMs: 1500, onProgress: (value) => (pid = value as number) })
    await assert.rejects(run, reason('CheckTimedOut', /longer than 2 s/))
    assert.ok(pid > 0)
    assert.equal(existsSync(`/proc/${pid}`), false, 'when the call has failed, the process is gone')
  })

  it('kills the process when the signal fires', async () => {
    const aborter = new AbortController()
    let pid = 0
    const run = pool().run('hang', null, {
      signal: aborter.signal,
      onProgress: (value) => {
        pid = value as number
        aborter.abort()
      },
    })
    await assert.rejects(run, reason('Interrupted'))
    assert.equal(existsSync(`/proc/${pid}`), false)
  })

  it('starts nothing for a signal that has fired already', async () => {
    await assert.rejects(pool().run('double', { value: 1 }, { signal: AbortSignal.abort() }), reason('Interrupted'))
  })

  it('runs no more operations at a time than it may, and the others in their order', async () => {
    const narrow = pool({ concurrency: 1 })
    const order: number[] = []
    await Promise.all([1, 2, 3].map((n) => narrow.run('double', { value: n }).then(() => order.push(n))))
    assert.deepEqual(order, [1, 2, 3])
  })

  it('takes a waiting operation out of the queue when its signal fires', async () => {
    const narrow = pool({ concurrency: 1 })
    const aborter = new AbortController()
    const first = narrow.run('double', { value: 1 })
    const second = narrow.run('double', { value: 2 }, { signal: aborter.signal })
    const third = narrow.run('double', { value: 3 })
    aborter.abort()
    await assert.rejects(second, reason('Interrupted'))
    assert.deepEqual(await Promise.all([first, third]), [2, 6])
  })

  it('interrupts everything when it is closed, and takes no more', async () => {
    const closing = pool({ concurrency: 1 })
    let started: (pid: number) => void = () => undefined
    const stuck = new Promise<number>((resolve) => (started = resolve))
    const running = assert.rejects(
      closing.run('hang', null, {
        onProgress: (pid) => {
          started(pid as number)
        },
      }),
      reason('Interrupted'),
    )
    const waiting = assert.rejects(closing.run('double', { value: 1 }), reason('Interrupted'))
    const pid = await stuck
    await closing.close()
    assert.equal(existsSync(`/proc/${pid}`), false)
    await Promise.all([running, waiting])
    await assert.rejects(closing.run('double', { value: 1 }), reason('Interrupted'))
  })

  it('ends a process that eats too much memory, and says so', async () => {
    await assert.rejects(pool({ residentLimitMb: 256 }).run('hoard', null), reason('Unverifiable', /more than 256 MiB/))
  })

  it('offers its children to the out-of-memory killer first', { skip: process.platform !== 'linux' }, async () => {
    assert.equal(await pool().run('oomScore', null), '1000')
  })

  for (const kind of ['one-shot', 'kept']) {
    it(`does not keep the daemon from exiting (${kind})`, () => {
      const output = execFileSync(process.execPath, standIn('idle-stand-in', kind), {
        encoding: 'utf8',
        timeout: 20_000,
      })
      assert.equal(output, '42')
    })
  }
})

describe('the children of a killed daemon', { timeout: 60_000 }, () => {
  it('die with it even inside a synchronous call, and the next daemon can wait for that', async () => {
    const lockFile = join(directory, 'children.lock')
    const daemon = spawn(process.execPath, standIn('daemon-stand-in', lockFile), {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [chunk] = (await once(daemon.stdout, 'data')) as [Buffer]
    const pid = Number(chunk.toString())
    await assert.rejects(waitForOrphans(lockFile, 0), reason('OrphansRunning'))
    daemon.kill('SIGKILL')
    await once(daemon, 'exit')
    await waitForOrphans(lockFile, 5000)
    assert.ok(await vanished(pid))
    assert.equal(existsSync(`${lockFile}-journal`), false)
  })

  it('are none on a fresh state directory', async () => {
    await waitForOrphans(join(directory, 'fresh.lock'), 0)
  })
})
