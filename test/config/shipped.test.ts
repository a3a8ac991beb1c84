import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { parse } from 'yaml'

import { loadConfiguration } from '../../src/daemon/config.ts'
import { CONFIGURATION_SCHEMA } from '../../src/manifest/configuration-schema.ts'
import { customResourceDefinition } from '../../src/manifest/custom-resource.ts'
import type { JsonSchema } from '../../src/manifest/json-schema.ts'
import { isValid, ManifestReader } from '../../src/manifest/parse.ts'
import { RESTORE_REQUEST_SCHEMA } from '../../src/manifest/restore-request-schema.ts'

/** The repository: the compiled test lies in BUILD/test/config. */
const ROOT = join(import.meta.dirname, '../../..')
const CONFIG = join(ROOT, 'config')

function read(path: string): string {
  return readFileSync(join(CONFIG, path), 'utf8')
}

describe('the shipped configuration', () => {
  it('is valid, and is the installation of the manual', () => {
    const { targets, stateDir } = loadConfiguration(join(CONFIG, 'modosu.yaml'))
    assert.equal(stateDir, '/var/lib/modosu')
    assert.deepEqual(
      targets.map(({ name, database }) => [name, database]),
      [['itsm-nexus', '/mnt/LinuxHDD/ITSM-System/backend/itsm_nexus.db']],
    )
  })

  it('says why of every key: a comment stands above it', () => {
    const lines = read('modosu.yaml').split('\n')
    const bare = lines.filter((line, index) => {
      const value = /^\s*(?:- )?[A-Za-z]+: +\S/.test(line) && !line.trimStart().startsWith('#')
      const above = (lines[index - 1] ?? '').trimStart()
      return value && !above.startsWith('#')
    })
    // What a smoke query is stands above the first one.
    const known = ['apiVersion', 'kind', '- name', 'sql', 'min']
    assert.deepEqual(
      bare.filter((line) => !known.some((key) => line.trim().startsWith(`${key}:`))),
      [],
    )
  })

  it('gives the defaults where it does not say otherwise, so that leaving a key out changes nothing', () => {
    const shipped = parse(read('modosu.yaml')) as Record<string, unknown>
    const differing = Array.from(differences(CONFIGURATION_SCHEMA, shipped, ''))
    assert.deepEqual(differing, ['schedules.timezone'])
  })
})

/** Paths of values that are not their schema's default, where it has one. */
function* differences(schema: JsonSchema, value: unknown, path: string): Generator<string, void> {
  if (schema.properties !== undefined && typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(value)) {
      const field = schema.properties[key]
      assert.ok(field !== undefined, `${path}${key}`)
      yield* differences(field, child, `${path}${key}.`)
    }
  } else if (schema.default !== undefined && JSON.stringify(schema.default) !== JSON.stringify(value)) {
    yield path.slice(0, -1)
  }
}

describe('the shipped examples', () => {
  const reader = new ManifestReader()
  for (const name of readdirSync(join(CONFIG, 'examples'))) {
    it(`${name} is valid, confirmed and says who and why`, () => {
      const { documents, problems } = reader.read(read(`examples/${name}`))
      assert.deepEqual(problems, [])
      assert.equal(documents.length, 1)
      for (const document of documents) {
        assert.ok(isValid(document), JSON.stringify(document))
        const { spec } = document.manifest
        assert.equal(spec.target, 'itsm-nexus')
        assert.ok(spec.confirm && spec.requestedBy !== undefined && spec.reason !== undefined)
      }
    })
  }

  it('cover a backup by id, the newest, a safety backup, a drill and a maintenance window', () => {
    assert.deepEqual(readdirSync(join(CONFIG, 'examples')).sort(), [
      'drill.yaml',
      'maintenance-window.yaml',
      'restore-by-id.yaml',
      'restore-latest.yaml',
      'restore-safety-backup.yaml',
    ])
  })

  it('name a schema that is there', () => {
    for (const name of readdirSync(join(CONFIG, 'examples'))) {
      const [, schema = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(read(`examples/${name}`)) ?? []
      assert.equal(join('examples', schema), 'schema/restorerequest.json')
    }
  })
})

describe('the published schemas', () => {
  it('are the constants that the program validates by', () => {
    assert.deepEqual(JSON.parse(read('schema/restorerequest.json')), RESTORE_REQUEST_SCHEMA)
    assert.deepEqual(JSON.parse(read('schema/configuration.json')), CONFIGURATION_SCHEMA)
    assert.deepEqual(parse(read('schema/restorerequest.crd.yaml')), customResourceDefinition())
  })

  it('hold nothing that a structural schema of Kubernetes forbids', () => {
    const forbidden = ['$ref', 'oneOf', 'anyOf', 'const', 'uniqueItems', 'examples', '$schema', '$id']
    const text = read('schema/restorerequest.crd.yaml')
    for (const word of forbidden) assert.doesNotMatch(text, new RegExp(`^\\s*(- )?["']?\\${word}["']?:`, 'm'))
    assert.doesNotMatch(text, /additionalProperties: false/)
  })

  it('tell what each field means', () => {
    const silent = [RESTORE_REQUEST_SCHEMA, CONFIGURATION_SCHEMA].flatMap((schema) =>
      Array.from(undescribed(schema, '')),
    )
    assert.deepEqual(silent, [])
  })
})

function* undescribed(schema: JsonSchema, path: string): Generator<string, void> {
  for (const [key, field] of Object.entries(schema.properties ?? {})) {
    if (field.description === undefined) yield `${path}${key}`
    yield* undescribed(field.items ?? field, `${path}${key}.`)
  }
}
