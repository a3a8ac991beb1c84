import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { commandTree, flattened } from '../../packaging/man/command-tree.ts'
import { LEAST_CONFIGURATION, manualPages } from '../../packaging/man/pages.ts'
import { parseConfiguration } from '../../src/daemon/config.ts'

const REQUEST = readFileSync(join(import.meta.dirname, '../../../config/examples/restore-by-id.yaml'), 'utf8')
const PAGES = new Map(await manualPages('1.2.3', '2026-02-15', REQUEST))
const GROFF = spawnSync('groff', ['--version']).status === 0 ? false : 'groff is not installed'

/** A page as a terminal shows it, without the overstriking. */
function shown(name: string) {
  const words = ['-man', '-Tutf8', '-ww', '-P-c', '-P-b', '-P-u']
  const { stdout, stderr } = spawnSync('groff', words, { input: PAGES.get(name) ?? '', encoding: 'utf8' })
  return { stdout, stderr }
}

describe('the manual pages', () => {
  it('are one for each command, and one for each file that people write', async () => {
    const commands = flattened(await commandTree('1.2.3')).map(({ path }) => `${path.join('-')}.1`)
    assert.deepEqual([...PAGES.keys()], [...commands, 'modosu.yaml.5', 'modosu-restorerequest.5'])
    for (const name of ['modosu.1', 'modosu-restore.1', 'modosu-daemon.1']) assert.ok(PAGES.has(name), name)
  })

  it('are the same bytes for the same version and date, in ASCII whatever the locale', async () => {
    assert.deepEqual(new Map(await manualPages('1.2.3', '2026-02-15', REQUEST)), PAGES)
    for (const [name, text] of PAGES) assert.doesNotMatch(text, /[\u{80}-\u{10FFFF}]/u, name)
  })

  it('show an example configuration that the daemon would accept', () => {
    const { targets } = parseConfiguration(Buffer.from(LEAST_CONFIGURATION), '/etc/modosu/modosu.yaml')
    assert.deepEqual(
      targets.map(({ name }) => name),
      ['shop'],
    )
  })

  it('are read by groff without a warning', { skip: GROFF }, () => {
    const all = Array.from(PAGES.values()).join('')
    const { stderr, status } = spawnSync('groff', ['-man', '-Tutf8', '-ww', '-z'], { input: all, encoding: 'utf8' })
    assert.deepEqual([status, stderr], [0, ''])
  })

  it('tell options, choices, examples and exit codes', { skip: GROFF }, () => {
    const { stdout: restore } = shown('modosu-restore.1')
    assert.match(restore, /modosu restore \[OPTION\]\.\.\. \[BACKUP\]/)
    assert.match(restore, /--type types\.\.\.\n +With --latest: only of these types\. One of: daily, weekly,\s+monthly/)
    assert.match(restore, /modosu restore BKP-20260215-020015-daily --dry-run/)
    assert.match(shown('modosu.1').stdout, /^ +11 +Failed and NOT rolled back/m)
    assert.match(shown('modosu.yaml.5').stdout, /^ +targets\[\]\.verification\.afterSwap \(string\)/m)
    assert.match(shown('modosu-restorerequest.5').stdout, /誤操作によるインシデント削除/)
  })
})
