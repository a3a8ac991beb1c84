/** What runs: the compiled program, the packages that it loads, and the Node.js that they were compiled for. */
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copyPackage, licenseOf, productionPackages } from './production.mjs'

const HOME = 'usr/lib/modosu'

/** Where the package puts its own Node.js. */
export const BUNDLED_NODE = `/${HOME}/bin/node`

/**
 * Lays the program into the tree.
 *
 * @param node by which it is started: `BUNDLED_NODE`, or the path or name of one that is there.
 * @param runtime the executable that runs it, and the folder whose `node_modules` was compiled for that: `{ node, place }`.
 * @returns the packages in it, with their licenses.
 */
export function layProgram(root, tree, { version, node, runtime }) {
  const bundleNode = node === BUNDLED_NODE
  const { name, license, type } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  tree.write(`${HOME}/package.json`, `${JSON.stringify({ name, version, license, type }, null, 2)}\n`)
  for (const entry of compiledFiles(root)) tree.copy(join(root, 'dist', entry), `${HOME}/dist/${entry}`)
  const packages = productionPackages(root)
  for (const place of packages) copyPackage(runtime.place, place, join(tree.folder, HOME))
  for (const path of tree.files()) chmodSync(join(tree.folder, path), 0o644)
  // The launcher starts it; a script that names an interpreter would have to be executable.
  tree.write(`${HOME}/dist/main.js`, tree.read(`${HOME}/dist/main.js`).toString().replace(/^#!.*/, ''))
  if (bundleNode) {
    mkdirSync(join(tree.folder, HOME, 'bin'), { recursive: true })
    copyFileSync(runtime.node, join(tree.folder, HOME, 'bin/node'))
    chmodSync(join(tree.folder, HOME, 'bin/node'), 0o755)
  }
  // A package that is a third larger is no reason to fail.
  for (const path of binaries(tree)) spawnSync('strip', ['--strip-unneeded', join(tree.folder, path)])
  tree.write('usr/bin/modosu', `#!/bin/sh\nexec ${node} /${HOME}/dist/main.js "$@"\n`, 0o755)
  prove(tree, bundleNode ? join(tree.folder, HOME, 'bin/node') : runtime.node)
  return packages.map((place) => ({ place, ...licenseOf(root, place) }))
}

/** The web page is more than scripts. */
function compiledFiles(root) {
  const isMeant = ['-name', '*.js', '-o', '-path', './web/*']
  const files = execFileSync('find', ['.', '-type', 'f', '(', ...isMeant, ')', '-printf', '%P\n'], {
    cwd: join(root, 'dist'),
    encoding: 'utf8',
  })
  return files.split('\n').filter((line) => line !== '')
}

function binaries(tree) {
  return tree.files().filter((path) => path.endsWith('.node') || path === `${HOME}/bin/node`)
}

/** Loads everything once from where it lies now: a file too many pruned is found here and not on somebody's worst day. */
function prove(tree, node) {
  const home = join(tree.folder, HOME)
  const modules = ['cli/program.js', 'daemon/daemon.js', 'database/client.js', 'spool/parser-pool.js']
  const code = `${modules.map((path) => `await import(${JSON.stringify(join(home, 'dist', path))})`).join(';')}`
  execFileSync(node, ['--input-type=module', '-e', code], { cwd: '/', env: {} })
  execFileSync(node, [join(home, 'dist/main.js'), 'version'], { cwd: '/', env: {}, stdio: 'ignore' })
}

/** The shared libraries that the binaries need, as Depends says it (dpkg-shlibdeps(1)). */
export function libraryDependencies(tree) {
  const folder = mkdtempSync(join(tmpdir(), 'modosu-shlibs-'))
  try {
    mkdirSync(join(folder, 'debian'))
    writeFileSync(join(folder, 'debian/control'), 'Source: modosu\n\nPackage: modosu\nArchitecture: any\n')
    const words = binaries(tree).map((path) => `-e${join(tree.folder, path)}`)
    const line = execFileSync('dpkg-shlibdeps', ['-O', ...words], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return line.replace(/^shlibs:Depends=/, '').trim()
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The license of Node.js, which goes with its binary. */
export function nodeLicense(prefix) {
  return readFileSync(join(prefix, 'LICENSE'))
}
