/** The packages that run in production, without what only their authors and compilers need. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** It fetches or compiles the module at install time, which has happened when a package is built. */
const INSTALL_ONLY = new Set(['prebuild-install'])
const TOP_FOLDERS =
  /^(tests?|__tests__|docs?|examples?|bench(marks?)?|typings?|browser|bin|scripts|integration|fixtures)$/
const SOURCES = /(\.d\.[cm]?ts|\.[cm]?tsx?|\.map|\.flow|\.md|\.markdown|\.html|\.ico|\.sh|\.gypi?)$/
const LICENSES = /^(li[cs]en[cs]e|copying|notice)/i
const CLUTTER =
  /^(readme|changelog|history|tsconfig|package-lock|eslint|cname|makefile|karma|rollup|jest|benchmark|bench\.|bin\.|test\.)/i

/** Folders of node_modules that the program loads, from package.json downwards, sorted. */
export function productionPackages(root) {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const found = new Set()
  const visit = (at) => {
    for (const name of Object.keys(lock[at].dependencies ?? {})) {
      if (INSTALL_ONLY.has(name)) continue
      const place = resolvePackage(lock, at, name)
      if (found.has(place)) continue
      found.add(place)
      visit(place)
    }
  }
  visit('')
  return [...found].sort()
}

/** Folders of node_modules that a program of a devDependency needs to run, whatever the platform, sorted. */
export function toolPackages(root, names) {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const found = new Set()
  const visit = (place) => {
    if (found.has(place)) return
    found.add(place)
    const { dependencies = {}, optionalDependencies = {} } = lock[place]
    for (const name of Object.keys(dependencies)) visit(resolvePackage(lock, place, name))
    for (const name of Object.keys(optionalDependencies)) {
      const optional = resolvePackage(lock, place, name)
      if (existsSync(join(root, optional))) visit(optional)
    }
  }
  for (const name of names) visit(resolvePackage(lock, '', name))
  return [...found].sort()
}

/** As Node.js looks for it: in the package's own node_modules, then in those above. */
function resolvePackage(lock, at, name) {
  for (let folder = at; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const place = join(folder, 'node_modules', name)
    if (lock[place] !== undefined) return place
    if (folder === '') throw new Error(`package-lock.json has no ${name} for ${at}`)
    if (!folder.includes('/node_modules/')) folder = ''
  }
}

/** Copies one package; of a compiled one the module and not its sources. */
export function copyPackage(root, place, to) {
  const from = join(root, place)
  const native = basename(place) === 'better-sqlite3'
  for (const path of filesOf(from)) {
    if (native ? !isOfNativeModule(path) : !isNeeded(path)) continue
    mkdirSync(dirname(join(to, place, path)), { recursive: true })
    copyFileSync(join(from, path), join(to, place, path))
  }
}

function isNeeded(path) {
  const name = basename(path)
  if (LICENSES.test(name)) return true
  const [top, ...below] = path.split('/')
  if (below.length > 0 && TOP_FOLDERS.test(top)) return false
  return !/(^|\/)\./.test(path) && !SOURCES.test(name) && !CLUTTER.test(name)
}

function isOfNativeModule(path) {
  return (
    path === 'package.json' ||
    path === 'build/Release/better_sqlite3.node' ||
    path.startsWith('lib/') ||
    LICENSES.test(path)
  )
}

/** Paths of a package's own files; what is installed inside it is a package of its own. */
export function filesOf(folder, below = '') {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = join(below, entry.name)
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesOf(folder, path)
    return entry.isFile() ? [path] : []
  })
}

/** What a package says of itself, and where its license lies; undefined: it brings no text. */
export function licenseOf(root, place) {
  const { name, version, license, author } = JSON.parse(readFileSync(join(root, place, 'package.json'), 'utf8'))
  const file = readdirSync(join(root, place)).find((entry) => LICENSES.test(entry))
  const holder = typeof author === 'string' ? author : author?.name
  return { name, version, license, holder, file }
}
