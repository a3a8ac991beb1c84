/**
 * Builds the web page: `node scripts/build-web.mjs FOLDER`. Types are checked first. Prints the size of each file and fails where
 * all of them together are larger than a slow line can carry at once.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const PAGE = join(ROOT, 'src/web')
const MOST_BYTES = 60 * 1024

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: node scripts/build-web.mjs FOLDER')
const outDir = resolve(folder)

const types = spawnSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', PAGE], {
  stdio: 'inherit',
})
if (types.status !== 0) process.exit(types.status ?? 1)

// The folder holds other files too where the tests are compiled.
for (const name of ['assets', 'index.html']) rmSync(join(outDir, name), { recursive: true, force: true })
await build({
  root: PAGE,
  base: '/',
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir,
    emptyOutDir: false,
    // The policy of the page refuses what is written into a document or an address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    license: { fileName: 'licenses.md' },
  },
})

const assets = readdirSync(join(outDir, 'assets')).sort()
const files = ['index.html', ...assets.map((name) => `assets/${name}`)]
let sum = 0
for (const file of files) {
  const bytes = gzipSync(readFileSync(join(outDir, file)), { level: 9 }).length
  sum += bytes
  process.stdout.write(`${(bytes / 1024).toFixed(1).padStart(7)} kB gzipped  ${file}\n`)
}
process.stdout.write(`${(sum / 1024).toFixed(1).padStart(7)} kB gzipped in all, of at most ${MOST_BYTES / 1024}\n`)
if (sum > MOST_BYTES) {
  process.stderr.write('the web page is too large\n')
  process.exit(1)
}
