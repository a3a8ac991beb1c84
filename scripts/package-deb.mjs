/**
 * Builds build-deb/modosu_VERSION_ARCH.deb with dpkg-deb(1): `npm run package:deb -- [OPTIONS]`. The same sources and the same
 * SOURCE_DATE_EPOCH (default: the time of the last commit) give the same bytes.
 *
 *   --version VERSION       another than package.json's
 *   --system-node           depend on the host's nodejs, of the major version that builds, instead of bringing one
 *   --compression xz|gzip   xz is small, gzip is quick
 *   --output FOLDER         instead of build-deb
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { changelog, copyright, layControl } from '../packaging/deb/control.mjs'
import { layConfiguration, layDocumentation, layManual, laySystemd } from '../packaging/deb/layout.mjs'
import { BUNDLED_NODE, layProgram, libraryDependencies, nodeLicense } from '../packaging/deb/program.mjs'
import { Tree } from '../packaging/deb/tree.mjs'
import { nodeRuntime, SHIPPED_MAJOR } from '../packaging/node-runtime.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

const { values: options } = parseArgs({
  options: {
    version: { type: 'string' },
    'system-node': { type: 'boolean', default: false },
    compression: { type: 'string', default: 'xz' },
    output: { type: 'string', default: join(ROOT, 'build-deb') },
  },
})

function text(program, ...args) {
  return execFileSync(program, args, { cwd: ROOT, encoding: 'utf8' }).trim()
}

/** Debian sorts 1.0~rc.1 before 1.0, npm writes it 1.0-rc.1. */
const npmVersion = options.version ?? JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version
const version = npmVersion.replace('-', '~')
const epochSeconds = Number(process.env.SOURCE_DATE_EPOCH ?? text('git', 'log', '-1', '--format=%ct'))
const date = new Date(epochSeconds * 1000).toISOString().slice(0, 10)
const bundleNode = !options['system-node']
const maintainer = `${process.env.DEBFULLNAME ?? 'Modosu maintainers'} <${process.env.DEBEMAIL ?? 'maintainers@modosu.dev'}>`
/** The Node.js that the package brings, or the one that builds. */
const runtime = bundleNode ? nodeRuntime(ROOT, SHIPPED_MAJOR) : { node: process.execPath, place: ROOT }
const architecture = text('dpkg', '--print-architecture')

/** A module that was compiled for one major version of Node.js loads in no other. */
function dependencies(tree) {
  const major = Number(process.versions.node.split('.')[0])
  const node = bundleNode ? [] : [`nodejs (>= ${major === 20 ? '20.19' : major})`, `nodejs (<< ${major + 1})`]
  return [libraryDependencies(tree), ...node].join(', ')
}

const staging = mkdtempSync(join(tmpdir(), 'modosu-deb-'))
try {
  const tree = new Tree(join(staging, 'modosu'))
  const packages = layProgram(ROOT, tree, {
    version: npmVersion,
    node: bundleNode ? BUNDLED_NODE : '/usr/bin/node',
    runtime,
  })
  laySystemd(ROOT, tree)
  layConfiguration(ROOT, tree)
  layManual(ROOT, tree, { version: npmVersion, date })
  layDocumentation(ROOT, tree, {
    changelog: changelog({ version, maintainer, epochSeconds }),
    copyright: copyright(ROOT, packages, bundleNode ? runtime.version : null),
    nodeLicense: bundleNode ? nodeLicense(runtime.prefix) : null,
  })
  layControl(ROOT, tree, { version, architecture, maintainer, depends: dependencies(tree) })
  tree.settle(epochSeconds)
  const file = join(resolve(options.output), `modosu_${version}_${architecture}.deb`)
  mkdirSync(resolve(options.output), { recursive: true })
  // One thread: how a file is cut for several depends on the machine.
  const words = ['--root-owner-group', '--threads-max=1', `-Z${options.compression}`]
  if (options.compression === 'gzip') words.push('-z1')
  execFileSync('dpkg-deb', [...words, '--build', tree.folder, file], {
    env: { ...process.env, SOURCE_DATE_EPOCH: String(epochSeconds) },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  process.stdout.write(`${file} (${(statSync(file).size / 1024 ** 2).toFixed(1)} MB)\n`)
} finally {
  rmSync(staging, { recursive: true, force: true })
}
