/**
 * A clean Debian 12 for the tests of what is installed: made by debootstrap from this machine's own sources, once, and kept as
 * an archive outside the repository (MODOSU_CACHE, else ~/.cache/modosu); each test unpacks it onto a tmpfs of its own.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'

const RELEASE = 'bookworm'
/** Beside the smallest Debian: an init to boot, what may stop units, and what shows a page and completes a word. */
const PACKAGES = ['systemd', 'systemd-sysv', 'libpam-systemd', 'dbus', 'polkitd', 'man-db', 'bash-completion', 'tini']

/** What keeps this machine from making one; null: nothing does. */
export function hindrance(programs) {
  if (process.getuid() !== 0) return 'it needs root'
  const missing = ['debootstrap', 'tar', 'mount', ...programs].filter(
    (name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0,
  )
  if (missing.length > 0) return `not installed: ${missing.join(', ')}`
  try {
    scratchMount().remove()
    return null
  } catch {
    return 'nothing can be mounted here'
  }
}

/** Runs a program to its end; its output is shown only when it fails. */
export function run(program, args, options = {}) {
  const result = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, ...options })
  if (result.status !== 0 && options.mayFail !== true) {
    const output = `${result.stdout ?? ''}${result.stderr ?? ''}`.slice(-4000)
    throw new Error(`${program} ${args.join(' ')}: ${result.error?.message ?? `exit ${result.status}`}\n${output}`)
  }
  return result
}

/** The mirror that this machine uses for the release; debootstrap's own where it uses none. */
function mirror() {
  const words = ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages']
  const { stdout } = run('apt-get', [...words, `Codename: ${RELEASE}`, 'Component: main'], { mayFail: true })
  const [first = ''] = (stdout ?? '').split('\n')
  return first === '' ? [] : [first]
}

/** The archive's path; made on the first call on a machine, which takes a minute or two. */
export function debianArchive() {
  const key = createHash('sha256').update(PACKAGES.join()).digest('hex').slice(0, 8)
  const cache = process.env.MODOSU_CACHE ?? join(homedir(), '.cache', 'modosu')
  const archive = join(cache, `debian-${RELEASE}-${process.arch}-${key}.tar`)
  if (existsSync(archive)) return archive
  mkdirSync(cache, { recursive: true })
  const { folder, remove } = scratchMount()
  try {
    const root = join(folder, 'root')
    const words = ['--variant=minbase', `--include=${PACKAGES.join()}`, RELEASE, root, ...mirror()]
    run('debootstrap', words, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' } })
    run('chroot', [root, 'apt-get', 'clean'])
    run('tar', ['-C', root, '--numeric-owner', '-cf', `${archive}.part`, '.'])
    renameSync(`${archive}.part`, archive)
    return archive
  } finally {
    remove()
  }
}

/** A tmpfs of its own: nothing that a test does there outlives it or waits for a disk. */
export function scratchMount() {
  const folder = mkdtempSync(join(tmpdir(), 'modosu-root-'))
  run('mount', ['-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', folder])
  return {
    folder,
    remove() {
      run('umount', ['--recursive', '--lazy', folder], { mayFail: true })
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
