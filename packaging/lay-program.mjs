/** Lays the built program with the packages that it loads into a folder, for an image: `node packaging/lay-program.mjs FOLDER`. */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { layProgram } from './deb/program.mjs'
import { Tree } from './deb/tree.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: node packaging/lay-program.mjs FOLDER')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
mkdirSync(folder, { recursive: true })
const tree = new Tree(folder)
layProgram(root, tree, { version, node: 'node', runtime: { node: process.execPath, place: root } })
tree.copy(join(root, 'LICENSE'), 'usr/share/doc/modosu/LICENSE')
