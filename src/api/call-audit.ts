/**
 * The daemon's chained audit log has a record of every call that changes something and of every one that is refused. Most
 * acts write theirs with the change itself, in one transaction; what a call has left without one by the time of its answer
 * is recorded here, so that a route which forgets it is covered. A flood of refusals is counted, not copied.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import type { Clock } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import type { AuditInput } from '../store/change.ts'
import type { StateStore } from '../store/store.ts'
import { actorDetails, knownCaller } from './caller.ts'

/** Records of refusals a minute: each is a write that is synced to the disk, and none is ever deleted. */
const MOST_A_MINUTE = 30
const MINUTE_MS = 60_000
const LONGEST_USER_AGENT = 256

const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS']
/** Of a call that only looks: one that finds nothing is no refusal. */
const REFUSED: readonly number[] = [401, 403, 429]

/** What a call did, in the words of its route. */
export interface Act extends Pick<AuditInput, 'operation' | 'message'> {
  /** Absent: it belongs to none, or to all. */
  readonly target?: string
  readonly backupId?: string
  /** Absent: `info`. */
  readonly status?: AuditInput['status']
}

const acts = new WeakMap<FastifyRequest, Act | 'nothing'>()

/** For a route whose act has no record of its own. */
export function tellAct(request: FastifyRequest, act: Act): void {
  acts.set(request, act)
}

/** The call has changed nothing: a trial, or what was so already. */
export function tellNothingChanged(request: FastifyRequest): void {
  acts.set(request, 'nothing')
}

const claims = new WeakMap<FastifyRequest, string>()

/** Whose password a login gives: a refusal is recorded with that name. Not for a name that no user has, which may be a password. */
export function tellClaimedUser(request: FastifyRequest, name: string): void {
  claims.set(request, name)
}

interface Bucket {
  sinceMs: number
  written: number
  suppressed: number
}

export class ApiAudit {
  readonly #store: Pick<StateStore, 'recordAudit' | 'auditHead' | 'auditHasCall'>
  readonly #clock: Clock
  /** Nobody's refusals must not hide those of somebody, nor one door's those of the other. */
  readonly #buckets = new Map<string, Bucket>()

  constructor(store: Pick<StateStore, 'recordAudit' | 'auditHead' | 'auditHasCall'>, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  record({ target = '', ...entry }: Omit<AuditInput, 'backupId'> & Pick<Act, 'target' | 'backupId'>): void {
    this.#store.recordAudit(target, '', { ...entry, backupId: entry.backupId ?? null })
  }

  head(): number {
    return this.#store.auditHead()?.id ?? 0
  }

  /** Writes what is missing of a call that is about to be answered. */
  answered(request: FastifyRequest, status: number, sinceRecord: number): void {
    const isSafe = SAFE_METHODS.includes(request.method)
    if (isSafe && !REFUSED.includes(status)) return
    if (!isSafe && this.#store.auditHasCall(request.id, sinceRecord)) return
    // What fails before anybody is known can be made to fail by anybody, as often as they like.
    const isNobodys = status >= 500 && knownCaller(request) === undefined
    if ((status >= 400 && status < 500) || isNobodys) this.#refused(request, status)
    else this.#acted(request, status)
  }

  #acted(request: FastifyRequest, status: number): void {
    const act = acts.get(request)
    if (act === 'nothing') return
    const what = `${request.method} ${routeOf(request)}`
    const told = act ?? { operation: 'call', message: `${what}: ${status}` }
    const failed = status >= 500 ? { status: 'failure' as const, message: `${what} failed: ${status}` } : {}
    this.record({ status: 'info', ...told, ...failed, actor: nameOf(request), details: detailsOf(request) })
  }

  #refused(request: FastifyRequest, status: number): void {
    const { door } = request.server
    const bucket = this.#bucket(`${door} ${knownCaller(request) === undefined ? 'unknown' : 'known'}`)
    if (bucket.written >= MOST_A_MINUTE) {
      bucket.suppressed += 1
      return
    }
    bucket.written += 1
    const before = bucket.suppressed === 0 ? {} : { refusalsNotRecorded: bucket.suppressed }
    bucket.suppressed = 0
    this.record({
      operation: 'refused',
      actor: nameOf(request),
      status: 'failure',
      message: `${request.method} ${routeOf(request)} refused: ${status}`,
      details: { ...detailsOf(request), status, ...before },
    })
  }

  #bucket(key: string): Bucket {
    const nowMs = this.#clock.nowMs()
    const bucket = this.#buckets.get(key) ?? { sinceMs: nowMs, written: 0, suppressed: 0 }
    this.#buckets.set(key, bucket)
    // A clock that was set back begins a new minute too.
    if (Math.abs(nowMs - bucket.sinceMs) >= MINUTE_MS) Object.assign(bucket, { sinceMs: nowMs, written: 0 })
    return bucket
  }
}

/** The pattern of the route; where there is none, what was asked for could be anything. */
function routeOf({ routeOptions: { url } }: FastifyRequest): string {
  return url ?? 'unknown route'
}

function nameOf(request: FastifyRequest): string {
  return knownCaller(request)?.name ?? 'unknown'
}

function detailsOf(request: FastifyRequest): AuditInput['details'] {
  const caller = knownCaller(request)
  if (caller !== undefined) return actorDetails(caller)
  const { door } = request.server
  const userAgent = request.headers['user-agent']?.slice(0, LONGEST_USER_AGENT) ?? null
  const requestId = request.id
  if (door === 'socket') return { via: door, userAgent, requestId }
  const claimedUser = claims.get(request)
  const claimed = claimedUser === undefined ? {} : { claimedUser }
  return { via: door, credential: 'none', ...claimed, address: request.ip, userAgent, requestId }
}

/**
 * To be added before everything that may refuse a call. The record is written before the answer goes out, so whoever has an
 * answer finds it; one that cannot be written is logged, for the act cannot be taken back.
 */
export function auditCalls(app: FastifyInstance, audit: ApiAudit, log: Log): void {
  const heads = new WeakMap<FastifyRequest, number>()
  const pending = new WeakSet<FastifyRequest>()
  app.addHook('onRequest', (request, _reply, done) => {
    pending.add(request)
    if (!SAFE_METHODS.includes(request.method)) heads.set(request, audit.head())
    done()
  })
  app.addHook('onSend', (request: FastifyRequest, { statusCode }: FastifyReply, payload, done) => {
    if (pending.delete(request)) {
      try {
        audit.answered(request, statusCode, heads.get(request) ?? 0)
      } catch (error) {
        const { method, routeOptions } = request
        log.error('a call could not be recorded in the audit log', { method, route: routeOptions.url, err: error })
      }
    }
    done(null, payload)
  })
}
