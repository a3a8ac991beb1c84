import assert from 'node:assert/strict'
import { once } from 'node:events'
import { linkSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { makeBackup, sha256 } from '../support/files.ts'
import { Installation } from '../support/installation.ts'

const POINTS = [
  'VerifyingChecksum.begin',
  'VerifyingChecksum.end',
  'VerifyingBackup.begin',
  'VerifyingBackup.extractNoted',
  'VerifyingBackup.extractPublished',
  'VerifyingBackup.end',
] as const

describe('an extraction whose daemon is killed', () => {
  const installation = new Installation({ live: { rows: 100 } })
  const folder = join(installation.folder, 'extracts')
  let content = ''

  before(() => {
    mkdirSync(folder)
    installation.configure({ target: { extracts: { path: folder } } })
    content = sha256(makeBackup(installation.backups, 'daily', '20260215_020015', { rows: 150, wal: false }))
  })
  after(() => installation.remove())

  async function killedAt(point: string, name: string): Promise<void> {
    const daemon = await installation.start([], { MODOSU_FAILPOINT: `${point}=SIGKILL` })
    const died = once(daemon, 'exit')
    installation.drop(name, { mode: 'Extract', source: { backupId: 'BKP-20260215-020015-daily' } })
    assert.deepEqual(await died, [null, 'SIGKILL'])
    await installation.stop()
  }

  async function endsWell(name: string): Promise<void> {
    await installation.start()
    const { phase, status } = await installation.ended(name)
    assert.equal(phase, 'Succeeded', JSON.stringify(status))
    assert.deepEqual(readdirSync(folder), [`${name}.db`])
    assert.equal(sha256(join(folder, `${name}.db`)), content)
    assert.equal(status.extract?.sha256, content)
    await installation.stop()
    rmSync(join(folder, `${name}.db`))
  }

  for (const point of POINTS) {
    it(`at ${point}: no file under the name or the whole one, and the next start tidies up and ends it`, async () => {
      const name = point.toLowerCase().replace('.', '-')
      await killedAt(point, name)
      if (readdirSync(folder).includes(`${name}.db`)) assert.equal(sha256(join(folder, `${name}.db`)), content)
      await endsWell(name)
    })
  }

  it('between the link and the removal of the hidden name', async () => {
    await killedAt('VerifyingBackup.extractNoted', 'linked')
    const [hidden = ''] = readdirSync(folder)
    assert.match(hidden, /^\.linked\..+\.partial$/)
    linkSync(join(folder, hidden), join(folder, 'linked.db'))
    await endsWell('linked')
  })
})
