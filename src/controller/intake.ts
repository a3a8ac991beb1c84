/**
 * From what the spool holds to requests. A request's identity is its name; the same spec again, in whatever file and
 * however often, is the same request and runs once (promise 5).
 */

import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'

import { specHash } from '../manifest/spec-hash.ts'
import { isTerminal, TRANSITIONS } from '../domain/phases.ts'
import { unreadSpecHash, type RestoreManifest, type RestoreSpec } from '../domain/resource.ts'
import { shellWord } from '../domain/shell-word.ts'
import { RestoreError } from '../domain/errors.ts'
import type { AuditInput } from '../store/change.ts'
import type { StateStore } from '../store/store.ts'
import type { StoredRequest } from '../store/rows.ts'
import type { ManifestProblem } from '../manifest/problem.ts'
import type { Intake, InvalidDocument, SpoolDocument } from './intake-contract.ts'
import { personOf, type Person } from '../domain/person.ts'
import type { Actor } from './acting.ts'
import { auditOfActor } from './four-eyes.ts'
import { changeOfFailure } from './record.ts'
import { HELD_MESSAGE, stateHold } from './state-hold.ts'
import { warningBeforeRestore } from './unacknowledged.ts'

/** Remembered from the first complete scan on: before it, the store knows of no history. */
export const HISTORY_KEY = 'history-since'

export interface IntakeOptions {
  readonly store: StateStore
  readonly onFirstStart: 'Hold' | 'Run'
  readonly now: () => number
  /** The spool directory, for the commands that a hint gives. */
  readonly spoolPath: () => string
  /** A request wants to be looked at. */
  readonly enqueue: (name: string) => void
  /** A running phase of the request is to be interrupted. */
  readonly cancel: (name: string) => void
}

export class SpoolIntake implements Intake {
  readonly #options: IntakeOptions

  constructor(options: IntakeOptions) {
    this.#options = options
  }

  apply(document: SpoolDocument, initial: boolean): ManifestProblem | null {
    const { store, enqueue } = this.#options
    const { manifest } = document
    const hash = specHash(manifest)
    const known = store.request(manifest.metadata.name)
    if (document.rivals.length > 0 && (known === undefined || !hasStarted(known))) {
      return this.#contradicted(known ?? this.#create(document, hash, initial), document.rivals)
    }
    if (known === undefined) {
      this.#warned(this.#create(document, hash, initial))
    } else if (known.specHash === hash) {
      if (!initial) this.#sayAlreadyEnded(known)
      if (known.phase !== 'Pending' || (known.work.rivals ?? []).length === 0) return null
      this.#release(known, document)
    } else if (document.rivals.length > 0 || known.origin.kind !== 'Spool') {
      return this.#duplicate(known, document)
    } else if (known.phase === 'Pending' || known.phase === 'Rejected') {
      const message = `the spec was edited before the start (${document.file})`
      store.edit(known.name, {
        manifest,
        specHash: hash,
        origin: { kind: 'Spool', file: document.file },
        submitter: ownerOf(document),
        events: [{ type: 'Normal', reason: 'SpecEdited', message }],
        audit: auditOfFile(document, message),
      })
      if (stateHold(store) !== null) {
        store.commit(known.name, { from: 'Pending', reason: 'StateRolledBack', message: HELD_MESSAGE, held: true })
      }
    } else {
      this.#ignoreEdit(known, hash)
      return null
    }
    enqueue(manifest.metadata.name)
    return null
  }

  invalid(document: InvalidDocument): void {
    const { store, now, spoolPath } = this.#options
    if (document.name === null) return
    const message = document.problems.map((problem) => describe(problem)).join('; ')
    const known = store.request(document.name)
    if (known !== undefined && known.status.reason !== 'InvalidSpec') {
      this.#once(known, 'InvalidSpec', `the file ${document.file} is invalid and was ignored: ${message}`)
      return
    }
    if (known?.status.message === message) return
    const stub = stubManifest(document.name)
    const origin = { kind: 'Spool', file: document.file } as const
    const request =
      known === undefined
        ? store.create({ manifest: stub, specHash: unreadSpecHash(message), origin, held: false, events: [] })
        : store.edit(document.name, { manifest: stub, specHash: unreadSpecHash(message), origin, events: [] })
    const error = new RestoreError(message, {
      reason: 'InvalidSpec',
      hint: `modosu validate -f ${shellWord(join(spoolPath(), document.file))}; mend the file and save it, it is read again`,
    })
    const failure = { error, findings: {}, to: 'Rejected', events: [], conditions: [], status: {} } as const
    store.commit(request.name, changeOfFailure(request, failure, now()))
  }

