import assert from 'node:assert/strict'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'

import { manifestYaml, Workplace } from '../../cli/workplace.ts'
import { manualApi, type Body, type ManualApi } from '../manual/manual-door.ts'

const API = '/apis/modosu.dev/v1'

let place: Workplace
let api: ManualApi

beforeEach(async () => {
  place = new Workplace()
  api = await manualApi(place)
})

afterEach(async () => {
  await api.close()
  place.close()
})

interface List {
  readonly kind: string
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string }
  readonly items: readonly { readonly metadata: { readonly name: string } }[]
}

async function list(path: string): Promise<List> {
  const { status, body } = await api.call('GET', `${API}${path}`)
  assert.equal(status, 200, JSON.stringify(body))
  return body as unknown as List
}

const names = ({ items }: List): string[] => items.map(({ metadata }) => metadata.name)

describe('the list of requests', () => {
  it('comes in parts that miss nothing, and a watch from its version neither', async () => {
    for (let number = 1; number <= 5; number += 1) place.request(`inc-${number}`)
    const seen: string[] = []
    let path = '/restorerequests?limit=2'
    const versions = new Set<string>()
    for (;;) {
      const part = await list(path)
      assert.equal(part.kind, 'RestoreRequestList')
      seen.push(...names(part))
      versions.add(part.metadata.resourceVersion)
      if (part.metadata.continue === undefined) break
      path = `/restorerequests?limit=2&continue=${part.metadata.continue}`
      if (seen.length === 2) place.request('inc-6')
    }
    assert.deepEqual(seen, ['inc-1', 'inc-2', 'inc-3', 'inc-4', 'inc-5', 'inc-6'])
    assert.equal(versions.size, 1)
    const forged = await api.call('GET', `${API}/restorerequests?continue=abc`)
    assert.equal(forged.status, 400)
    const old = Buffer.from('[17,"2"]').toString('base64url')
    assert.equal((await api.call('GET', `${API}/restorerequests?continue=${old}`)).status, 410)
  })

  it('is selected by labels and fields', async () => {
    place.request('inc-1')
    place.request('inc-2', { mode: 'Drill' })
    place.walk('inc-1', ['Preflight'])
    assert.deepEqual(names(await list('/restorerequests?fieldSelector=status.phase%3DPreflight')), ['inc-1'])
    assert.deepEqual(names(await list('/restorerequests?fieldSelector=spec.mode!%3DDrill')), ['inc-1'])
    assert.deepEqual(names(await list('/restorerequests?labelSelector=team')), [])
    const { status, body } = await api.call('GET', `${API}/restorerequests?labelSelector=%3D%3D`)
    assert.deepEqual([status, body['reason']], [400, 'InvalidArgument'])
  })

  it('shows only what the caller may see', async () => {
    place.request('inc-1')
    place.request('inc-2', { target: 'other' })
    const { body } = await api.call('GET', `${API}/restorerequests`, { role: 'viewer', target: 'other' })
    assert.deepEqual(names(body as unknown as List), ['inc-2'])
  })
})

describe('a request', () => {
  const YAML = { 'content-type': 'application/yaml' }
  const create = (query = '', name = 'inc-1'): Promise<{ status: number; body: Body }> =>
    api.call('POST', `${API}/restorerequests${query}`, { body: manifestYaml(name), headers: YAML })

  it('is only looked at with dryRun=All', async () => {
    const { status, body } = await create('?dryRun=All')
    assert.equal(status, 201)
    assert.equal((body['status'] as { phase: string }).phase, 'Pending')
    assert.deepEqual(place.store.requests(), [])
    await create()
    assert.equal((await create('?dryRun=All')).status, 200)
    const other = manifestYaml('inc-1', { mode: 'Drill' })
    const clash = await api.call('POST', `${API}/restorerequests?dryRun=All`, { body: other, headers: YAML })
    assert.deepEqual([clash.status, clash.body['reason']], [409, 'DuplicateName'])
    assert.equal((await create('?dryRun=Some')).status, 400)
  })

  it('is cancelled by its deletion, and leaves the lists once it has ended', async () => {
    await create()
    const cancelled = await api.call('DELETE', `${API}/restorerequests/inc-1`)
    assert.equal(cancelled.status, 202)
    assert.equal(place.store.request('inc-1')?.cancelRequested, 'cancelled by alice: deleted')
    place.walk('inc-1', ['Cancelled'])
    const forgotten = await api.call('DELETE', `${API}/restorerequests/inc-1`)
    assert.equal(forgotten.status, 200)
    assert.deepEqual(names(await list('/restorerequests')), [])
    assert.equal((await api.call('GET', `${API}/restorerequests/inc-1`)).status, 200)
    assert.equal((await api.call('DELETE', `${API}/restorerequests/nothing`)).status, 404)
    place.request('inc-2')
    place.walk('inc-2', ['Preflight', 'SafetyBackup', 'VerifyingChecksum', 'VerifyingBackup', 'Quiescing', 'Swapping'])
    assert.equal((await api.call('DELETE', `${API}/restorerequests/inc-2`)).status, 409)
    assert.equal((await api.call('DELETE', `${API}/restorerequests/inc-2`, { role: 'operator' })).status, 403)
  })

  it('takes an admin to restore and to extract, which leaves all of the data in a file, and an operator to rehearse', async () => {
    for (const [mode, status] of [
      ['Restore', 403],
      ['Extract', 403],
      ['DryRun', 201],
      ['Drill', 201],
    ] as const) {
      const body = manifestYaml(`as-${mode.toLowerCase()}`, { mode })
      const call = { body, headers: YAML, role: 'operator' } as const
      assert.equal((await api.call('POST', `${API}/restorerequests`, call)).status, status, mode)
    }
    const body = manifestYaml('inc-9', { mode: 'Extract' })
    assert.equal((await api.call('POST', `${API}/restorerequests`, { body, headers: YAML })).status, 201)
  })

  it('has a version that changes with it', async () => {
    await create()
    const version = async (): Promise<string> => {
      const { body } = await api.call('GET', `${API}/restorerequests/inc-1`)
      return (body['metadata'] as { resourceVersion: string }).resourceVersion
    }
    const before = await version()
    assert.equal(await version(), before)
    await api.call('POST', `${API}/restorerequests/inc-1/suspend`)
    assert.ok(Number(await version()) > Number(before))
  })
})

