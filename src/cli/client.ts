/** Speaks to the daemon over its socket; every failure says what to do about it. */

import { symlinkSync } from 'node:fs'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { join } from 'node:path'

import type { BackupVerification } from '../api/backup-verification.ts'
import type { PruneAnswer } from '../api/prune-routes.ts'
import {
  ACTOR_HEADER,
  API_PREFIX,
  proofDirectory,
  PROOF_HEADER,
  type Challenge,
  type ReloadReport,
  type VersionInfo,
} from '../api/protocol.ts'
import { warningsIn } from '../api/warning.ts'
import { codeOf, messageOf, RestoreError } from '../domain/errors.ts'
import type { RequestResource } from '../domain/resource-view.ts'
import { absoluteWord } from './paths.ts'

export type RequestVerb = 'cancel' | 'approve' | 'suspend' | 'resume' | 'retry' | 'ack' | 'forget'

export interface ClientOptions {
  readonly socketPath: string
  /** Who acts, for the audit log. */
  readonly login: string
  /** Named in hints. */
  readonly configPath: string
  readonly timeoutMs?: number
}

interface Answer {
  readonly status: number
  readonly body: unknown
  readonly warnings: readonly string[]
}

interface Submitted {
  readonly created: boolean
  readonly resource: RequestResource
  /** What the daemon says besides. */
  readonly warnings: readonly string[]
}

/** For the audit log; who it is, the daemon asks the kernel. */
const USER_AGENT = 'modosu-cli'
const TIMEOUT_MS = 30_000
/** Of the largest backup on the slowest disk; the daemon has a deadline of its own, scaled to the size. */
const VERIFY_TIMEOUT_MS = 24 * 3_600_000
/** A list of 10,000 requests is a few MB; more is no answer of ours. */
const LARGEST_ANSWER_BYTES = 64 * 1024 * 1024

export class DaemonClient {
  readonly #options: ClientOptions

  constructor(options: ClientOptions) {
    this.#options = options
  }

  /** @returns whether the request is new; one that was there with the same spec stays as it is. */
  async submit(manifest: object): Promise<Submitted> {
    const { status, body, warnings } = await this.#call('POST', '/restorerequests', manifest)
    return { created: status === 201, resource: body as RequestResource, warnings }
  }

  async act(name: string, verb: RequestVerb, body: object = {}): Promise<RequestResource> {
    const answer = await this.#call('POST', `/restorerequests/${encodeURIComponent(name)}/${verb}`, body)
    return answer.body as RequestResource
  }

  async tick(
    name: string,
    body: {
      readonly list: string
      readonly tick: readonly number[]
      readonly untick: readonly number[]
      readonly note?: string
    },
  ): Promise<void> {
    await this.#call('POST', `/restorerequests/${encodeURIComponent(name)}/checklist`, body)
  }

  async rollback(
    target: string,
    body: { safetyBackup?: string; undoes?: string; reason?: string },
  ): Promise<RequestResource> {
    const answer = await this.#call('POST', `/targets/${encodeURIComponent(target)}/rollback`, body)
    return answer.body as RequestResource
  }

