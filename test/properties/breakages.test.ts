import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'

import { BREAKAGES as SWAP_BREAKAGES } from '../crash/breakages.ts'
import type { Patch } from '../support/broken-build.ts'
import { BREAKAGES, ROW_BREAKAGES } from './breakages.ts'

const ALL: Readonly<Record<string, readonly Patch[]>> = { ...SWAP_BREAKAGES, ...BREAKAGES, ...ROW_BREAKAGES }

/** The long proofs that use them are run seldom: a line that has changed since must not be found out then. */
describe('each breakage of a self-test', () => {
  for (const [breakage, patches] of Object.entries(ALL)) {
    it(`changes lines that the program has: ${breakage}`, () => {
      for (const { file, from } of patches) {
        const text = readFileSync(new URL(`../../src/${file}`, import.meta.url), 'utf8')
        assert.equal(text.split(from).length - 1, 1, `${file} has once: ${from}`)
      }
    })
  }
})
