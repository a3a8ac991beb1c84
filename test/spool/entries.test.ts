import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { after, afterEach, beforeEach, describe, it } from 'node:test'

import { keyOf } from '../../src/spool/entry-name.ts'
import { lookAt } from '../../src/spool/look.ts'
import { createManifestParser } from '../../src/spool/parser-pool.ts'
import { request, SpoolWorkplace } from './workplace.ts'

const parser = createManifestParser()
after(() => parser.close())

let place: SpoolWorkplace
beforeEach(() => {
  place = new SpoolWorkplace(parser)
})
afterEach(() => place[Symbol.asyncDispose]())

/** The message of the only problem in the report about a file. */
function complaint(report: string): string | undefined {
  const { problems } = place.report(report)
  assert.equal(problems.length, 1)
  return problems[0]?.message
}

function listening(path: string): Promise<Server> {
  const server = createServer()
  return new Promise((resolve) => {
    server.listen(path, () => {
      resolve(server)
    })
  })
}

describe('an entry of the spool', () => {
  it('is a request only by its name: no dotfile, no leftover of an editor, no other suffix', async () => {
    for (const name of ['.a.yaml', 'a.yaml~', 'a.yaml.swp', 'a.tmp', 'a.bak', '#a.yaml', 'README.md', 'a.YAML']) {
      place.put(name, request('ignored'))
    }
    mkdirSync(join(place.path, 'sub'))
    place.put('sub/a.yaml', request('below'))
    place.put('a.yml', request('read'))
    await place.spool.start()
    assert.deepEqual(place.intake.names, ['read'])
    assert.deepEqual(place.spool.counts(), { accepted: 1, rejected: 0, elsewhere: 0, ignored: 9 })
    assert.deepEqual(place.reportNames(), [])
  })

  it('that is no regular file is rejected, never waited for, and holds up no other', async () => {
    execFileSync('mkfifo', [join(place.path, 'fifo.yaml')])
    mkdirSync(join(place.path, 'folder.yaml'))
    const server = await listening(join(place.path, 'socket.yaml'))
    place.put('zz.yaml', request('good'))
    await place.spool.start()
    server.close()
    assert.deepEqual(place.intake.names, ['good'])
    assert.deepEqual(place.reportNames(), ['fifo.yaml', 'folder.yaml', 'socket.yaml'])
    assert.equal(complaint('fifo.yaml'), 'is a named pipe, not a regular file')
    assert.equal(complaint('folder.yaml'), 'is a directory, not a regular file')
    assert.equal(complaint('socket.yaml'), 'is a socket, not a regular file')
  })

  it('that is a link is followed inside the spool and nowhere else', async () => {
    writeFileSync(join(place.root, 'outside.yaml'), request('outside'))
    symlinkSync(join(place.root, 'outside.yaml'), join(place.path, 'out.yaml'))
    symlinkSync('nothing', join(place.path, 'dangling.yaml'))
    symlinkSync('circle.yaml', join(place.path, 'circle.yaml'))
    symlinkSync('/dev/zero', join(place.path, 'zero.yaml'))
    mkdirSync(join(place.path, '..v1'))
    place.put('..v1/a.yaml', request('mounted'))
    symlinkSync('..v1', join(place.path, '..data'))
    symlinkSync('..data/a.yaml', join(place.path, 'a.yaml'))
    await place.spool.start()
    assert.deepEqual(place.intake.names, ['mounted'])
    assert.equal(complaint('out.yaml'), 'is a link that leads out of the spool')
    assert.equal(complaint('zero.yaml'), 'is a link that leads out of the spool')
    assert.equal(complaint('dangling.yaml'), 'is a link that leads nowhere')
    assert.equal(complaint('circle.yaml'), 'is a link that leads in a circle')
  })

  it('that is a link is read again when a folder on its way is swapped, as a mounted ConfigMap is', async () => {
    for (const version of ['..v1', '..v2']) mkdirSync(join(place.path, version))
    place.put('..v1/a.yaml', request('mounted', 'BKP-1'))
    place.put('..v2/a.yaml', request('mounted', 'BKP-2'))
    symlinkSync('..v1', join(place.path, '..data'))
    symlinkSync('..data/a.yaml', join(place.path, 'a.yaml'))
    await place.spool.start()
    symlinkSync('..v2', join(place.path, '..data_tmp'))
    renameSync(join(place.path, '..data_tmp'), join(place.path, '..data'))
    await place.afterMs(0)
    assert.deepEqual(
      place.intake.applied.map(({ backupId }) => backupId),
      ['BKP-1', 'BKP-2'],
    )
  })

  it('that everybody may write is rejected until its mode is mended', async () => {
    place.put('a.yaml', request('open'))
    chmodSync(join(place.path, 'a.yaml'), 0o666)
    await place.spool.start()
    assert.deepEqual(place.intake.names, [])
    assert.equal(complaint('a.yaml'), 'everybody may write to the file')
    assert.deepEqual(place.spool.counts(), { accepted: 0, rejected: 1, elsewhere: 0, ignored: 0 })
    chmodSync(join(place.path, 'a.yaml'), 0o644)
    await place.afterMs(0)
    assert.deepEqual(place.intake.names, ['open'])
    assert.deepEqual(place.reportNames(), [])
  })

  it(
    'of another user is rejected',
    { skip: process.getuid?.() !== 0 && 'only root may give a file away' },
    async () => {
      place.put('a.yaml', request('foreign'))
      chownSync(join(place.path, 'a.yaml'), 12_345, 12_345)
      await place.spool.start()
      assert.deepEqual(place.intake.names, [])
      assert.match(complaint('a.yaml') ?? '', /^is owned by user 12345;/)
    },
  )

  it('is read up to 64 KiB and not beyond', async () => {
    const text = request('large')
    place.put('a.yaml', text + '#'.repeat(64 * 1024 - text.length))
    place.put('b.yaml', request('larger') + '#'.repeat(64 * 1024))
    await place.spool.start()
    assert.deepEqual(place.intake.names, ['large'])
    assert.equal(complaint('b.yaml'), 'the file is larger than 64 KiB')
  })

  it('with a hostile name is rejected under a name that harms nobody', async () => {
    const names = ['new\nline.yaml', '\u001b[2Jclear.yaml', 'turned\u202eright.yaml']
    for (const name of names) place.put(name, request('hostile'))
    writeFileSync(Buffer.from(`${place.path}/no-utf8-\xff.yaml`, 'latin1'), request('hostile'))
    place.put('復旧.yaml', request('plain'))
    await place.spool.start()
    assert.deepEqual(place.intake.names, ['plain'])
    const reports = place.reportNames()
    assert.equal(reports.length, 4)
    for (const name of reports) {
      assert.match(name, /^[ -~]+$/)
      assert.match(place.report(name).file, /^[ -~]+$/)
      assert.equal(complaint(name), 'the file name contains control characters or is not UTF-8')
    }
  })

  it('whose name is long or differs only in its suffix has a report of its own', async () => {
    const long = `${'復'.repeat(80)}.yaml`
    for (const name of ['a.yaml', 'a.yml', 'a.json', long, `x${long}`]) place.put(name, 'a: [')
    await place.spool.start()
    assert.equal(place.reportNames().length, 5)
  })
})

