/** Which addresses belong to one client: what is counted by address is counted by this. */

/**
 * Whoever has an IPv6 address has its /64 (RFC 6177): 2^64 addresses, one for each try.
 *
 * @param address of IPv4 or IPv6, with a zone or without, also the IPv4 address of a socket that takes both.
 * @returns the IPv4 address, or the /64 network; other texts as they are.
 */
export function networkOf(address: string): string {
  const [plain = ''] = address.split('%')
  const mapped = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(plain)?.[1]
  if (mapped !== undefined) return mapped
  if (!plain.includes(':')) return plain
  const [head = '', tail] = plain.split('::')
  const before = groupsOf(head)
  const after = tail === undefined ? [] : groupsOf(tail)
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  const groups = [...before, ...zeros, ...after].slice(0, 4)
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}

function groupsOf(text: string): readonly string[] {
  if (text === '') return []
  // An IPv4 address at the end takes the place of two groups.
  return text.split(':').flatMap((group) => (group.includes('.') ? ['0', '0'] : [group]))
}
