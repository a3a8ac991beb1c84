/**
 * A Node.js of another major version than the one that runs this, as npm brings it (packaging/node/MAJOR, by integrity hash), with the
 * packages that package-lock.json names. better-sqlite3 is compiled against it: its module loads in no other major version.
 *
 * Everything lies in build-node/MAJOR. A compilation takes minutes; it is done once for each pair of lock files.
 */
import { createHash } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isSound, soundHeaders } from './sqlite-module.mjs'

/** How the module is compiled; another way is another result. */
const COMPILED_BY = fileURLToPath(new URL('./sqlite-module.mjs', import.meta.url))

/** What the Debian package and the image bring (docs/decisions/0065). */
export const SHIPPED_MAJOR = 24

/**
 * Installs the runtime and compiles for it.
 *
 * @param root the repository, after its `npm ci`.
 * @param major a folder of packaging/node.
 * @returns `node`, the executable; `version`, its own; `prefix`, where its license and headers lie; `place`, a folder with `node_modules` for it; `env`, an
 *   environment in which `node` and `npm` are this runtime's.
 */
export function nodeRuntime(root, major) {
  const manifest = join(root, 'packaging/node', String(major))
  if (!existsSync(manifest)) {
    const known = readdirSync(join(root, 'packaging/node')).join(', ')
    throw new Error(`there is no Node.js ${major} in packaging/node: choose one of ${known}`)
  }
  const folder = join(root, 'build-node', String(major))
  const place = join(folder, 'tree')
  const prefix = join(folder, 'node_modules', `node-linux-${process.arch}`)
  const node = join(prefix, 'bin/node')
  const env = { ...process.env, PATH: [dirname(node), process.env.PATH].join(delimiter) }
  const wanted = fingerprint([join(manifest, 'package-lock.json'), join(root, 'package-lock.json'), COMPILED_BY])
  const stamp = join(folder, 'complete')
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    rmSync(stamp, { force: true })
    install(manifest, folder)
    compile(root, place, { ...env, npm_config_nodedir: soundHeaders(prefix, join(folder, 'headers')) })
    writeFileSync(stamp, wanted)
  }
  const { version } = JSON.parse(readFileSync(join(prefix, 'package.json'), 'utf8'))
  return { node, version, prefix, place, env }
}

function fingerprint(files) {
  const hash = createHash('sha256')
  for (const file of files) hash.update(readFileSync(file))
  return hash.digest('hex')
}

function install(manifest, folder) {
  mkdirSync(folder, { recursive: true })
  for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(manifest, name), join(folder, name))
  execFileSync('npm', ['ci'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
}

/** The other packages are the repository's own, as hard links; the module is made anew, and its folder is not shared. */
function compile(root, place, env) {
  process.stderr.write(`compiling better-sqlite3 for ${dirname(place)}: this takes minutes\n`)
  rmSync(join(place, 'node_modules'), { recursive: true, force: true })
  mkdirSync(place, { recursive: true })
  execFileSync('cp', ['-al', join(root, 'node_modules'), join(place, 'node_modules')])
  rmSync(join(place, 'node_modules/better-sqlite3/build'), { recursive: true, force: true })
  for (const name of ['package.json', 'package-lock.json', '.npmrc']) copyFileSync(join(root, name), join(place, name))
  const words = ['rebuild', 'better-sqlite3']
  execFileSync('npm', words, {
    cwd: place,
    env: { ...env, npm_config_build_from_source: 'true' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (!isSound(place)) throw new Error(`better-sqlite3 in ${place} was compiled against headers that make it abort`)
}

/** Copies the checkout as it stands, what Git ignores left out, beside the `node_modules` of a runtime's place. */
export function layCheckout(root, place) {
  for (const name of readdirSync(place)) {
    if (name !== 'node_modules') rmSync(join(place, name), { recursive: true })
  }
  const words = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  for (const name of execFileSync('git', words, { cwd: root, encoding: 'utf8' }).split('\0')) {
    if (name === '' || !existsSync(join(root, name))) continue
    mkdirSync(dirname(join(place, name)), { recursive: true })
    copyFileSync(join(root, name), join(place, name))
  }
}