describe('a file that changes while it is looked at', () => {
  const look = (isQuiet: () => boolean): ReturnType<typeof lookAt> =>
    lookAt(keyOf(Buffer.from('a.yaml')), {
      directory: place.path,
      uid: process.getuid?.() ?? 0,
      known: null,
      isQuiet,
    })

  it('is not taken over when it has grown since it was found quiet', async () => {
    place.put('a.yaml', request('growing'))
    const seen = await look(() => {
      appendFileSync(join(place.path, 'a.yaml'), '#')
      return true
    })
    assert.equal(seen.kind, 'unsettled')
  })

  it('is not followed when it has become a link', async () => {
    place.put('a.yaml', request('link'))
    const seen = await look(() => {
      place.remove('a.yaml')
      symlinkSync('/etc/hostname', join(place.path, 'a.yaml'))
      return true
    })
    assert.equal(seen.kind, 'unsettled')
  })

  it('is not waited for when it has become a pipe', async () => {
    place.put('a.yaml', request('pipe'))
    const seen = await look(() => {
      place.remove('a.yaml')
      execFileSync('mkfifo', [join(place.path, 'a.yaml')])
      return true
    })
    assert.equal(seen.kind, 'unsettled')
  })

  it('is read anew although its size and its time are those of before', async () => {
    place.put('a.yaml', request('same', 'BKP-1'))
    await place.spool.start()
    const { atimeMs, mtimeMs } = lstatSync(join(place.path, 'a.yaml'))
    place.put('a.yaml', request('same', 'BKP-2'))
    utimesSync(join(place.path, 'a.yaml'), atimeMs / 1000, mtimeMs / 1000)
    await place.afterMs(0)
    assert.equal(place.intake.applied.at(-1)?.backupId, 'BKP-2')
  })
})

