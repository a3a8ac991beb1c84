/** What people do to requests, through whichever door. Each act is checked against the phase, recorded, and audited. */

import { randomUUID } from 'node:crypto'

import type { CatalogListing } from '../catalog/contract.ts'

import { compactTimestamp } from '../domain/clock.ts'
import { RestoreError } from '../domain/errors.ts'
import { describeNode, describePlacement, isForNode, type NodeIdentity } from '../domain/node.ts'
import { isTerminal, TRANSITIONS } from '../domain/phases.ts'
import type { RestoreManifest } from '../domain/resource.ts'
import type { Target } from '../domain/target.ts'
import { specHash } from '../manifest/spec-hash.ts'
import type { Change } from '../store/change.ts'
import type { StateStore } from '../store/store.ts'
import type { StoredRequest } from '../store/rows.ts'
import type { Actor } from './acting.ts'
import type { Commands, RollbackOrder } from './commands-contract.ts'
import { approvalsRequired, auditOfActor, personOfActor, refuseUnproven, secondPerson } from './four-eyes.ts'
import { judgedTicks, tickMessage, type TickOrder } from './papers/ticking.ts'
import { acceptState, isHeldForState, stateHold, type StateHold } from './state-hold.ts'
import { warnedOf } from './unacknowledged.ts'
import { chooseUndo, nothingToUndo, UNDOES } from './undo.ts'

/** Kubernetes: a DNS label has at most 63 characters (RFC 1123). */
const LONGEST_NAME = 63

export interface CommandsOptions {
  readonly store: StateStore
  readonly targets: ReadonlyMap<string, Target>
  readonly node: () => NodeIdentity
  readonly now: () => number
  readonly enqueue: (name: string) => void
  readonly cancel: (name: string) => void
  /** The backups of a target, for its checklist; absent: as its directory has them. */
  readonly list?: (target: Target) => Promise<CatalogListing>
}

export class RequestCommands implements Commands {
  readonly #options: CommandsOptions

  constructor(options: CommandsOptions) {
    this.#options = options
  }

  admit(manifest: RestoreManifest): StoredRequest | undefined {
    const node = this.#options.node()
    if (!isForNode(manifest.spec, node)) throw otherNode(manifest, node)
    const known = this.#options.store.request(manifest.metadata.name)
    if (known === undefined || known.specHash === specHash(manifest)) return known
    throw new RestoreError(`the name ${known.name} is taken by another spec`, {
      reason: 'DuplicateName',
      hint: 'give this request a name of its own: metadata.name is its identity',
    })
  }

