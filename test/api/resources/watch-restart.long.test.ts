/** Clients that follow requests while the daemon is killed in the middle and started again. */

import assert from 'node:assert/strict'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'

import type { RequestResource } from '../../../src/domain/resource-view.ts'
import { Installation, until } from '../../support/installation.ts'

const COLLECTION = '/apis/modosu.dev/v1/restorerequests'
const REQUESTS = 140
const CHANGES = 1000
const WORKERS = 4

const installation = new Installation()
const socketPath = join(installation.state, 'api.sock')

before(() => installation.start())
after(async () => {
  givenUp = true
  for (const response of followed) response.destroy()
  await installation.remove()
})

function open(method: string, path: string, headers: Record<string, string> = {}, body?: object) {
  return new Promise<IncomingMessage>((resolve, reject) => {
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    const all = { 'modosu-actor': 'ops-oncall', ...type, ...headers }
    const call = httpRequest({ socketPath, method, path, agent: false, headers: all }, resolve)
    call.once('error', reject)
    call.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

interface List {
  readonly metadata: { readonly resourceVersion: string }
  readonly items: readonly RequestResource[]
}

async function list(): Promise<List> {
  return JSON.parse(await text(await open('GET', COLLECTION))) as List
}

/** What the daemon has said yes to; a call that it was killed under is made again. */
async function act(method: string, path: string, body?: object): Promise<RequestResource> {
  for (;;) {
    try {
      const response = await open(method, path, {}, body)
      const answer = JSON.parse(await text(response)) as RequestResource
      assert.ok((response.statusCode ?? 0) < 300, JSON.stringify(answer))
      return answer
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error
      await daemonBack()
    }
  }
}

/** Of a test that has failed: nobody goes on following. */
let givenUp = false
const followed = new Set<IncomingMessage>()
let restarting: Promise<unknown> = Promise.resolve()

/** Waits for a restart that is under way. */
async function daemonBack(): Promise<void> {
  await restarting
  await new Promise((resolve) => setImmediate(resolve))
}

function versionOf({ metadata }: RequestResource): number {
  return Number(metadata.resourceVersion)
}

/** Each line of an answer that goes on, until the connection is lost or somebody has had enough. */
async function eachLine(response: IncomingMessage, take: (line: string) => boolean): Promise<void> {
  let rest = ''
  response.setEncoding('utf8')
  for await (const chunk of response as AsyncIterable<string>) {
    const parts = `${rest}${chunk}`.split('\n')
    // What was cut off in the middle of a line comes again.
    rest = parts.pop() ?? ''
    for (const line of parts) if (line !== '' && take(line)) return
  }
}

/** Reconnects until it has what it came for. @returns how often it had to. */
async function follow(
  connect: () => Promise<IncomingMessage>,
  take: (line: string) => boolean,
  isOver: () => boolean,
): Promise<number> {
  let connections = 0
  while (!isOver() && !givenUp) {
    try {
      const response = await connect()
      connections += 1
      followed.add(response)
      assert.ok(response.statusCode === 200, String(response.statusCode))
      await eachLine(response, take)
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error
      await daemonBack()
    }
  }
  return connections
}

const manifest = (name: string, spec: object = {}) => ({
  apiVersion: 'modosu.dev/v1',
  kind: 'RestoreRequest',
  metadata: { name },
  spec: { target: 'app', source: { backupId: 'BKP-20200101-000000-daily' }, confirm: true, suspend: true, ...spec },
})

/** A life of about nine changes. @returns the versions that the daemon has answered with. */
async function live(name: string): Promise<readonly number[]> {
  const versions = [versionOf(await act('POST', COLLECTION, manifest(name)))]
  for (const verb of ['suspend', 'suspend', 'suspend', 'resume']) {
    versions.push(versionOf(await act('POST', `${COLLECTION}/${name}/${verb}`, {})))
  }
  await installation.ended(name)
  versions.push(versionOf(await act('DELETE', `${COLLECTION}/${name}`)))
  return versions
}

interface Event {
  readonly type: string
  readonly object: RequestResource
}

describe('a daemon that is killed in the middle', () => {
  it(`has a watch see each of ${CHANGES} changes, in order and once`, async () => {
    const first = await list()
    const seen: Event[] = []
    let at = Number(first.metadata.resourceVersion)
    let end = Infinity
    const following = follow(
      () => open('GET', `${COLLECTION}?watch=true&resourceVersion=${at}`),
      (line) => {
        const event = JSON.parse(line) as Event
        assert.ok(versionOf(event.object) > at, `${event.type} ${versionOf(event.object)} came after ${at}`)
        at = versionOf(event.object)
        seen.push(event)
        return at >= end
      },
      () => at >= end,
    )
    following.catch(() => undefined)
    const names = Array.from({ length: REQUESTS }, (_, number) => `inc-${number}`)
    const answered: number[] = []
    let done = 0
    const worker = async (): Promise<void> => {
      for (let name = names.shift(); name !== undefined; name = names.shift()) {
        answered.push(...(await live(name)))
        done += 1
      }
    }
    const working = Promise.all(Array.from({ length: WORKERS }, worker))
    await until(
      () => done >= REQUESTS / 2,
      'be half way',
      () => installation.log(),
    )
    restarting = installation.stop('SIGKILL').then(() => installation.start())
    await Promise.all([working, restarting])
    const kept = versionOf(await act('POST', COLLECTION, manifest('last')))
    // Its reconciliation may change it once more.
    await installation.when('last', ({ status }) => status.reason === 'Suspended')
    const final = await list()
    assert.ok(Number(final.metadata.resourceVersion) >= kept)
    end = Number(final.metadata.resourceVersion)
    // Whoever has seen it all already waits for nothing more.
    if (at >= end) for (const response of followed) response.destroy()
    assert.ok((await following) > 1, 'the connection was never lost')
    assert.ok(seen.length >= CHANGES, String(seen.length))
    const versions = seen.map(({ object }) => versionOf(object))
    assert.deepEqual(
      answered.filter((version) => !versions.includes(version)),
      [],
      'answered, and not seen',
    )
    const state = new Map(first.items.map((item) => [item.metadata.name, item]))
    for (const { type, object } of seen) {
      const { name } = object.metadata
      assert.equal(type === 'ADDED', !state.has(name), `${type} ${name}`)
      if (type === 'DELETED') state.delete(name)
      else state.set(name, object)
    }
    assert.deepEqual([...state.values()], final.items)
  })

  it('has the events of a request go on from the last that was seen', async () => {
    const versions = [versionOf(await act('POST', COLLECTION, manifest('sse')))]
    await installation.when('sse', ({ status }) => status.reason === 'Suspended')
    const path = `${COLLECTION}/sse/events`
    const ids: string[] = []
    let ended = false
    let event = ''
    const following = follow(
      () => {
        const last = ids.at(-1)
        const accept = { accept: 'text/event-stream' }
        return open('GET', path, last === undefined ? accept : { ...accept, 'last-event-id': last })
      },
      (line) => {
        const [, field = '', value = ''] = /^(\w+): ?(.*)$/.exec(line) ?? []
        if (field === 'event') event = value
        ended ||= event === 'end'
        if (field === 'id' && !ended) ids.push(value)
        return ended
      },
      () => ended,
    )
    following.catch(() => undefined)
    const toggle = async (): Promise<void> => {
      for (let round = 0; round < 10; round += 1) {
        versions.push(versionOf(await act('POST', `${COLLECTION}/sse/suspend`, {})))
      }
    }
    await until(
      () => ids.length > 0,
      'see the first event',
      () => installation.log(),
    )
    await toggle()
    restarting = installation.stop('SIGKILL').then(() => installation.start())
    await restarting
    await toggle()
    versions.push(versionOf(await act('POST', `${COLLECTION}/sse/cancel`, {})))
    assert.ok((await following) > 1)
    const numbers = ids.map(Number)
    assert.deepEqual(
      numbers,
      [...new Set(numbers)].sort((a, b) => a - b),
      'in order and once',
    )
    assert.deepEqual(
      versions.filter((version) => version > (numbers[0] ?? 0) && !numbers.includes(version)),
      [],
    )
    const over = await open('GET', path, { accept: 'text/event-stream', 'last-event-id': ids.at(-1) ?? '' })
    assert.equal(over.statusCode, 204)
    over.resume()
  })
})
