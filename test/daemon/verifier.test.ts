import assert from 'node:assert/strict'
import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'

import type { VerificationRecord } from '../../src/controller/verification-records.ts'
import { createVerifier } from '../../src/daemon/verifier.ts'
import { createDatabaseOperations } from '../../src/database/client.ts'
import { systemClock } from '../../src/domain/clock.ts'
import type { NewVerdict } from '../../src/store/upkeep.ts'
import { makeBackup } from '../support/files.ts'
import { Workplace } from '../cli/workplace.ts'
import { targetOf } from '../retention/target.ts'

describe('a verification that somebody asks for', () => {
  const place = new Workplace()
  const database = createDatabaseOperations({ lockFile: null })
  after(async () => {
    await database.close()
    place.close()
  })

  it('is recorded with its verdict, whether the backup is sound or not', async () => {
    const path = makeBackup(place.backups, 'daily', '20260215_020015', { rows: 10 })
    const target = targetOf({ name: 'shop', backups: place.backups })
    const records: VerificationRecord[] = []
    const verdicts: NewVerdict[] = []
    const verify = createVerifier({
      targets: { byName: new Map([['shop', target]]) },
      upkeep: { recordVerification: (verdict) => verdicts.push(verdict) },
      records: {
        write: (record) => {
          records.push(record)
          return Promise.resolve()
        },
      },
      catalog: { look: () => undefined },
      database,
      clock: systemClock,
      scratchDir: join(place.root, 'scratch'),
    })
    const by = { name: 'bob', uid: 'call-1' }
    const id = 'BKP-20260215-020015-daily'
    assert.equal((await verify('shop', id, by)).passed, true)
    truncateSync(path, 4096)
    assert.equal((await verify('shop', id, by)).passed, false)
    const [sound, cut] = records
    assert.deepEqual([sound?.uid, sound?.username, sound?.backupId, sound?.failure], ['call-1', 'bob', id, null])
    assert.equal(sound?.checks['checksum'], 'pass')
    assert.match(cut?.failure ?? '', /^checksum: /)
    assert.deepEqual(
      verdicts.map(({ passed }) => passed),
      [true, false],
    )
    await assert.rejects(verify('other', id, by), { reason: 'NotFound' })
    assert.equal(records.length, 2)
  })
})
