/** A control socket in front of a real state store and the daemon's own commands, and a client that sends what it likes. */

import { request as httpRequest } from 'node:http'
import { text } from 'node:stream/consumers'
import type { IncomingMessage } from 'node:http'

import type { ApiContext } from '../../src/api/app.ts'
import { startControlApi, type ControlApi } from '../../src/api/control-api.ts'
import { BackupIndex } from '../../src/api/backup-index.ts'
import { RequestFeed } from '../../src/api/request-feed.ts'
import { createInventories } from '../../src/api/resources/inventories.ts'
import { RequestCommands } from '../../src/controller/commands.ts'
import { parseOne } from '../../src/daemon/parse-one.ts'
import { systemClock } from '../../src/domain/clock.ts'
import type { Log } from '../../src/domain/log.ts'
import type { Target } from '../../src/domain/target.ts'
import { loadConfiguration } from '../../src/daemon/config.ts'
import { createManifestParser } from '../../src/spool/parser-pool.ts'
import type { StateStore } from '../../src/store/store.ts'

export const VERSION = { modosu: '1.2.3', node: '20.19.0', sqlite: '3.53.0' }

interface Line {
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>> | undefined
}

export interface Door {
  readonly api: ControlApi
  /** Errors that were logged. */
  readonly errors: readonly Line[]
  close(): Promise<void>
}

interface Place {
  readonly store: StateStore
  readonly config: string
}

/** What the daemon gives its routes, without a reconciler: requests stay where the test puts them. */
export function contextOf({ store, config }: Place): {
  readonly context: ApiContext
  readonly errors: readonly Line[]
  readonly close: () => Promise<void>
} {
  const parser = createManifestParser()
  const errors: Line[] = []
  const targets = new Map<string, Target>(loadConfiguration(config).targets.map((each) => [each.name, each]))
  const commands = new RequestCommands({
    store,
    targets,
    node: () => ({ name: 'door', labels: {} }),
    now: () => Date.now(),
    enqueue: () => undefined,
    cancel: () => undefined,
  })
  const feed = new RequestFeed()
  const database = { catalogRows: () => Promise.resolve([]) }
  const backups = new BackupIndex({ database, reader: store, clock: systemClock })
  store.onCommit((request) => {
    backups.requestCommitted(request)
    feed.committed(request)
  })
  const context = {
    commands,
    reader: store,
    parseManifest: (manifest: string) => parseOne(parser, manifest),
    version: VERSION,
    log: collectingLog(errors),
    targets: () => [...targets.values()],
    backups,
    inventories: createInventories({
      reader: store,
      targets: () => [...targets.values()],
      backups,
      clock: systemClock,
    }),
    feed,
    clock: systemClock,
    notReady: () => Promise.resolve([]),
  }
  return { context, errors, close: () => parser.close() }
}

/** Opens the socket as the daemon's composition root does. */
export async function openDoor(
  place: Place & { readonly socket: string },
  extra: Partial<ApiContext> = {},
): Promise<Door> {
  const { context, errors, close } = contextOf(place)
  const api = await startControlApi({ ...context, ...extra, socketPath: place.socket })
  return {
    api,
    errors,
    async close() {
      await api.close()
      await close()
    },
  }
}

function collectingLog(errors: Line[]): Log {
  const log: Log = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: (message, fields) => {
      errors.push({ message, fields })
    },
    child: () => log,
  }
  return log
}

export interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** Sends exactly these bytes with exactly these headers. */
export async function send(
  socketPath: string,
  method: string,
  path: string,
  options: { readonly body?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Answer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = httpRequest({
      socketPath,
      method,
      path: `/apis/modosu.dev/v1${path}`,
      agent: false,
      headers: { 'modosu-actor': 'ops-oncall', 'content-type': 'application/json', ...options.headers },
    })
    request.once('response', resolve)
    request.once('error', reject)
    request.end(options.body)
  })
  const body = await text(response)
  return { status: response.statusCode ?? 0, body: JSON.parse(body) as Answer['body'] }
}
