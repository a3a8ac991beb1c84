/** What can become of a restore, as a table: each row runs through every door. */

import assert from 'node:assert/strict'
import { truncateSync, writeFileSync } from 'node:fs'
import { openSync, closeSync, writeSync, statSync } from 'node:fs'
import { join } from 'node:path'

import { writeChecksums } from '../support/files.ts'
import type { Case, Way } from './four-doors.ts'

async function restored(way: Way): Promise<void> {
  await way.submit()
  await way.ended()
}

/** Zeros over pages in the middle: a database still, and a damaged one. */
function damage(path: string): void {
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(4096 * 2, 0x55), 0, 4096 * 2, 4096)
  closeSync(file)
  writeChecksums(path)
}

export const CASES: Readonly<Record<string, Case>> = {
  success: { run: restored },
  checksum: {
    spoil: (path) => {
      truncateSync(path, statSync(path).size - 1)
    },
    run: restored,
  },
  integrity: { spoil: damage, run: restored },
  'not-found': {
    run: async (way) => {
      await way.submit({ backup: 'BKP-20200101-000000-daily' })
      await way.ended()
    },
  },
  health: {
    target: { healthCheck: { url: 'http://127.0.0.1:1/', timeout: '1s' } },
    run: restored,
  },
  'rollback-failed': {
    target: {
      hooks: {
        postRestore: [
          {
            name: 'replace',
            command: [
              '/bin/sh',
              '-c',
              'cp "$MODOSU_DATABASE" "$MODOSU_DATABASE.new"; mv "$MODOSU_DATABASE.new" "$MODOSU_DATABASE"; exit 1',
            ],
          },
        ],
      },
    },
    run: async (way) => {
      await way.submit()
      const { phase, status } = await way.ended()
      assert.deepEqual([phase, status.reason], ['RollbackFailed', 'TargetReplaced'])
    },
  },
  'no-confirm': {
    run: async (way) => {
      const name = await way.submit({ confirm: false })
      // The manual's call is refused as such (4.3): it makes no request.
      assert.equal(name === null, way.door === 'manual API')
      if (name !== null) await way.ended()
    },
  },
  limit: {
    target: { rateLimit: { restores: 1, window: '1h' } },
    run: async (way) => {
      await restored(way)
      const name = await way.submit()
      // The manual's answer is 429: whoever is refused has made no request.
      assert.equal(name === null, way.door === 'manual API')
      if (name !== null) await way.waits('RateLimited')
    },
  },
  'four-eyes': {
    target: { approval: { required: 2 } },
    run: async (way) => {
      await way.submit()
      await way.waits('ApprovalRequired')
      assert.equal(await way.approveOwn(), false)
      assert.equal(await way.approve('alice'), true)
      assert.equal(await way.approve('alice'), false)
      assert.equal(await way.approve('carol'), true)
      await way.ended()
    },
  },
  cancelled: {
    target: { approval: { required: 1 } },
    run: async (way) => {
      await way.submit()
      await way.waits('ApprovalRequired')
      await way.cancel()
      await way.ended()
    },
  },
  busy: {
    target: {
      hooks: {
        preRestore: [
          {
            name: 'wait',
            command: ['/bin/sh', '-c', 'until [ -e "$(dirname "$MODOSU_DATABASE")/go" ]; do sleep 0.1; done'],
          },
        ],
      },
    },
    run: async (way) => {
      await way.submit()
      await way.when(({ phase }) => phase === 'Quiescing')
      const name = await way.submit()
      // The manual's answer is 409; once the other one has ended the call is made again.
      assert.equal(name === null, way.door === 'manual API')
      if (name !== null) await way.waits('Queued')
      writeFileSync(join(way.folder, 'go'), '')
      await way.ended(0)
      if (name === null) await way.submit()
      await way.ended()
    },
  },
}

/** Cases in which the manual's call is refused where the other doors make a request (decision 0082). */
export const REFUSED_BY_THE_MANUAL: readonly string[] = ['no-confirm', 'limit']
