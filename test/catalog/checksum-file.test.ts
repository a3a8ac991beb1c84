import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  CHECKSUM_FILE_LIMIT_BYTES,
  checksumsOfSet,
  parseChecksumFile,
  readChecksumFile,
} from '../../src/catalog/checksum-file.ts'
import { BackupFolder, onlySet, reasons, sha256 } from './backup-folder.ts'

const A = 'a'.repeat(64)
const B = 'b'.repeat(64)
const MEMBERS = ['x.db', 'x.db-wal', 'x.sql.gz']

/** What a text says of the set `x`. */
function said(text: string | Buffer, members: readonly string[] = MEMBERS) {
  const { entries, faults, remarks } = checksumsOfSet(parseChecksumFile(text), members)
  return { entries: Object.fromEntries(entries), faults, remarks }
}

function utf16(text: string, order: 'big' | 'little'): Buffer {
  const bytes = Buffer.from(text, 'utf16le')
  return order === 'little' ? bytes : bytes.swap16()
}

describe('a checksum file', { timeout: 60_000 }, () => {
  it('reads what coreutils and openssl write', () => {
    const folder = new BackupFolder()
    folder.write('x.db', 'database')
    folder.write('x.sql.gz', 'dump')
    const expected = { 'x.db': sha256('database'), 'x.sql.gz': sha256('dump') }
    const programs: readonly (readonly [string, ...string[]])[] = [
      ['sha256sum'],
      ['sha256sum', '--binary'],
      ['sha256sum', '--tag'],
      ['shasum', '-a', '256'],
      ['openssl', 'dgst', '-sha256'],
      ['openssl', 'dgst', '-r', '-sha256'],
    ]
    for (const [program, ...options] of programs) {
      if (spawnSync(program, ['--help']).error !== undefined) continue
      for (const prefix of ['', './', `${folder.path}/`, `../${folder.path.split('/').at(-1) ?? ''}/`]) {
        const names = [`${prefix}x.db`, `${prefix}x.sql.gz`]
        const text = execFileSync(program, [...options, ...names], { cwd: folder.path, encoding: 'utf8' })
        assert.deepEqual(said(text), { entries: expected, faults: [], remarks: [] }, text)
      }
    }
  })

  it('reads names that coreutils escapes', () => {
    const folder = new BackupFolder()
    const names = ['back\\slash.db', 'new\nline.db']
    for (const name of names) folder.write(name, name)
    const text = execFileSync('sha256sum', ['--', ...names], { cwd: folder.path, encoding: 'utf8' })
    assert.ok(text.startsWith('\\'))
    assert.deepEqual(Object.keys(said(text, names).entries), names)
  })

  it('agrees with coreutils on any file name', () => {
    const name = fc
      .string({ minLength: 1, maxLength: 30, unit: 'grapheme' })
      .filter((text) => /^[^/\0]+$/.test(text) && !/^(\.{0,2}|-|[A-Za-z]:\\.*|\.{0,2}\\.*)$/s.test(text))
    fc.assert(
      fc.property(name, (text) => {
        const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
        const line = `${escaped === text ? '' : '\\'}${A} *${escaped}\n`
        assert.deepEqual(said(line, [text]).entries, { [text]: A })
      }),
    )
  })

  const base64 = Buffer.from(A, 'hex').toString('base64')
  for (const [what, text] of [
    ['CRLF, a byte order mark, comments and upper case', `\uFEFF# by hand\r\n\r\n${A.toUpperCase()} *x.db\r\n`],
    ['line ends of a carriage return alone', `# by hand\r${A}  x.db\r`],
    ['UTF-16 of a little and a big machine', utf16(`\uFEFF${A}  x.db\r\n`, 'little')],
    ['UTF-16 of a big machine', utf16(`\uFEFF${A}  x.db\n`, 'big')],
    ['UTF-16 without a byte order mark', utf16(`${A}  x.db\n`, 'little')],
    ['a tab', `${A}\tx.db`],
    ['many blanks', `${A}      x.db   `],
    ['one checksum alone', `${A}\n`],
    ['one checksum of its standard input', `${A}  -\n`],
    ['openssl on its standard input', `SHA2-256(stdin)= ${A}\n`],
    ['old openssl on its standard input', `(stdin)= ${A}\n`],
    ['the name first', `x.db: ${A}`],
    ['the name first, after BSD', `SHA-256 (x.db) = ${A}`],
    ['an algorithm before it', `sha256:${A}  x.db`],
    ['base64', `${base64}  x.db`],
    ['base64 alone', base64],
    ['base64 of subresource integrity', `sha256-${base64}`],
    ['a name of Windows', `${A} *C:\\backups\\daily\\x.db`],
    ['a name of PowerShell', `${A}  .\\x.db`],
    ['the same one twice', `${A}  x.db\n${A} *./x.db\n`],
    ['other sets beside it', `${B}  w.db\n${A}  x.db\n${B}  /var/y.db\n`],
  ] as const) {
    it(`understands ${what}`, () => {
      assert.deepEqual(said(text), { entries: { 'x.db': A }, faults: [], remarks: [] })
    })
  }

  for (const [what, text, fault] of [
    ['two checksums of one name', `${A}  x.db\n${B}  x.db\n`, /^line 2 gives x.db a second checksum$/],
    ['two names that are one', `${A}  x.db\n${B}  /other/x.db\n`, /^line 2 gives x.db a second checksum$/],
    ['two checksums that stand alone', `${A}\n${B}\n`, /^line 2 gives x.db a second/],
    ['SHA-512', `${A}${B}  x.db`, /^line 1 .*\(SHA-512\); expected is SHA-256, 64 hex/],
    ['SHA-1 alone', 'a'.repeat(40), /SHA-1/],
    ['MD5 after BSD', `MD5 (x.db) = ${'a'.repeat(32)}`, /MD5/],
    ['another algorithm of the same length', `SHA3-256(x.db)= ${A}`, /SHA3-256/],
    ['a keyed one', `HMAC-SHA2-256(x.db)= ${A}`, /line 1 .*cannot be understood|HMAC/],
    ['SHA-512 in base64', `${Buffer.from(`${A}${B}`, 'hex').toString('base64')}  x.db`, /SHA-512/],
    ['a digit too few', `${A.slice(1)}  x.db`, /63 digits.*SHA-256/],
    [
      'a checksum in a sentence',
      `SHA256 hash of x.db is ${A}`,
      /^line 1 \(SHA256 hash.*cannot be understood; expected is/,
    ],
    ['two in one line', `${A} ${B}`, /^line 1 .*cannot be understood/],
    ['a traversal to no file', `${A}  daily/..`, /^line 1 .*cannot be understood/],
    [
      'what failed for a file of the set',
      `sha256sum: x.db: Input/output error\n${B}  x.sql.gz`,
      /^line 1 speaks of x.db/,
    ],
    ['bytes that are no text', Buffer.from([1, 0, 0, 2, 0]), /no text/],
  ] as const) {
    it(`refuses ${what}, and says where and what it expected`, () => {
      assert.match(said(text).faults.join(), fault)
    })
  }

  it('names a line that holds no checksum, and uses the others', () => {
    const { entries, faults, remarks } = said(`sha256sum: gone.log: No such file or directory\n${A}  x.db\n`)
    assert.deepEqual([entries, faults], [{ 'x.db': A }, []])
    assert.deepEqual(remarks, ['line 1 is no checksum: sha256sum: gone.log: No such file or directory'])
  })

  it('takes the SHA-256 where other kinds stand beside it', () => {
    const { entries, faults, remarks } = said(`MD5 (x.db) = ${'c'.repeat(32)}\nSHA256 (x.db) = ${A}\n`)
    assert.deepEqual([entries, faults, remarks.length], [{ 'x.db': A }, [], 1])
  })

  it('never throws, and takes no text for a checksum that has none', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        if (!/[0-9a-f]{64}|[A-Za-z0-9+/_-]{43}/i.test(text)) assert.deepEqual(said(Buffer.from(text)).entries, {})
      }),
    )
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
      const { records, faults } = await readChecksumFile(`${folder.path}/${name}`)
      assert.deepEqual([records.length, faults.length], [0, 1])
    }
  })
})