describe('what went wrong', () => {
  it('is a Status, or a problem of RFC 9457 for who prefers that', async () => {
    const plain = await api.call('GET', `${API}/restorerequests/nothing`)
    assert.deepEqual(
      [plain.body['kind'], plain.body['apiVersion'], plain.body['code'], plain.body['reason']],
      ['Status', 'v1', 404, 'NotFound'],
    )
    assert.equal(plain.body.message, plain.body.error)
    const { headers, body } = await api.call('GET', `${API}/restorerequests/nothing`, {
      headers: { accept: 'application/problem+json' },
    })
    assert.match(String(headers['content-type']), /^application\/problem\+json/)
    assert.deepEqual(
      [body['type'], body['title'], body['status'], body['detail'], body['instance']],
      [
        'tag:modosu.dev,2026:reason:NotFound',
        'Not Found',
        404,
        'restore request not found: nothing',
        `${API}/restorerequests/nothing`,
      ],
    )
    assert.equal(body.error, body['detail'])
    const none = await api.call('GET', `${API}/restorerequests`, { role: null })
    assert.deepEqual([none.status, none.body['code']], [401, 401])
  })
})

describe('what there is besides requests', () => {
  beforeEach(() => {
    const path = place.backup('daily', '20260215_020015')
    place.backup('weekly', '20260209_030012')
    cpSync(path, join(place.backups, 'restore_safety_20260215150530.db'))
    place.live()
  })

  it('is listed and shown: backups, in parts and by either spelling', async () => {
    const first = await list('/backups?limit=1')
    assert.deepEqual(names(first), ['BKP-20260215-020015-daily'])
    const second = await list(`/backups?limit=1&continue=${first.metadata.continue ?? ''}`)
    assert.deepEqual(names(second), ['BKP-20260209-030012-weekly'])
    assert.equal(second.metadata.continue, undefined)
    assert.deepEqual(names(await list('/backups?fieldSelector=type%3Dweekly')), ['BKP-20260209-030012-weekly'])
    const one = await api.call('GET', `${API}/backups/BKP-20260215020015-daily`)
    assert.deepEqual([one.status, one.body['restorable'], one.body['verification']], [200, true, null])
    assert.equal((await api.call('GET', `${API}/backups/BKP-20260215-020016-daily`)).status, 404)
  })

  it('safety backups and targets', async () => {
    assert.deepEqual(names(await list('/safetybackups')), ['restore_safety_20260215150530.db'])
    const safety = await api.call('GET', `${API}/safetybackups/restore_safety_20260215150530.db`)
    assert.deepEqual([safety.status, safety.body['target']], [200, 'shop'])
    assert.equal((await api.call('GET', `${API}/safetybackups/restore_safety_1.db`)).status, 404)
    place.request('inc-1')
    place.walk('inc-1', ['Preflight'])
    assert.deepEqual(names(await list('/targets')), ['shop'])
    const target = await api.call('GET', `${API}/targets/shop`)
    assert.deepEqual([target.status, target.body['running']], [200, 'inc-1'])
    assert.equal((await api.call('GET', `${API}/targets/other`)).status, 404)
  })

  it('has a version that a watch goes on from, and is refused with 410 where that is of another daemon', async () => {
    const { metadata, items } = await list('/backups')
    const versions = items.map((item) => (item.metadata as { resourceVersion?: string }).resourceVersion)
    assert.equal(new Set(versions).size, 2)
    assert.equal(metadata.resourceVersion, versions.at(-1))
    for (const version of ['17', 'abcdef012345-1', metadata.resourceVersion.replace(/\d+$/, '99')]) {
      const { status, body } = await api.call('GET', `${API}/backups?watch=true&resourceVersion=${version}`)
      assert.deepEqual([status, body['reason']], [410, 'ResourceExpired'], version)
    }
    const forged = Buffer.from('["abcdef012345-1","shop/x"]').toString('base64url')
    assert.equal((await api.call('GET', `${API}/backups?continue=${forged}`)).status, 410)
  })

  it('is nothing to who may not look, whether it exists or not', async () => {
    for (const path of [
      '/backups',
      '/backups/x',
      '/safetybackups',
      '/safetybackups/x',
      '/targets',
      '/targets/shop',
      '/targets/x',
    ]) {
      const { status } = await api.call('GET', `${API}${path}`, { role: 'admin', target: 'another' })
      assert.equal(status, 403, path)
    }
  })
})
