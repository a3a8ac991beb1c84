/** What both ends of the control socket must agree on. */

export const API_PREFIX = '/apis/modosu.dev/v1'

/** Carries who acts as percent-encoded UTF-8: a header is Latin-1, a login name may be anything. */
export const ACTOR_HEADER = 'modosu-actor'

/** Names the challenge that the client has answered. */
export const PROOF_HEADER = 'modosu-proof'

/** What a client must make to prove its uid: a symbolic link of that name with that target, in `proofDirectory`. */
export interface Challenge {
  readonly name: string
  readonly answer: string
}

/** Beside the socket, so that both ends find it by the socket's path as each sees it. */
export function proofDirectory(socketPath: string): string {
  return `${socketPath}.callers`
}

/** What became of a reload of the configuration. */
export interface ReloadReport {
  /** Keys that differ and keep their value until the daemon is restarted. */
  readonly kept: readonly string[]
  /** Targets whose settings changed, that came or that went. */
  readonly targets: readonly string[]
  /** Targets that take over their settings when their restore has ended. */
  readonly waiting: readonly string[]
}

/** What `modosu version` says of a running program. */
export interface VersionInfo {
  readonly modosu: string
  readonly node: string
  readonly sqlite: string
}
