import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { Application } from '../support/application.ts'
import { Installation } from '../support/installation.ts'

describe(
  'an application whose stop is a signal to the pid of a file, and that has crashed',
  { timeout: 300_000 },
  () => {
    const installation = new Installation({ live: null })
    const crashes = join(installation.folder, 'crashes')
    let application: Application

    before(async () => {
      application = await Application.around(installation, {}, 'UTC')
      application.backup()
      const { service, healthCheck } = application.configuration()
      const stop = ['/bin/sh', '-c', `kill $(cat '${application.pidFile}')`]
      const words = application.command('crash').map((word) => `'${word}'`)
      const hook = ['/bin/sh', '-c', `[ ! -e '${crashes}' ] || { ${words.join(' ')}; exit 1; }`]
      installation.configure({
        target: {
          service: { command: { stop, start: service.command.start } },
          healthCheck,
          hooks: { postRestore: [{ name: 'crash', command: hook }] },
        },
      })
      await installation.start()
    })
    after(async () => {
      application.remove()
      await installation.remove()
    })

    it('is restored, with a warning of the stop, and runs', async () => {
      application.run('start')
      await application.ready()
      application.run('crash')
      installation.drop('crashed', { source: { latest: {} } })
      const { phase, status } = await installation.ended('crashed')
      assert.equal(phase, 'Succeeded', JSON.stringify(status))
      const warnings = installation.events('crashed').filter(({ reason }) => reason === 'ServiceStopFailed')
      assert.match(
        warnings.map(({ message }) => message).join(),
        /stop command failed: .*nobody has the database open/s,
      )
      assert.ok(await application.isHealthy())
    })

    it('does not keep the old database away from a rollback', async () => {
      await application.wrote(1)
      writeFileSync(crashes, '')
      const known = application.acknowledged()
      installation.drop('crashes', { source: { latest: {} } })
      const { phase, status } = await installation.ended('crashes')
      assert.deepEqual([phase, status.reason], ['RolledBack', 'HookFailed'], JSON.stringify(status))
      const found = new Set(application.rows('SELECT token FROM incidents').map((row) => row['token']))
      assert.ok(found.has(known.at(-1)), 'the last acknowledged write is there again')
    })
  },
)
