/** The control part of the package: what dpkg reads and runs. */
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { conffiles } from './layout.mjs'

const SCRIPTS = ['postinst', 'prerm', 'postrm']

export function layControl(root, tree, facts) {
  // dpkg counts in KiB, each file rounded up (deb-control(5), Installed-Size).
  const files = tree.files()
  const size = files.reduce((sum, path) => sum + Math.ceil(statSync(join(tree.folder, path)).size / 1024), 0)
  const sums = files.map((path) => `${createHash('md5').update(tree.read(path)).digest('hex')}  ${path}\n`)
  const configuration = conffiles(tree).map((path) => `/${path}\n`)
  tree.write('DEBIAN/md5sums', sums.join(''))
  tree.write('DEBIAN/conffiles', configuration.join(''))
  tree.write('DEBIAN/control', control(root, { ...facts, size }))
  for (const name of SCRIPTS) tree.copy(join(root, 'packaging/debian', name), `DEBIAN/${name}`, 0o755)
}

function control(root, { version, architecture, maintainer, depends, size }) {
  const values = { version, architecture, maintainer, depends, size: String(size) }
  const template = readFileSync(join(root, 'packaging/debian/control'), 'utf8')
  return template.replaceAll(/@(\w+)@/g, (_, key) => {
    if (values[key] === undefined) throw new Error(`packaging/debian/control asks for @${key}@`)
    return values[key]
  })
}

/** Debian's own form of a changelog (deb-changelog(5)); what has changed is in CHANGELOG.md beside it. */
export function changelog({ version, maintainer, epochSeconds }) {
  const date = new Date(epochSeconds * 1000).toUTCString().replace('GMT', '+0000')
  return `modosu (${version}) unstable; urgency=medium\n\n  * See /usr/share/doc/modosu/CHANGELOG.md.\n\n -- ${maintainer}  ${date}\n`
}

/** @param nodeVersion of the Node.js that the package brings, or null. */
export function copyright(root, packages, nodeVersion) {
  const rows = packages.map(
    ({ place, name, version, license, holder, file }) =>
      `${name} ${version}: ${license}${holder === undefined ? '' : `, ${holder}`}\n` +
      (file === undefined ? '' : `  /usr/lib/modosu/${place}/${file}\n`),
  )
  const node =
    nodeVersion === null
      ? ''
      : `\nNode.js ${nodeVersion}, /usr/lib/modosu/bin/node, with what is linked into it: the MIT license and others, all in\n` +
        '/usr/share/doc/modosu/copyright.nodejs.gz\n'
  return `${readFileSync(join(root, 'packaging/debian/copyright'), 'utf8')}${node}\nThe packages of npm that are part of the web page: /usr/lib/modosu/dist/web/licenses.md. Others, below /usr/lib/modosu/node_modules:\n\n${rows.join('')}`
}
