/** A control socket in front of a real state store and the daemon's own commands, and a client that sends what it likes. */

import { request as httpRequest } from 'node:http'
import { text } from 'node:stream/consumers'
import type { IncomingMessage } from 'node:http'

import { startControlApi, type ControlApi, type ControlApiOptions } from '../../src/api/control-api.ts'
import { RequestCommands } from '../../src/controller/commands.ts'
import { parseOne } from '../../src/daemon/parse-one.ts'
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

/** Opens the socket as the daemon's composition root does, without a reconciler: requests stay where the test puts them. */
export async function openDoor(
  place: { readonly store: StateStore; readonly config: string; readonly socket: string },
  extra: Partial<ControlApiOptions> = {},
): Promise<Door> {
  const parser = createManifestParser()
  const errors: Line[] = []
  const targets = new Map<string, Target>(loadConfiguration(place.config).targets.map((each) => [each.name, each]))
  const commands = new RequestCommands({
    store: place.store,
    targets,
    node: () => ({ name: 'door', labels: {} }),
    now: () => Date.now(),
    enqueue: () => undefined,
    cancel: () => undefined,
  })
  const api = await startControlApi({
    socketPath: place.socket,
    commands,
    reader: place.store,
    parseManifest: (manifest) => parseOne(parser, manifest),
    version: VERSION,
    log: collectingLog(errors),
    ...extra,
  })
  return {
    api,
    errors,
    async close() {
      await api.close()
      await parser.close()
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
