/**
 * Writes the published schemas from the constants in dist/: what editors complete from is what the program validates by.
 * With `--check` it writes nothing, names each file that differs and exits with 1.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { openApiDocument } from '../dist/api/document.js'
import { CONFIGURATION_SCHEMA } from '../dist/manifest/configuration-schema.js'
import { renderCustomResourceDefinition } from '../dist/manifest/custom-resource.js'
import { RESTORE_REQUEST_SCHEMA } from '../dist/manifest/restore-request-schema.js'

const root = new URL('..', import.meta.url)

function toJson(schema) {
  return `${JSON.stringify(schema, null, 2)}\n`
}

const FILES = {
  'docs/openapi.json': toJson(await openApiDocument()),
  'config/schema/restorerequest.json': toJson(RESTORE_REQUEST_SCHEMA),
  'config/schema/configuration.json': toJson(CONFIGURATION_SCHEMA),
  'config/schema/restorerequest.crd.yaml': renderCustomResourceDefinition(),
}

function present(url) {
  try {
    return readFileSync(url, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return null
    throw error
  }
}

const check = process.argv.includes('--check')
let differing = 0
for (const [name, text] of Object.entries(FILES)) {
  const url = new URL(name, root)
  const old = present(url)
  if (old === text) continue
  if (check) {
    differing += 1
    process.stderr.write(`${name} ${old === null ? 'is missing' : 'differs from its source'}: npm run generate\n`)
    continue
  }
  mkdirSync(new URL('.', url), { recursive: true })
  writeFileSync(url, text)
  process.stdout.write(`${name} written\n`)
}
process.exitCode = differing === 0 ? 0 : 1
