import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { parseConfiguration } from '../../src/daemon/config.ts'

/** The repository: the compiled test lies in BUILD/test/packaging. */
const ROOT = join(import.meta.dirname, '../../..')

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

describe("the package's configuration", () => {
  const shipped = read('packaging/debian/modosu.yaml')

  it('is no configuration as it is shipped, so that no daemon starts with it', () => {
    assert.throws(() => parseConfiguration(Buffer.from(shipped), '/etc/modosu/modosu.yaml'), /the file is empty/)
  })

  it('is one when the comment marks are taken away, as its first lines say', () => {
    assert.match(shipped, /^## {3}sed -i 's\/\^#\/\/' \/etc\/modosu\/modosu\.yaml$/m)
    const bare = shipped.replaceAll(/^#/gm, '')
    const { targets, api } = parseConfiguration(Buffer.from(bare), '/etc/modosu/modosu.yaml')
    assert.deepEqual(
      targets.map(({ name, service }) => [name, service?.unit]),
      [['itsm-nexus', 'itsm-nexus-prod.service']],
    )
    assert.equal(api.socket, '/run/modosu/api.sock')
  })
})

describe('the compose file', () => {
  it('comes with a configuration that the daemon accepts, and with every file that it mounts', () => {
    const bytes = readFileSync(join(ROOT, 'deploy/compose/modosu.yaml'))
    const { targets } = parseConfiguration(bytes, '/etc/modosu/modosu.yaml')
    const mounted = Array.from(read('deploy/compose.yaml').matchAll(/- \.\/(\S+?):/g), ([, path = '']) => path)
    assert.deepEqual(mounted, ['compose/modosu.yaml', 'compose/requests'])
    for (const path of mounted) assert.ok(readdirSync(join(ROOT, 'deploy', path, '..')).length > 0, path)
    for (const { database } of targets) assert.ok(read('deploy/compose.yaml').includes('data:/srv/shop'), database)
  })
})
