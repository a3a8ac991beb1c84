import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { read, shellLines } from '../docs/markdown.ts'

const MODOSU = 64_011

function missing(): string | false {
  if (process.getuid?.() !== 0) return 'it takes root to be several users'
  const absent = ['git', 'systemd-tmpfiles', 'setpriv'].find(
    (program) => spawnSync(program, ['--version']).status !== 0,
  )
  return absent === undefined ? false : `${absent} is not installed`
}

let root: string

before(() => {
  root = mkdtempSync(join(tmpdir(), 'modosu-root-'))
  chmodSync(root, 0o755)
  put('etc/passwd', `root:x:0:0::/:/bin/sh\nmodosu:x:${MODOSU}:${MODOSU}::/:/bin/sh\n`)
  put('etc/group', `root:x:0:\nmodosu:x:${MODOSU}:\n`)
  put('usr/lib/tmpfiles.d/modosu.conf', read('deploy/systemd/modosu.tmpfiles.conf'))
})
after(() => {
  rmSync(root, { recursive: true, force: true })
})

function put(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), content)
}

/** What happens at each boot, and with each upgrade of the package. */
function boot(): void {
  execFileSync('systemd-tmpfiles', [`--root=${root}`, '--create', 'modosu.conf'], { stdio: 'pipe' })
}

function asModosu(...words: readonly string[]) {
  const become = [`--reuid=${MODOSU}`, `--regid=${MODOSU}`, '--clear-groups']
  return spawnSync('setpriv', [...become, ...words], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: '/nowhere' },
  })
}

describe('the spool as the package makes it', { skip: missing() }, () => {
  it('belongs to root where it is new', () => {
    boot()
    const { uid, gid, mode } = statSync(join(root, 'var/spool/modosu'))
    assert.deepEqual([uid, gid, mode & 0o7777], [0, MODOSU, 0o2775])
  })

  it('stays the checkout of the user modosu, in which git pull works, over every boot and upgrade (docs/gitops.md)', () => {
    const spool = join(root, 'var/spool/modosu')
    rmSync(spool, { recursive: true, force: true })
    mkdirSync(spool, { recursive: true, mode: 0o750 })
    chownSync(spool, MODOSU, MODOSU)
    chmodSync(spool, 0o750)
    const bare = join(root, 'requests.git')
    execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', bare])
    const tree = execFileSync('git', ['-C', bare, 'hash-object', '-w', '-t', 'tree', '/dev/null'], {
      encoding: 'utf8',
    }).trim()
    const identity = ['-c', 'user.name=Ops', '-c', 'user.email=ops@example.org']
    const commit = execFileSync('git', ['-C', bare, ...identity, 'commit-tree', tree, '-m', 'Begin'], {
      encoding: 'utf8',
    }).trim()
    execFileSync('git', ['-C', bare, 'update-ref', 'refs/heads/main', commit])
    execFileSync('chown', ['-R', `${MODOSU}:${MODOSU}`, bare])
    assert.equal(asModosu('git', 'clone', '--quiet', bare, spool).status, 0)
    boot()
    const pulled = asModosu('git', '-C', spool, 'pull', '--ff-only', '--quiet')
    assert.deepEqual([pulled.status, pulled.stderr], [0, ''])
    assert.equal(statSync(spool).uid, MODOSU)
  })
})

describe('the backup of the daemon’s own state (docs/operations.md)', () => {
  /** The paths that the table says to save. */
  function tabled(document: string): readonly string[] {
    return Array.from(sectionOf(read(document)).matchAll(/`(\/(?:var|etc)\/[^`]+)`/g), ([, path = '']) => path)
  }

  function sectionOf(text: string): string {
    const end = text.indexOf('tar -czf')
    return text.slice(text.lastIndexOf('\n## ', end), text.lastIndexOf('```sh', end))
  }

  for (const document of ['docs/operations.md', 'docs/ja/operations.md']) {
    it(`saves all that the table of ${document} names, and gives the store back`, () => {
      const host = mkdtempSync(join(tmpdir(), 'modosu-host-'))
      try {
        const lines = shellLines(document).map(({ text }) => text)
        const line = lines.find((text) => text.includes('tar -czf'))!
        const extract = lines.find((text) => text.includes('-xzf') && text.includes('var/lib/modosu'))!
        const paths = tabled(document)
        assert.ok(paths.length >= 5, paths.join())
        const files = paths.map((path) => (path.endsWith('.db') || path.endsWith('.rules') ? path : join(path, 'a')))
        for (const file of [...files, '/var/lib/modosu/modosu.db-wal', '/var/lib/modosu/audit.heads']) {
          mkdirSync(dirname(join(host, file)), { recursive: true })
          writeFileSync(join(host, file), file)
        }
        mkdirSync(join(host, 'var/backups'), { recursive: true })
        run(here(line).replaceAll('cd /', `cd ${host}`).replace('/var/backups/', `${host}/var/backups/`))
        const archive = execFileSync('bash', ['-c', `echo ${host}/var/backups/*`], { encoding: 'utf8' }).trim()
        const saved = execFileSync('tar', ['-tzf', archive], { encoding: 'utf8' }).split('\n')
        for (const file of [...files, '/var/lib/modosu/modosu.db-wal', '/var/lib/modosu/audit.heads']) {
          assert.ok(saved.includes(file.slice(1)), `${file} is not in the archive`)
        }
        rmSync(join(host, 'var/lib/modosu'), { recursive: true })
        run(
          here(extract)
            .replace('-C /', `-C ${host}`)
            .replace(/\S+\.tar\.gz/, archive),
        )
        assert.equal(readFileSync(join(host, 'var/lib/modosu/modosu.db'), 'utf8'), '/var/lib/modosu/modosu.db')
        assert.equal(readFileSync(join(host, 'var/lib/modosu/audit.heads'), 'utf8'), '/var/lib/modosu/audit.heads')
      } finally {
        rmSync(host, { recursive: true, force: true })
      }
    })
  }

  function here(line: string): string {
    return line.replace(/^sudo /, '')
  }

  function run(line: string): void {
    execFileSync('bash', ['-ec', line], { stdio: 'pipe' })
  }
})
