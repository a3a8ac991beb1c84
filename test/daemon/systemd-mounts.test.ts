import assert from 'node:assert/strict'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'

import { writeMountDropIn } from '../../src/daemon/systemd-mounts.ts'

describe('what the unit waits for', () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'modosu-mounts-')))
  const file = join(root, 'modosu.yaml')
  const made = join(root, 'generated', 'modosu.service.d', '50-modosu-mounts.conf')
  after(() => {
    rmSync(root, { recursive: true })
  })

  /** @returns the lines of the drop-in after its head, and what was said. */
  function generate(text: string | null): { lines: string[]; told: string[] } {
    rmSync(join(root, 'generated'), { recursive: true, force: true })
    rmSync(file, { force: true })
    if (text !== null) writeFileSync(file, text)
    const told: string[] = []
    writeMountDropIn(join(root, 'generated'), file, (line) => told.push(line))
    const lines = existsSync(made) ? readFileSync(made, 'utf8').trim().split('\n').slice(2) : []
    return { lines, told }
  }

  it('is the place of the state, the spool, each database and its backups', () => {
    const { lines, told } = generate(
      'stateDir: /srv/state\ntargets:\n  - {name: a, database: /mnt/a/app.db, backups: {path: /mnt/b}}\n  - {name: b, database: data/b.db}\n',
    )
    const places = ['/srv/state', '/var/spool/modosu', '/mnt/a', '/mnt/b', join(root, 'data')]
    assert.deepEqual([lines, told], [places.map((place) => `RequiresMountsFor="${place}"`), []])
  })

  it('is what a link leads to as well', () => {
    mkdirSync(join(root, 'real'))
    symlinkSync(join(root, 'real'), join(root, 'link'))
    const { lines } = generate(`targets: [{database: ${root}/link/not/there/app.db}]`)
    assert.ok(lines.includes(`RequiresMountsFor="${root}/link/not/there"`), lines.join())
    assert.ok(lines.includes(`RequiresMountsFor="${root}/real/not/there"`), lines.join())
  })

  it('never is a line of its own making, whatever a path holds', () => {
    const { lines } = generate(
      'targets: [{database: "/a %i \\"b\\\\ c/x.db"}, {database: "/d\\nExecStart=/bin/sh/x.db"}]',
    )
    assert.equal(lines.at(-1), 'RequiresMountsFor="/a %%i \\"b\\\\ c"')
    assert.ok(lines.every((line) => /^RequiresMountsFor="[^\n]*"$/.test(line)))
  })

  it('is nothing, and no failure, where there is no configuration or none that can be read', () => {
    assert.deepEqual(generate(null), { lines: [], told: [] })
    const broken = generate('targets: [')
    assert.deepEqual(broken.lines, [])
    assert.match(broken.told.join('\n'), /^modosu-mounts: .*modosu\.yaml: line 1: /)
    for (const text of ['', '[]', 'targets: 7', 'targets: [null, 7, {database: 7, backups: []}]', 'spool: x']) {
      assert.deepEqual(generate(text).told, [], text)
    }
    writeFileSync(join(root, 'no-folder'), '')
    assert.doesNotThrow(() => {
      writeMountDropIn(join(root, 'no-folder'), file, () => undefined)
    })
  })
})