describe('a report about a rejected file', () => {
  it('says where, what, and what to do, and goes when the file is mended', async () => {
    place.put('a.yaml', request('wrong').replace('backupId:', 'backupID:'))
    await place.spool.start()
    const { file, whatToDo, rejectedAt, problems } = place.report('a.yaml')
    assert.equal(file, 'a.yaml')
    assert.ok(whatToDo.endsWith(`modosu validate -f ${join(place.path, 'a.yaml')}`), whatToDo)
    // A command is copied as it stands: it is not folded over two lines.
    const raw = readFileSync(join(place.statusDir, '_rejected', 'a.yaml'), 'utf8')
    assert.match(raw, /modosu validate -f \S+a\.yaml"?$/m)
    assert.match(rejectedAt, /^\d{4}-\d\d-\d\dT/)
    assert.deepEqual(problems, [
      {
        file: 'a.yaml',
        line: 8,
        column: 5,
        path: 'spec.source.backupID',
        message: 'unknown field "backupID"',
        hint: 'did you mean "backupId"?',
        document: null,
      },
    ])
    place.put('a.yaml', request('wrong'))
    await place.afterMs(0)
    assert.deepEqual(place.reportNames(), [])
  })

  it('goes when the file goes', async () => {
    place.put('a.yaml', 'a: [')
    await place.spool.start()
    assert.deepEqual(place.reportNames(), ['a.yaml'])
    place.remove('a.yaml')
    await place.afterMs(0)
    assert.deepEqual(place.reportNames(), [])
  })

  it('of an earlier run goes with the first scan, half-written ones too', async () => {
    const folder = join(place.statusDir, '_rejected')
    mkdirSync(folder, { recursive: true })
    for (const name of ['old.yaml', 'half.yaml.tmp']) writeFileSync(join(folder, name), 'file: x\n')
    place.put('bad.yaml', 'a: [')
    await place.spool.start()
    assert.deepEqual(place.reportNames(), ['bad.yaml'])
  })
})

describe('a spool with many files', () => {
  it('is read whole, every bad file beside its good neighbours', async () => {
    for (let index = 0; index < 1000; index += 1) {
      const name = `r-${String(index).padStart(4, '0')}`
      place.put(`${name}.yaml`, index % 100 === 0 ? 'a: [' : request(name))
    }
    await place.spool.start()
    assert.deepEqual(place.spool.counts(), { accepted: 990, rejected: 10, elsewhere: 0, ignored: 0 })
    assert.equal(new Set(place.intake.names).size, 990)
  })
})
