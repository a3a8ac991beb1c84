/** The controller as a whole: queue, reconciler, intake and commands around one state store. */

import type { Clock } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import type { NodeIdentity } from '../domain/node.ts'
import { isTerminal } from '../domain/phases.ts'
import type { Target } from '../domain/target.ts'
import type { StateStore } from '../store/store.ts'
import { RequestCommands } from './commands.ts'
import type { Dependencies } from './context.ts'
import { SpoolIntake } from './intake.ts'
import { listWithCatalog } from './papers/checklist-sources.ts'
import { recover, recoverOne, type Recovery } from './recovery.ts'
import { Reconciler } from './reconciler.ts'
import { StatusMirror } from './status-mirror.ts'
import { TargetLocks } from './target-locks.ts'
import { VerificationRecords } from './verification-records.ts'
import { WorkQueue, type QueueObserver, type Verdict } from './work-queue.ts'

export interface ControllerObserver extends QueueObserver {
  reconciled(result: 'success' | 'error' | 'requeue' | 'requeue_after', tookMs: number): void
}

export interface ControllerOptions {
  readonly store: StateStore
  readonly targets: ReadonlyMap<string, Target>
  readonly deps: Dependencies
  readonly clock: Clock
  readonly log: Log
  readonly observer: ControllerObserver
  readonly maxConcurrent: () => number
  readonly onFirstStart: 'Hold' | 'Run'
  readonly spoolPath: () => string
  /** What this host is called now. */
  readonly node: () => NodeIdentity
}

/** More than restores run at once, so that a request that only waits or is refused never queues behind one that works. */
const IDLE_TURNS = 8

export class Controller {
  readonly intake: SpoolIntake
  readonly commands: RequestCommands
  readonly verifications: VerificationRecords
  readonly #options: ControllerOptions
  readonly #queue: WorkQueue
  readonly #reconciler: Reconciler
  readonly #locks: TargetLocks
  /** Found under way at the start and held: their recovery waits for the approval. */
  readonly #unrecovered = new Set<string>()

  constructor(options: ControllerOptions) {
    const { store, targets, deps, clock, log, observer, maxConcurrent, onFirstStart, spoolPath, node } = options
    this.#options = options
    this.#locks = new TargetLocks(log)
    this.verifications = new VerificationRecords({ reader: store, database: deps.database, clock, log })
    const { verifications } = this
    this.#reconciler = new Reconciler({
      store,
      targets,
      deps,
      clock,
      log,
      locks: this.#locks,
      verifications,
      maxConcurrent,
    })
    this.#queue = new WorkQueue({
      work: (name) => this.#work(name),
      concurrency: () => maxConcurrent() + IDLE_TURNS,
      clock,
      observer,
    })
    const mirror = new StatusMirror(deps.stateDir, log)
    for (const request of store.requests()) mirror.write(request)
    store.onCommit((request) => {
      mirror.write(request)
    })
    const doors = {
      store,
      now: () => clock.nowMs(),
      enqueue: (name: string) => {
        this.#queue.add(name)
      },
      cancel: (name: string) => {
        this.#reconciler.cancel(name)
      },
    }
    this.intake = new SpoolIntake({ ...doors, onFirstStart, spoolPath })
    const list = (target: Target) => listWithCatalog(deps, target)
    this.commands = new RequestCommands({ ...doors, targets, node, list })
  }

  /** Brings unfinished restores to where they can go on, and goes on with them. */
  async start(): Promise<void> {
    const { store } = this.#options
    const names = await recover(this.#recovery())
    for (const { name, held, phase } of store.unfinished()) {
      if (held && phase !== 'Pending') this.#unrecovered.add(name)
    }
    for (const name of names) this.#queue.add(name)
  }

  #recovery(): Recovery {
    const { store, log } = this.#options
    return { store, reconciler: this.#reconciler, locks: this.#locks, log }
  }

  /** Ends what must not be interrupted, interrupts the rest, and resolves when nothing runs any more. */
  async stop(): Promise<void> {
    this.#reconciler.shutdown()
    await this.#queue.stop()
    this.#locks.releaseAll()
  }

  /** Resolves when the queue is seen to work and the state store to answer; the heartbeat of the daemon. */
  async beat(): Promise<void> {
    await this.#queue.probe()
    this.#options.store.meta('heartbeat')
  }

  async #work(name: string): Promise<Verdict> {
    const { observer, clock, log, store } = this.#options
    const startedAtMs = clock.nowMs()
    let verdict: Verdict
    try {
      await this.#recoverApproved(name)
      verdict = await this.#reconciler.reconcile(name)
      observer.reconciled(resultOf(verdict), clock.nowMs() - startedAtMs)
    } catch (error) {
      log.error(`the reconciler failed on ${name}`, { err: error, request: name })
      observer.reconciled('error', clock.nowMs() - startedAtMs)
      return 'again'
    }
    const after = store.request(name)
    if (after !== undefined && isTerminal(after.phase)) this.#wakeWaiting()
    return verdict
  }

  async #recoverApproved(name: string): Promise<void> {
    const { store } = this.#options
    const request = store.request(name)
    if (request === undefined || request.held || !this.#unrecovered.delete(name)) return
    if (!isTerminal(request.phase)) await recoverOne(this.#recovery(), request)
  }

  /** A restore has ended: whoever was queued behind it, or over the limit of parallel ones, may go. */
  #wakeWaiting(): void {
    for (const request of this.#options.store.unfinished()) {
      if (request.phase === 'Pending') this.#queue.add(request.name)
    }
  }
}

function resultOf(verdict: Verdict) {
  if (verdict === 'done') return 'success'
  return verdict === 'again' ? 'requeue' : 'requeue_after'
}
