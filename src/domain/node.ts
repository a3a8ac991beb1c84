/**
 * Which host a request is for: many hosts may read one repository of requests, and each restores its own. A request that
 * names no node is for every host that reads it.
 */

/** What a host calls itself (configuration: `node`). */
export interface NodeIdentity {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
}

/** The part of a request's spec that says where it runs; what is left out does not matter. */
export interface Placement {
  readonly nodeName?: string
  /** Every label must be there with this value. */
  readonly nodeSelector?: Readonly<Record<string, string>>
}

/** Whether a request is for this node. Host names know no case (RFC 4343). */
export function isForNode({ nodeName, nodeSelector = {} }: Placement, node: NodeIdentity): boolean {
  if (nodeName !== undefined && nodeName.toLowerCase() !== node.name.toLowerCase()) return false
  return Object.entries(nodeSelector).every(
    ([key, value]) => Object.hasOwn(node.labels, key) && node.labels[key] === value,
  )
}

/** `node web-2`, `nodes with disk=ssd`, or both. */
export function describePlacement({ nodeName, nodeSelector = {} }: Placement): string {
  const labels = Object.entries(nodeSelector).map(([key, value]) => `${key}=${value}`)
  return [
    ...(nodeName === undefined ? [] : [`node ${nodeName}`]),
    ...(labels.length === 0 ? [] : [`nodes with ${labels.join(', ')}`]),
  ].join(', ')
}

/** `web-1 (disk=ssd)`. */
export function describeNode({ name, labels }: NodeIdentity): string {
  const shown = Object.entries(labels).map(([key, value]) => `${key}=${value}`)
  return shown.length === 0 ? name : `${name} (${shown.join(', ')})`
}