describe('a recorded checksum that cannot be used', { timeout: 60_000 }, () => {
  const DAILY = 'daily/itsm_nexus_daily_20260215_020015'

  it('refuses the set, naming file and line', async () => {
    const folder = new BackupFolder()
    folder.set(DAILY, ['db'])
    const sha512 = createHash('sha512').update('x').digest('hex')
    const path = folder.write(`${DAILY}.sha256`, `# weekly job\n${sha512}  itsm_nexus_daily_20260215_020015.db\n`)
    const set = await onlySet(folder)
    assert.deepEqual(reasons(set), ['ChecksumFileUnreadable'])
    assert.match(set.problems[0]?.message ?? '', new RegExp(`${path}: line 2 .*SHA-512.*expected is SHA-256`))
  })

  it('does not stand alone for a -wal, which is refused beside it', async () => {
    const folder = new BackupFolder()
    folder.set(DAILY, ['db', 'db-wal'])
    folder.write(`${DAILY}.sha256`, sha256(`db of ${DAILY}`))
    const set = await onlySet(folder)
    assert.deepEqual(reasons(set), ['BackupUnlisted'])
    assert.deepEqual(
      set.checksums.map(({ file }) => file),
      [join(folder.path, `${DAILY}.db`)],
    )
  })

  it('leaves a remark on a set that can be used all the same', async () => {
    const folder = new BackupFolder()
    folder.set(DAILY, ['db'])
    folder.write(`${DAILY}.sha256`, `warning: slow disk\n${sha256(`db of ${DAILY}`)}\n`)
    const { problems, remarks } = await onlySet(folder)
    assert.deepEqual(problems, [])
    assert.match(remarks?.join() ?? '', /sha256: line 1 is no checksum: warning: slow disk/)
  })
})