  /** @param body without kinds: what the configuration has turned on; the digest is the shown plan's. */
  async prune(body: {
    kinds?: readonly string[]
    target?: string
    digest: string
    trustClock?: boolean
  }): Promise<PruneAnswer> {
    return (await this.#call('POST', '/prune', body)).body as PruneAnswer
  }

  /** Ends the hold of a state store that is older than the world. */
  async acceptState(): Promise<void> {
    await this.#call('POST', '/state/accept', {})
  }

  /** The daemon keeps the verdict. Takes as long as the backup is large. */
  async verify(target: string, backupId: string): Promise<BackupVerification> {
    const path = `/targets/${encodeURIComponent(target)}/backups/${encodeURIComponent(backupId)}/verify`
    return (await this.#call('POST', path, {}, VERIFY_TIMEOUT_MS)).body as BackupVerification
  }

  async reload(): Promise<ReloadReport> {
    return (await this.#call('POST', '/reload', {})).body as ReloadReport
  }

  async version(): Promise<VersionInfo> {
    return (await this.#call('GET', '/version')).body as VersionInfo
  }

  /** @throws RestoreError `DaemonUnreachable`, `SocketAccessDenied`. */
  async requireAlive(): Promise<void> {
    await this.#call('GET', '/healthz')
  }

  /** Whether the daemon answers now. Never rejects. */
  async alive(): Promise<boolean> {
    try {
      await this.requireAlive()
      return true
    } catch {
      return false
    }
  }

  /** @throws RestoreError `DaemonUnreachable`, `SocketAccessDenied`, or with the reason that the daemon gave. */
  async #call(method: string, path: string, body?: object, timeoutMs?: number): Promise<Answer> {
    let answer: Answer
    try {
      const proof = method === 'POST' ? await this.#prove() : null
      answer = await this.#exchange(
        method,
        `${API_PREFIX}${path}`,
        body === undefined ? null : JSON.stringify(body),
        timeoutMs,
        proof,
      )
    } catch (error) {
      throw this.#explain(error)
    }
    if (answer.status >= 200 && answer.status < 300) return answer
    throw refusal(answer)
  }

  /**
   * Makes the link by which the daemon reads our uid from the kernel.
   *
   * @returns null where that is not possible; the call then counts as nobody's where it must be proven. Never rejects.
   */
  async #prove(): Promise<string | null> {
    try {
      const { status, body } = await this.#exchange('GET', `${API_PREFIX}/challenge`, null)
      if (status !== 200) return null
      const { name, answer } = body as Challenge
      if (!/^[0-9a-f]{1,64}$/.test(name)) return null
      symlinkSync(answer, join(proofDirectory(this.#options.socketPath), name))
      return name
    } catch {
      return null
    }
  }

  #exchange(
    method: string,
    path: string,
    body: string | null,
    patienceMs?: number,
    proof: string | null = null,
  ): Promise<Answer> {
    const { socketPath, login } = this.#options
    const timeoutMs = patienceMs ?? this.#options.timeoutMs ?? TIMEOUT_MS
    return new Promise((resolve, reject) => {
      const request = httpRequest({
        socketPath,
        method,
        path,
        agent: false,
        headers: {
          'user-agent': USER_AGENT,
          [ACTOR_HEADER]: encodeURIComponent(login),
          ...(proof === null ? {} : { [PROOF_HEADER]: proof }),
          ...(body === null
            ? {}
            : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
        },
      })
      const timer = setTimeout(() => {
        request.destroy(new Error(`no answer within ${timeoutMs / 1000} s`))
      }, timeoutMs)
      request.once('close', () => {
        clearTimeout(timer)
      })
      request.once('error', reject)
      request.once('response', (response) => {
        readAnswer(response).then(resolve, reject)
      })
      request.end(body ?? undefined)
    })
  }

  #explain(error: unknown): RestoreError {
    const { socketPath, configPath } = this.#options
    const code = codeOf(error)
    if (code === 'EACCES' || code === 'EPERM') {
      return new RestoreError(`permission denied: ${socketPath}`, {
        reason: 'SocketAccessDenied',
        hint: `run it with sudo, or as a member of the socket's group (ls -l ${absoluteWord(socketPath)})`,
        cause: error,
      })
    }
    const why = code === 'ENOENT' || code === 'ECONNREFUSED' ? '' : `: ${messageOf(error)}`
    return new RestoreError(`the daemon does not answer on ${socketPath}${why}`, {
      reason: 'DaemonUnreachable',
      hint: `look: systemctl status modosu; start it: systemctl start modosu, or modosu daemon --config ${absoluteWord(configPath)}`,
      cause: error,
    })
  }
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > LARGEST_ANSWER_BYTES) throw new Error('the answer is too large')
    chunks.push(chunk)
  }
  const status = response.statusCode ?? 0
  const text = Buffer.concat(chunks).toString('utf8')
  try {
    return { status, body: JSON.parse(text), warnings: warningsIn([response.headers.warning].flat()[0]) }
  } catch {
    throw new Error(`HTTP ${status} without a JSON body`)
  }
}

/** The daemon's own error, as if it had been thrown here. */
function refusal({ status, body }: Answer): RestoreError {
  const fields = typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {}
  const text = (key: string): string | undefined => {
    const value = fields[key]
    return typeof value === 'string' ? value : undefined
  }
  const hint = text('hint')
  return new RestoreError(text('error') ?? `the daemon answered HTTP ${status}`, {
    reason: text('reason') ?? 'InternalError',
    ...(hint === undefined ? {} : { hint }),
  })
}