  absent(name: string): void {
    const { store } = this.#options
    const known = store.request(name)
    if (known === undefined || isTerminal(known.phase)) return
    if (TRANSITIONS[known.phase].onCancel === null) {
      this.#once(
        known,
        'DeletionIgnored',
        'the file was removed from the spool after the swap had begun: nothing changes',
      )
      return
    }
    this.#options.store.commit(name, {
      from: known.phase,
      reason: 'FileRemoved',
      message: 'its file was removed from the spool',
      cancelRequested: 'its file was removed from the spool',
      audit: auditOfActor(NOBODY_KNOWN, 'cancel', 'its file was removed from the spool', known.uid),
      events: [{ type: 'Normal', reason: 'FileRemoved', message: 'its file was removed from the spool' }],
    })
    this.#options.cancel(name)
    this.#options.enqueue(name)
  }

  firstScanDone(): void {
    const { store, now } = this.#options
    if (store.meta(HISTORY_KEY) === undefined) store.setMeta(HISTORY_KEY, new Date(now()).toISOString())
  }

  unfinishedSpoolNames(): ReadonlyMap<string, string> {
    const unfinished = this.#options.store.unfinished()
    return new Map(unfinished.flatMap(({ name, origin }) => (origin.kind === 'Spool' ? [[name, origin.file]] : [])))
  }

  #create(document: SpoolDocument, hash: string, initial: boolean): StoredRequest {
    const { store, onFirstStart } = this.#options
    const held =
      stateHold(store) !== null || (initial && onFirstStart === 'Hold' && store.meta(HISTORY_KEY) === undefined)
    return store.create({
      manifest: document.manifest,
      specHash: hash,
      origin: { kind: 'Spool', file: document.file },
      held,
      submitter: ownerOf(document),
      events: [{ type: 'Normal', reason: 'Received', message: `read from ${document.file}` }],
      audit: auditOfFile(document),
    })
  }

  /**
   * Several files give the name to different requests, and none of them has started: which one is meant is for a person to
   * say. A process that dies between the creation of a request and this note leaves one that waits for the spool to be
   * read again before it starts.
   */
  #contradicted(known: StoredRequest, rivals: readonly string[]): ManifestProblem {
    const message = `${rivals.join(' and ')} give the name ${known.name} to different requests: none of them runs`
    const hint =
      'leave one of them, and give the others a name of their own: metadata.name is the identity of a request'
    if (known.phase === 'Pending' && !isDeepStrictEqual(known.work.rivals, rivals)) {
      this.#options.store.commit(known.name, {
        from: 'Pending',
        reason: 'DuplicateName',
        message,
        work: { ...known.work, rivals },
        events: [{ type: 'Warning', reason: 'DuplicateName', message: `${message}; ${hint}` }],
      })
    }
    this.#options.enqueue(known.name)
    return { line: null, column: null, path: 'metadata.name', message: `DuplicateName: ${message}`, hint }
  }

  #release(known: StoredRequest, { file }: SpoolDocument): void {
    const message = `${file} alone gives the name now`
    this.#options.store.commit(known.name, {
      from: 'Pending',
      reason: 'Received',
      message,
      work: { ...known.work, rivals: [] },
      events: [{ type: 'Normal', reason: 'Received', message }],
    })
  }

  #duplicate(known: StoredRequest, document: SpoolDocument): ManifestProblem {
    const where = known.origin.kind === 'Spool' ? known.origin.file : 'a command'
    const message = `the name ${known.name} is taken by another spec, from ${where}`
    const hint = 'give this request a name of its own: metadata.name is its identity'
    this.#once(known, 'DuplicateName', `${document.file}: ${message}; ${hint}`)
    return { line: null, column: null, path: 'metadata.name', message: `DuplicateName: ${message}`, hint }
  }

  #ignoreEdit(known: StoredRequest, hash: string): void {
    const message =
      `an edit of the spec after the start is ignored (${hash.slice(0, 12)}); ` +
      'give the request a new name to restore again'
    this.#once(known, 'EditIgnored', message)
  }

  #sayAlreadyEnded(known: StoredRequest): void {
    if (!isTerminal(known.phase)) return
    this.#once(
      known,
      'AlreadyEnded',
      `this request has ended (${known.phase}) and does not run again; use a new name, or modosu retry`,
    )
  }

  /** Manual Q6: said beside the request, which runs all the same. */
  #warned(created: StoredRequest): void {
    const message = warningBeforeRestore(this.#options.store, created.spec)
    if (message !== null) this.#once(created, 'ResultNotAcknowledged', message)
  }

  /** Level-triggered: the same thing is told over and over, and said once. */
  #once(known: StoredRequest, reason: string, message: string): void {
    const { store } = this.#options
    const said = store
      .events({ request: known.name })
      .some((event) => event.reason === reason && event.message === message)
    if (!said) store.recordEvent(known.name, known.spec.target, { type: 'Warning', reason, message })
  }
}

/** By the number alone: the names of a uid are for the door that asks for them. */
function ownerOf({ ownerUid = null }: SpoolDocument): Person | null {
  return ownerUid === null ? null : personOf(`uid ${ownerUid}`, ownerUid === 0 ? ['root'] : [], ownerUid)
}

/** Whoever may write to the spool: a file that is gone does not tell by whom. */
const NOBODY_KNOWN: Actor = { name: 'spool', via: 'spool', person: null }

function auditOfFile(document: SpoolDocument, edited?: string): readonly AuditInput[] {
  const person = ownerOf(document)
  const actor: Actor = { name: person?.name ?? 'spool', via: 'spool', person, details: { file: document.file } }
  return auditOfActor(actor, 'submit', edited ?? `submitted by ${actor.name}`, null)
}

/** A request that was rejected has not started either: an edit brings it back. */
function hasStarted({ phase, origin }: StoredRequest): boolean {
  return (phase !== 'Pending' && phase !== 'Rejected') || origin.kind !== 'Spool'
}

function describe(problem: ManifestProblem): string {
  const place = problem.line === null ? '' : `line ${problem.line}, column ${problem.column ?? 1}: `
  const path = problem.path === '' ? '' : `${problem.path}: `
  return `${place}${path}${problem.message}${problem.hint === null ? '' : ` (${problem.hint})`}`
}

/** What stands in for a spec that could not be read: nothing in it can run. */
function stubManifest(name: string): RestoreManifest {
  const spec: RestoreSpec = {
    target: '',
    source: {},
    confirm: false,
    backupCurrent: true,
    mode: 'Restore',
    strategy: 'Replace',
    tables: [],
    servicePolicy: 'StopStart',
    suspend: false,
    activeDeadlineSeconds: 900,
    ttlSecondsAfterFinished: 2_592_000,
    approval: { required: 0 },
  }
  return { metadata: { name, labels: {}, annotations: {} }, spec }
}
