import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { CHECKSUM_FILE_LIMIT_BYTES, parseChecksumFile, readChecksumFile } from '../../src/catalog/checksum-file.ts'
import { BackupFolder, sha256 } from './backup-folder.ts'

const A = 'a'.repeat(64)
const B = 'b'.repeat(64)

describe('a checksum file', { timeout: 60_000 }, () => {
  it('reads what coreutils writes in text, binary and tagged form', () => {
    const folder = new BackupFolder()
    folder.write('x.db', 'database')
    folder.write('x.sql.gz', 'dump')
    for (const options of [[], ['--binary'], ['--tag']]) {
      const text = execFileSync('sha256sum', [...options, 'x.db', 'x.sql.gz'], { cwd: folder.path, encoding: 'utf8' })
      const { entries, faults } = parseChecksumFile(text)
      assert.deepEqual(faults, [])
      assert.deepEqual(
        [...entries],
        [
          ['x.db', sha256('database')],
          ['x.sql.gz', sha256('dump')],
        ],
      )
    }
  })

  it('reads names that coreutils escapes', () => {
    const folder = new BackupFolder()
    const names = ['back\\slash.db', 'new\nline.db']
    for (const name of names) folder.write(name, name)
    const text = execFileSync('sha256sum', ['--', ...names], { cwd: folder.path, encoding: 'utf8' })
    assert.ok(text.startsWith('\\'))
    assert.deepEqual([...parseChecksumFile(text).entries.keys()], names)
  })

  it('agrees with coreutils on any file name', () => {
    const name = fc
      .string({ minLength: 1, maxLength: 30, unit: 'grapheme' })
      .filter((text) => /^[^/\0]+$/.test(text) && !/^\.{0,2}$/.test(text))
    fc.assert(
      fc.property(name, (text) => {
        const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
        const line = `${escaped === text ? '' : '\\'}${A} *${escaped}\n`
        assert.deepEqual([...parseChecksumFile(line).entries], [[text, A]])
      }),
    )
  })

  it('takes CRLF, a byte order mark, blank lines, comments and upper case', () => {
    const { entries, faults } = parseChecksumFile(
      `\uFEFF# made by hand\r\n\r\n${A.toUpperCase()}  x.db\r\n${B} *./x.db-wal\r\n`,
    )
    assert.deepEqual(faults, [])
    assert.deepEqual(
      [...entries],
      [
        ['x.db', A],
        ['x.db-wal', B],
      ],
    )
  })

  for (const name of ['../x.db', 'sub/x.db', '/etc/passwd', '..', './../x.db', 'x\0.db']) {
    it(`refuses the name ${JSON.stringify(name)}`, () => {
      assert.match(parseChecksumFile(`${A}  ${name}`).faults.join(), /outside its folder/)
    })
  }

  it('refuses a traversal that hides behind an escape', () => {
    assert.equal(parseChecksumFile(`\\${A}  ..\\n/x.db`).faults.length, 1)
  })

  it('refuses a line that is something else, and says which', () => {
    assert.deepEqual(parseChecksumFile(`${A}  x.db\nnot a checksum\n`).faults, [
      'line 2 is not in the format of sha256sum',
    ])
    assert.equal(parseChecksumFile(`${A.slice(1)}  x.db`).faults.length, 1)
  })

  it('refuses two checksums of one name, and takes the same one twice', () => {
    assert.equal(parseChecksumFile(`${A}  x.db\n${B}  x.db\n`).faults.length, 1)
    assert.deepEqual(parseChecksumFile(`${A}  x.db\n${A} *x.db\n`).faults, [])
  })

  it('is not read beyond its limit', async () => {
    const folder = new BackupFolder()
    const line = `${A}  x.db\n`
    const fits = folder.write('fits', line.repeat(Math.floor(CHECKSUM_FILE_LIMIT_BYTES / line.length)))
    const large = folder.write('large', line.repeat(Math.ceil((CHECKSUM_FILE_LIMIT_BYTES + 1) / line.length)))
    assert.deepEqual((await readChecksumFile(fits)).faults, [])
    assert.match((await readChecksumFile(large)).faults.join(), /larger than 65536 bytes/)
  })

  it('is neither followed through a link nor waited for in a FIFO', async () => {
    const folder = new BackupFolder()
    const real = folder.write('real', `${A}  x.db\n`)
    symlinkSync(real, `${folder.path}/link`)
    execFileSync('mkfifo', [`${folder.path}/fifo`])
    for (const name of ['link', 'fifo', 'absent']) {
      const { entries, faults } = await readChecksumFile(`${folder.path}/${name}`)
      assert.equal(entries.size, 0)
      assert.equal(faults.length, 1)
    }
  })
})
