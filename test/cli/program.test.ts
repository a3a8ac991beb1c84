import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { parse } from 'yaml'

import { Workplace } from './workplace.ts'

let place: Workplace

beforeEach(() => {
  place = new Workplace()
})
afterEach(() => {
  place.close()
})

describe('the program itself', () => {
  it('keeps data and messages apart and ends with the code (spawned)', async () => {
    place.request('inc-1')
    place.request('inc-2')
    const good = await place.spawn(['get', 'requests', '-o', 'name']).result
    assert.deepEqual(good, {
      code: 0,
      stdout: 'restorerequest.modosu.dev/inc-1\nrestorerequest.modosu.dev/inc-2\n',
      stderr: '',
    })
    const missing = await place.spawn(['get', 'request', 'nothing']).result
    assert.deepEqual([missing.code, missing.stdout], [5, ''])
  })

  it('does not find a configuration that is not there, and says where it looked', async () => {
    const { code, stderr } = await place.run(['--config', join(place.root, 'none.yaml'), 'get', 'requests'])
    assert.equal(code, 2)
    assert.match(
      stderr,
      /^error: no configuration at .*none\.yaml\nhint: name it with --config FILE, or set MODOSU_CONFIG\n$/,
    )
  })

  it('names every mistake of a configuration with its line', async () => {
    writeFileSync(place.config, 'apiVersion: modosu.dev/v1\nkind: Configuration\nstateDirr: x\n')
    const { code, stderr } = await place.run(['get', 'requests'])
    assert.equal(code, 2)
    assert.match(stderr, /modosu\.yaml:3:1: .*stateDirr/)
  })

  it('says that there is no state store yet', async () => {
    const { code, stderr } = await place.run(['get', 'requests'])
    assert.equal(code, 5)
    assert.match(stderr, /^error: no state store at .*\nhint: start the daemon once/)
  })

  it('takes --config after the command too, and reads MODOSU_CONFIG', async () => {
    place.request('inc-1')
    const { code } = await place.run(['get', 'requests', '--config', place.config], {
      environment: { configPath: '/nowhere.yaml' },
    })
    assert.equal(code, 0)
  })

  it('prints versions of itself, of Node and of SQLite', async () => {
    const info = JSON.parse((await place.run(['version', '-o', 'json'])).stdout) as Record<string, string>
    assert.deepEqual(Object.keys(info), ['modosu', 'node', 'sqlite'])
    assert.equal(info['node'], process.versions.node)
    assert.match(info['sqlite']!, /^3\./)
    assert.match((await place.run(['--version'])).stdout, /^\d+\.\d+\.\d+/)
  })

  it('prints schemas that can be read back', async () => {
    const schema = JSON.parse((await place.run(['schema'])).stdout) as { title: string }
    assert.equal(schema.title, 'RestoreRequest')
    const configuration = JSON.parse((await place.run(['schema', 'configuration'])).stdout) as { title: string }
    assert.equal(configuration.title, 'Configuration')
    const crd = parse((await place.run(['schema', 'crd'])).stdout) as { kind: string }
    assert.equal(crd.kind, 'CustomResourceDefinition')
  })
})

describe('explain', () => {
  it('explains fields and reasons, and offers the nearest of what it does not know', async () => {
    assert.match((await place.run(['explain', 'spec.source'])).stdout, /^backupId +string /m)
    assert.match((await place.run(['explain'])).stdout, /^spec +object, required /m)
    assert.match((await place.run(['explain', 'configuration.targets'])).stdout, /^KIND: +Configuration$/m)
    assert.match((await place.run(['explain', 'ratelimited', '--lang', 'en'])).stdout, /^Exit code: +6$/m)
    const near = await place.run(['explain', 'spec.sorce'])
    assert.deepEqual([near.code, near.stdout], [5, ''])
    assert.match(near.stderr, /もしかして: spec\.source$/m)
    const english = await place.run(['explain', 'spec.sorce', '--lang', 'en'])
    assert.match(english.stderr, /did you mean spec\.source\?/)
  })
})
