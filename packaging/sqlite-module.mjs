/**
 * better-sqlite3 12 against the headers of Node.js 24.19 to at least 24.21: their node::ObjectWrap removes a clean-up hook in its destructor,
 * which aborts the process where the garbage collector runs it outside of a context (https://github.com/nodejs/node/issues/65446). The
 * hook came with the header and not with the executable, so the module is compiled against a copy of the headers without it.
 *
 * `npm ci` runs this file in the checkout: where the module was just compiled with the hook, it is compiled once more. A module that was
 * fetched ready-made, and one of any other Node.js, is left alone.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const WRAP = 'include/node/node_object_wrap.h'
/** Calls in the constructor and the destructor; the functions themselves stay, unused. */
const HOOKS = /^ +(Add|Remove)CleanupHook\(\);\n/gm
/** As the module asks the executable for it. Its own hook is added with another function. */
const SYMBOL = '_ZN4node28RemoveEnvironmentCleanupHook'

/**
 * Copies the headers of a Node.js without the hook.
 *
 * @param prefix a folder with `include/node`.
 * @param to the folder that `npm_config_nodedir` then names.
 */
export function soundHeaders(prefix, to) {
  mkdirSync(to, { recursive: true })
  cpSync(join(prefix, 'include'), join(to, 'include'), { recursive: true })
  writeFileSync(join(to, WRAP), readFileSync(join(to, WRAP), 'utf8').replaceAll(HOOKS, ''))
  return to
}

/** Whether the compiled module of a checkout, where there is one, can do without the hook. */
export function isSound(root) {
  const path = join(root, 'node_modules/better-sqlite3/build/Release/better_sqlite3.node')
  return !existsSync(path) || !readFileSync(path).includes(SYMBOL)
}

/** Where the headers lie that npm compiles against: named, beside the executable, or fetched by node-gyp. */
function headersOfThisNode() {
  const places = [
    process.env.npm_config_nodedir,
    dirname(dirname(realpathSync(process.execPath))),
    join(homedir(), '.cache/node-gyp', process.versions.node),
  ]
  return places.find((place) => place !== undefined && existsSync(join(place, WRAP)))
}

function mend(root) {
  if (isSound(root)) return
  const prefix = headersOfThisNode()
  if (prefix === undefined) {
    throw new Error(
      `better-sqlite3 was compiled against headers of Node.js ${process.versions.node} that make it abort, and they are not found: ` +
        'set npm_config_nodedir to a folder with include/node and run npm ci again',
    )
  }
  process.stderr.write(
    `compiling better-sqlite3 once more: the headers of Node.js ${process.versions.node} make it abort\n`,
  )
  const nodedir = soundHeaders(prefix, join(root, 'build-headers'))
  const env = { ...process.env, npm_config_nodedir: nodedir, npm_config_build_from_source: 'true' }
  execFileSync('npm', ['rebuild', 'better-sqlite3'], {
    cwd: root,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (!isSound(root)) throw new Error('better-sqlite3 still asks for the hook of node::ObjectWrap')
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  mend(fileURLToPath(new URL('..', import.meta.url)))
}
