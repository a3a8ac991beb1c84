/** What the process may do beyond its user's rights (capabilities(7)): a daemon that is not root may hold just what a restore takes. */

import { readFileSync } from 'node:fs'

/** Bit numbers of linux/capability.h. */
const BITS = { CAP_CHOWN: 0, CAP_FOWNER: 3 } as const

export function hasCapability(name: keyof typeof BITS): boolean {
  try {
    const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? '0'
    return ((BigInt(`0x${effective}`) >> BigInt(BITS[name])) & 1n) === 1n
  } catch {
    // No /proc: the file system itself will say no.
    return process.geteuid?.() === 0
  }
}
