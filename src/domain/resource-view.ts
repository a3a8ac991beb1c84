/** A request as the Kubernetes-style object that every door shows: the command line, the socket and the status mirror. */

import {
  API_VERSION,
  isSpecRead,
  REQUEST_KIND,
  type Origin,
  type RestoreRequest,
  type RestoreSpec,
  type RestoreStatus,
} from './resource.ts'

/** The status, with what the daemon knows of a request beside it; each extra field is present only where it says something. */
interface StatusView extends RestoreStatus {
  readonly origin: Origin
  readonly attempts?: number
  readonly held?: true
  readonly suspended?: true
  /** Who asked for the cancellation and why. */
  readonly cancelRequested?: string
  readonly approvals?: readonly string[]
  /** Left the lists; the record of it stays. */
  readonly forgottenAt?: string
}

export interface RequestResource {
  readonly apiVersion: typeof API_VERSION
  readonly kind: typeof REQUEST_KIND
  readonly metadata: {
    readonly name: string
    readonly uid: string
    readonly generation: number
    readonly creationTimestamp: string
    /** Of the API alone: changes with each change of the object. */
    readonly resourceVersion?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  /** Absent where the file could not be read. */
  readonly spec?: RestoreSpec
  readonly status: StatusView
}

export interface ResourceList<Item> {
  readonly apiVersion: typeof API_VERSION
  readonly kind: `${string}List`
  readonly items: readonly Item[]
}

/**
 * The object of a request. The same request always gives the same object, key for key: it can be compared and mirrored.
 *
 * The spec can be fed back as a manifest; the daemon's own notes (work) are not part of the object.
 */
export function toResource(request: RestoreRequest): RequestResource {
  const { labels, annotations } = request
  return {
    apiVersion: API_VERSION,
    kind: REQUEST_KIND,
    metadata: {
      name: request.name,
      uid: request.uid,
      generation: request.generation,
      creationTimestamp: request.createdAt,
      ...(Object.keys(labels).length === 0 ? {} : { labels }),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    ...(isSpecRead(request) ? { spec: request.spec } : {}),
    status: {
      ...request.status,
      origin: request.origin,
      ...(request.attempts === 0 ? {} : { attempts: request.attempts }),
      ...(request.held ? { held: true } : {}),
      ...(request.suspended ? { suspended: true } : {}),
      ...(request.cancelRequested === null ? {} : { cancelRequested: request.cancelRequested }),
      ...(request.approvals.length === 0 ? {} : { approvals: request.approvals }),
      ...(request.forgottenAt === null ? {} : { forgottenAt: request.forgottenAt }),
    },
  }
}

/** The object with the version under which the API lets it be watched. */
export function toVersionedResource(request: RestoreRequest & { readonly resourceVersion: number }): RequestResource {
  const resource = toResource(request)
  return { ...resource, metadata: { ...resource.metadata, resourceVersion: String(request.resourceVersion) } }
}

/** A list of objects as the Kubernetes API names it: `RestoreRequestList`. */
export function toList<Item>(kind: string, items: readonly Item[]): ResourceList<Item> {
  return { apiVersion: API_VERSION, kind: `${kind}List`, items }
}
