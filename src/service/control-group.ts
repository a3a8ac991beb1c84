/** To which unit a process belongs, by its control group (cgroups(7)). */

import { readFileSync } from 'node:fs'

/**
 * @param unit with its type: `app.service`.
 * @returns whether the process is one of the unit's; false where it is gone or cannot be looked at.
 */
export function belongsTo(pid: number, unit: string): boolean {
  try {
    // `0::/system.slice/app.service`, or below it; with version 1 one line for each hierarchy.
    const groups = readFileSync(`/proc/${pid}/cgroup`, 'utf8').split('\n')
    return groups.some((line) =>
      line
        .slice(line.indexOf(':', 2) + 1)
        .split('/')
        .includes(unit),
    )
  } catch {
    return false
  }
}
