/**
 * The proof that the stories would notice: the controller without one of its promises must be found out within a number of
 * them. Run by `npm run test:properties`.
 */

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

import { breakBuild } from '../support/broken-build.ts'
import { BREAKAGES } from './breakages.ts'

const STORIES = fileURLToPath(new URL('./state-machine.test.js', import.meta.url))
const RUNS = '40'
const SEED = '20260215'

/** @returns what the first story that went wrong says, or null where all went well. */
function foundIn(controller: string): Promise<string | null> {
  const env = {
    ...process.env,
    MODOSU_PROPERTY_CONTROLLER: controller,
    MODOSU_PROPERTY_RUNS: RUNS,
    MODOSU_PROPERTY_STEPS: '20',
    MODOSU_PROPERTY_SEED: SEED,
  }
  delete (env as NodeJS.ProcessEnv)['NODE_TEST_CONTEXT']
  return new Promise((resolve) => {
    execFile(process.execPath, ['--enable-source-maps', STORIES], { env, maxBuffer: 2 ** 26 }, (error, stdout) => {
      if (error === null) resolve(null)
      else resolve(/Got ([^\n]*)/.exec(stdout)?.[1] ?? stdout.slice(-1500))
    })
  })
}

describe('a controller that breaks a promise is found out by its stories', { concurrency: 1 }, () => {
  for (const [breakage, patches] of Object.entries(BREAKAGES)) {
    it(breakage, async (context) => {
      const build = breakBuild(patches, ['properties', 'support'])
      try {
        const found = await foundIn(join(build.folder, 'build', 'test', 'properties', 'controller-child.js'))
        assert.ok(found !== null, `${RUNS} stories found nothing`)
        context.diagnostic(found.replaceAll(/\s+/g, ' ').slice(0, 200))
      } finally {
        build.remove()
      }
    })
  }
})
