import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { RestoreError } from '../../src/domain/errors.ts'
import { acquireFileLock } from '../../src/sandbox/file-lock.ts'
import { scratchDirectory } from './scratch.ts'

const directory = scratchDirectory('lock')

function run(name: string, ...rest: string[]): ChildProcess {
  const file = fileURLToPath(new URL(`./${name}.js`, import.meta.url))
  return spawn(process.execPath, [file, ...rest], { stdio: ['ignore', 'pipe', 'inherit'] })
}

async function firstLine(process: ChildProcess): Promise<string> {
  assert.ok(process.stdout)
  const [chunk] = (await once(process.stdout, 'data')) as [Buffer]
  return chunk.toString().trim()
}

describe('a file lock', { timeout: 60_000 }, () => {
  it('excludes another process, and SIGKILL of its holder releases it', async () => {
    const path = join(directory, 'daemon.lock')
    const holder = run('lock-stand-in', path)
    assert.equal(await firstLine(holder), 'locked')
    assert.equal(acquireFileLock(path), null)
    const other = run('lock-stand-in', path)
    assert.equal(await firstLine(other), 'refused')
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    const lock = acquireFileLock(path)
    assert.ok(lock)
    lock.release({ remove: false })
  })

  it('excludes another holder in the same process, whose attempt does not weaken it', async () => {
    const path = join(directory, 'same.lock')
    const lock = acquireFileLock(path)
    assert.ok(lock)
    assert.equal(acquireFileLock(path), null)
    const other = run('lock-stand-in', path)
    assert.equal(await firstLine(other), 'refused')
    lock.release({ remove: true })
    lock.release({ remove: true })
    const next = acquireFileLock(path)
    assert.ok(next)
    next.release({ remove: true })
  })

  it('leaves nothing beside it, and nothing at all when it is removed', () => {
    const own = join(directory, 'own')
    mkdirSync(own)
    const lock = acquireFileLock(join(own, 'a.lock'))
    assert.deepEqual(readdirSync(own), ['a.lock'])
    lock?.release({ remove: false })
    assert.deepEqual(readdirSync(own), ['a.lock'])
    acquireFileLock(join(own, 'a.lock'))?.release({ remove: true })
    assert.deepEqual(readdirSync(own), [])
  })

  it('does not remove a file that another put in its place', () => {
    const path = join(directory, 'replaced.lock')
    const lock = acquireFileLock(path)
    renameSync(path, `${path}.away`)
    const other = acquireFileLock(path)
    assert.ok(other)
    lock?.release({ remove: true })
    assert.ok(existsSync(path))
    assert.equal(acquireFileLock(path), null)
    other.release({ remove: true })
  })

  it('never has two holders while each removes it on release', async () => {
    const witness = join(directory, 'witness')
    const racers = [1, 2, 3].map(() => run('lock-race', join(directory, 'race.lock'), witness, '1500'))
    const codes = await Promise.all(racers.map(async (racer) => ((await once(racer, 'exit')) as [number])[0]))
    assert.deepEqual(codes, [0, 0, 0])
  })

  it('refuses a symbolic link and a file that is something else, and changes neither', () => {
    const text = join(directory, 'notes.txt')
    writeFileSync(text, 'not a lock, and longer than the sixteen bytes of a header\n'.repeat(20))
    symlinkSync(text, join(directory, 'link.lock'))
    for (const path of [text, join(directory, 'link.lock')]) {
      assert.throws(
        () => acquireFileLock(path),
        (error: unknown) => error instanceof RestoreError && error.reason === 'LockUnavailable',
      )
    }
    assert.deepEqual(
      readdirSync(directory).filter((name) => name.endsWith('-journal')),
      [],
    )
  })
})
