/**
 * Runs the tests on another major version of Node.js: `npm run test:node -- MAJOR [WORDS]`, with MAJOR a folder of packaging/node. The
 * checkout is copied to build-node/MAJOR/tree, beside packages that were compiled for that version, and is built and tested there.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { layCheckout, nodeRuntime, SHIPPED_MAJOR } from '../packaging/node-runtime.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const [major = String(SHIPPED_MAJOR), ...words] = process.argv.slice(2)

const { node, version, place, env } = nodeRuntime(ROOT, major)
layCheckout(ROOT, place)
process.stdout.write(`Node.js ${version}\n`)
for (const command of [
  ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.test.json'],
  ['scripts/test.mjs', ...words],
]) {
  const { status } = spawnSync(node, command, { cwd: place, env, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