  submit(manifest: RestoreManifest, actor: Actor): StoredRequest {
    const { store } = this.#options
    const known = this.admit(manifest)
    if (known !== undefined) return known
    const hash = specHash(manifest)
    refuseUnproven(manifest.spec, this.#options.targets, actor)
    const message = `submitted by ${actor.name}`
    const created = store.create({
      manifest,
      specHash: hash,
      origin: { kind: 'Api', client: actor.name },
      held: stateHold(store) !== null,
      submitter: personOfActor(actor),
      events: [{ type: 'Normal', reason: 'Received', message }, ...warnedOf(store, manifest.spec)],
      audit: auditOfActor(actor, 'submit', message, null),
    })
    this.#options.enqueue(created.name)
    return created
  }

  cancel(name: string, actor: Actor, reason: string): StoredRequest {
    const request = this.#required(name)
    if (isTerminal(request.phase)) throw ended(request)
    const closes = isHeldForState(this.#options.store, request)
    if (TRANSITIONS[request.phase].onCancel === null && !closes) {
      throw new RestoreError(`request ${name} cannot be cancelled in phase ${request.phase}: the swap has begun`, {
        reason: 'Conflict',
        hint: `let it end, then: modosu rollback --target ${request.spec.target}`,
      })
    }
    const message = `cancelled by ${actor.name}${reason === '' ? '' : `: ${reason}`}`
    const after = this.#act(request, actor, 'cancel', message, { cancelRequested: message })
    this.#options.cancel(name)
    return after
  }

  approve(name: string, actor: Actor): StoredRequest {
    const request = this.#required(name)
    if (isTerminal(request.phase)) throw ended(request)
    if (request.held) return this.#act(request, actor, 'approve', `released by ${actor.name}`, { held: false })
    const required = approvalsRequired(request.spec, this.#options.targets.get(request.spec.target))
    if (request.approvals.length >= required) {
      throw new RestoreError(`request ${name} needs no approval`, { reason: 'Conflict' })
    }
    const person = secondPerson(request, actor)
    return this.#act(request, actor, 'approve', `approved by ${actor.name}`, {
      approvals: [...request.approvals, actor.name],
      approvers: [...request.approvers, person],
      conditions: [{ type: 'Approved', status: 'True', reason: 'Approved', message: `approved by ${actor.name}` }],
    })
  }

  suspend(name: string, actor: Actor): StoredRequest {
    const request = this.#required(name)
    if (request.phase !== 'Pending') {
      throw new RestoreError(`request ${name} has started (${request.phase}) and cannot be suspended`, {
        reason: 'Conflict',
        hint: `modosu cancel ${name}`,
      })
    }
    return this.#act(request, actor, 'suspend', `suspended by ${actor.name}`, { suspended: true })
  }

  resume(name: string, actor: Actor): StoredRequest {
    const request = this.#required(name)
    if (isTerminal(request.phase)) throw ended(request)
    return this.#act(request, actor, 'resume', `resumed by ${actor.name}`, { suspended: false })
  }

  retry(name: string, actor: Actor): StoredRequest {
    const request = this.#required(name)
    if (!isTerminal(request.phase) || request.phase === 'Succeeded') {
      throw new RestoreError(
        `request ${name} is in phase ${request.phase}; only one that ended without success is retried`,
        {
          reason: 'Conflict',
          hint: 'to restore the same backup again, submit a request with a new name',
        },
      )
    }
    if (request.spec.target === '') {
      throw new RestoreError(`request ${name} has no valid spec to retry`, {
        reason: 'Conflict',
        hint: 'mend its file instead',
      })
    }
    const metadata = {
      name: this.#freeName(`${request.name}-retry`),
      labels: request.labels,
      annotations: { ...request.annotations, 'modosu.dev/retry-of': request.name },
    }
    return this.submit({ metadata, spec: { ...request.spec, suspend: false } }, actor)
  }

  acknowledge(name: string, actor: Actor): StoredRequest {
    const request = this.#required(name)
    const { escalation } = request.status
    if (escalation === undefined) {
      throw new RestoreError(`request ${name} has nothing to acknowledge (phase ${request.phase})`, {
        reason: 'Conflict',
      })
    }
    if (escalation.acknowledged) return request
    return this.#act(request, actor, 'acknowledge', `acknowledged by ${actor.name}`, {
      status: { escalation: { ...escalation, acknowledged: true } },
    })
  }

  async tick(name: string, order: TickOrder, actor: Actor): Promise<StoredRequest> {
    const { store, targets, now, list } = this.#options
    const sources = { reader: store, targets, clock: { nowMs: now }, list }
    const { request, ticks } = await judgedTicks(sources, this.#required(name), order, actor)
    const messages = ticks.map((tick) => tickMessage(tick))
    return this.#act(request, actor, 'checklist', messages.join('; '), {
      ticks,
      events: messages.map((message) => ({ type: 'Normal', reason: 'Checklist', message })),
      audit: messages.flatMap((message) => auditOfActor(actor, 'checklist', message, request.uid)),
    })
  }

  forget(name: string, actor: Actor, reason: string): StoredRequest {
    const request = this.#required(name)
    if (!isTerminal(request.phase)) {
      throw new RestoreError(`request ${name} has not ended (${request.phase})`, {
        reason: 'Conflict',
        hint: `modosu cancel ${name}`,
      })
    }
    if (request.forgottenAt !== null) return request
    const { escalation } = request.status
    if (escalation !== undefined && escalation.level !== 'L1' && !escalation.acknowledged) {
      throw new RestoreError(`request ${name} ended ${request.phase} (${escalation.level}) and is not acknowledged`, {
        reason: 'Conflict',
        hint: `look: modosu describe request ${name}; then: modosu ack ${name}`,
      })
    }
    const message = `forgotten by ${actor.name}${reason === '' ? '' : `: ${reason}`}`
    const seen = escalation === undefined ? {} : { status: { escalation: { ...escalation, acknowledged: true } } }
    return this.#act(request, actor, 'forget', message, { forgotten: true, ...seen })
  }

  async rollback(target: string, order: RollbackOrder, actor: Actor): Promise<StoredRequest> {
    const configured = this.#options.targets.get(target)
    if (configured === undefined) {
      throw new RestoreError(`unknown target: ${target}`, { reason: 'NotFound', hint: 'modosu get targets' })
    }
    const { name, undoes } = await this.#wayBack(configured, order)
    const metadata = {
      name: this.#freeName(`rollback-${target}-${compactTimestamp(this.#options.now())}`),
      labels: { 'modosu.dev/scenario': 'rollback' },
      annotations: undoes === null ? {} : { [UNDOES]: undoes },
    }
    const spec: RestoreManifest['spec'] = {
      target,
      source: { safetyBackup: { name } },
      confirm: true,
      backupCurrent: true,
      mode: 'Restore',
      strategy: 'Replace',
      tables: [],
      servicePolicy: 'StopStart',
      suspend: false,
      activeDeadlineSeconds: 900,
      ttlSecondsAfterFinished: 2_592_000,
      requestedBy: actor.name,
      reason: order.reason ?? (undoes === null ? 'manual rollback (manual 7.2)' : `undo of ${undoes} (manual 7.2)`),
      approval: { required: 0 },
    }
    return this.submit({ metadata, spec }, actor)
  }

  /** A named file is taken as it is; with none the newest restore that took effect is taken back. */
  async #wayBack(target: Target, { safetyBackup, undoes }: RollbackOrder) {
    if (safetyBackup !== undefined && undoes === undefined) return { name: safetyBackup, undoes: null }
    const undo = await chooseUndo(this.#options.store, target)
    if (undo === null) throw nothingToUndo(target)
    const { restore, file } = undo
    if ((undoes ?? restore.request) !== restore.request || (safetyBackup ?? file.name) !== file.name) {
      throw new RestoreError(
        `the last restore of ${target.name} that took effect is ${restore.request} now, and ${file.name} is what it replaced`,
        { reason: 'UndoOutdated', hint: `look again: modosu rollback --target ${target.name}` },
      )
    }
    return { name: file.name, undoes: restore.request }
  }

  acceptState(actor: Actor): StateHold {
    return acceptState(this.#options.store, randomUUID(), (message) =>
      auditOfActor(actor, 'accept-state', message, null),
    )
  }

  #act(
    request: StoredRequest,
    actor: Actor,
    operation: string,
    message: string,
    change: Partial<Change>,
  ): StoredRequest {
    const { store, enqueue } = this.#options
    const after = store.commit(request.name, {
      from: request.phase,
      reason: operation,
      message,
      events: [{ type: 'Normal', reason: `${operation.charAt(0).toUpperCase()}${operation.slice(1)}`, message }],
      audit: auditOfActor(actor, operation, message, request.uid),
      ...change,
    })
    enqueue(request.name)
    return after
  }

  #required(name: string): StoredRequest {
    const request = this.#options.store.request(name)
    if (request !== undefined) return request
    throw new RestoreError(`request not found: ${name}`, { reason: 'NotFound', hint: 'modosu get requests' })
  }

  #freeName(base: string): string {
    for (let number = 1; ; number += 1) {
      const suffix = `-${number}`
      const name = `${base.slice(0, LONGEST_NAME - suffix.length).replace(/-+$/, '')}${suffix}`
      if (this.#options.store.request(name) === undefined) return name
    }
  }
}

function ended(request: StoredRequest): RestoreError {
  return new RestoreError(`request ${request.name} has ended (${request.phase})`, { reason: 'Conflict' })
}

function otherNode({ metadata, spec }: RestoreManifest, node: NodeIdentity): RestoreError {
  return new RestoreError(`request ${metadata.name} is for ${describePlacement(spec)}; this is ${describeNode(node)}`, {
    reason: 'OtherNode',
    hint: 'submit it on that node, or leave spec.nodeName and spec.nodeSelector out; node.name and node.labels of the configuration say what this node is',
  })
}
