import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import fc from 'fast-check'

import { RestoreError } from '../../src/domain/errors.ts'
import { LACKING, lacking } from './strange-files.ts'
import { SOON, WAL, database, filled, world } from './world.ts'

const { operations, folder } = world('mutations')

/** Every value of every byte takes half an hour: `npm run test:properties` asks for it. */
const FULL = process.env['MODOSU_HOSTILE_FULL'] === '1'
const VALUES = [0, 3, 127, 255] as const

/** What a file may be. Anything else would say that the machine is at fault. */
const OF_A_FILE = ['DatabaseCorrupt', 'NotADatabase', 'DatabaseEncrypted', 'Unverifiable', 'CheckTimedOut']

interface Mutation {
  readonly at: number
  readonly value: number
}

async function judge(sound: Buffer, mutations: readonly Mutation[]): Promise<void> {
  const path = join(folder(), 'x.db')
  const bytes = Buffer.from(sound)
  for (const { at, value } of mutations) bytes[at % bytes.length] = value
  const acts = {
    check: () => operations.check({ path, foreignKeys: true, absorb: true, seal: true }, SOON),
    inspect: () => operations.inspect(path, SOON),
    safetyCopy: () => operations.safetyCopy(path, `${path}.safe`, SOON),
    quiesce: () => operations.quiesce(path, SOON),
  }
  for (const [name, act] of Object.entries(acts)) {
    writeFileSync(path, bytes)
    try {
      await act()
    } catch (error) {
      assert.ok(error instanceof RestoreError, String(error))
      assert.ok(
        OF_A_FILE.includes(error.reason),
        `${name}: ${error.reason}: ${error.message} ${JSON.stringify(mutations)}`,
      )
    }
  }
}

describe('a database file with wrong bytes', { timeout: 1_800_000 }, () => {
  const base = join(folder(), 'base.db')
  const [tokenizer] = LACKING
  if (tokenizer !== undefined) lacking(base, { ...tokenizer, to: 'porter' })
  const plain = readFileSync(base)
  const other = join(folder(), 'wal.db')
  database(other, WAL, filled('items', 300))
  const inWalMode = readFileSync(other)

  it('is told as what it is, whichever byte of its header is wrong', async () => {
    for (const sound of [plain, inWalMode]) {
      for (let at = 0; at < 108; at += 1) {
        const values = FULL ? VALUES : VALUES.filter((_, index) => index === at % VALUES.length)
        for (const value of values) await judge(sound, [{ at, value }])
      }
    }
  })

  it('is told as what it is, whatever is wrong with its pages', async () => {
    const mutation = fc.record({ at: fc.nat(1_000_000), value: fc.nat(255) })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(plain, inWalMode), fc.array(mutation, { minLength: 1, maxLength: 12 }), judge),
      { numRuns: FULL ? 200 : 40 },
    )
  })
})
