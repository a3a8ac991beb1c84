import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'

import { openApiDocument } from '../../src/api/document.ts'
import { Workplace } from '../cli/workplace.ts'
import { ROOT } from '../docs/markdown.ts'
import { Contract } from './contract.ts'
import { manualApi } from './manual/manual-door.ts'

interface Document {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId?: string }>>>>
}

describe('the document of the API', () => {
  it('is the one in the repository: npm run generate', async () => {
    const generated: unknown = JSON.parse(JSON.stringify(await openApiDocument()))
    assert.deepEqual(generated, JSON.parse(readFileSync(`${ROOT}/docs/openapi.json`, 'utf8')))
  })

  it('is served to everybody, and names every operation once', async () => {
    const place = new Workplace()
    const api = await manualApi(place)
    try {
      const { status, body } = await api.call('GET', '/openapi.json', { role: null })
      assert.equal(status, 200)
      const { openapi, paths } = body as unknown as Document
      assert.equal(openapi, '3.1.0')
      const ids = Object.values(paths).flatMap((each) => Object.values(each).map(({ operationId }) => operationId))
      assert.ok(ids.length > 25, String(ids.length))
      assert.equal(new Set(ids).size, ids.length)
    } finally {
      await api.close()
      place.close()
    }
  })

  it('finds an answer that is not as it says', () => {
    const schema = { type: 'object', required: ['name'], properties: { name: { type: 'string' } } }
    const contract = new Contract({
      paths: { '/a/{id}': { get: { responses: { 200: { content: { 'application/json': { schema } } } } } } },
    })
    contract.check('GET', '/a/1', 200, 'application/json; charset=utf-8', { name: 'x' })
    assert.deepEqual([...contract.seen], ['GET /a/{id} 200'])
    assert.throws(() => {
      contract.check('GET', '/a/1', 200, 'application/json', { name: 1 })
    })
    assert.throws(() => {
      contract.check('GET', '/a/1', 404, 'application/json', {})
    })
  })
})
