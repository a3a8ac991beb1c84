/**
 * Which disks do not answer. Before anything else: a look at a path on a disk that is gone waits for ever, and nothing ends a
 * process that waits so. Other processes look, one for each mount.
 */

import { readFileSync } from 'node:fs'

import { ask } from './ask.ts'
import type { Finding } from './finding.ts'

/** Made of memory, or of another mount that is in the list itself. */
const NEVER_HUNG = new Set([
  ...['proc', 'sysfs', 'cgroup', 'cgroup2', 'devpts', 'mqueue', 'debugfs', 'tracefs', 'securityfs', 'bpf', 'pstore'],
  ...['configfs', 'fusectl', 'hugetlbfs', 'devtmpfs', 'efivarfs', 'binfmt_misc', 'autofs', 'nsfs', 'rpc_pipefs'],
])
const PROBE_MS = 3000

/** The mount points whose file system does not say within three seconds how full it is. Never rejects. */
export async function hungMounts(variables: Readonly<Record<string, string | undefined>>): Promise<readonly string[]> {
  const points = [...new Set(mountPoints())]
  const answers = await Promise.all(
    points.map((point) => ask(['stat', '--file-system', '--format=%a', point], variables, PROBE_MS)),
  )
  return points.filter((_, index) => answers[index]?.late === true)
}

function mountPoints(): readonly string[] {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .flatMap((line) => {
        const [left = '', right = ''] = line.split(' - ')
        const point = left.split(' ')[4]
        const [type = ''] = right.split(' ')
        return point === undefined || NEVER_HUNG.has(type) ? [] : [unescaped(point)]
      })
  } catch {
    return []
  }
}

/** Blanks are written as octal (proc(5)). */
function unescaped(field: string): string {
  return field.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}

/**
 * The first hung mount that the configuration speaks of. By its text: to resolve its paths is to wait for the disk.
 *
 * @param text of the configuration file.
 */
export function namedIn(text: string, hung: readonly string[]): string | undefined {
  return hung.find((point) => point === '/' || text.includes(point))
}

/** What is said instead of looking any further. */
export function hungFinding(point: string): Finding {
  return {
    severity: 'broken',
    cause: 'file-system',
    target: null,
    message: `the disk mounted at ${point} does not answer: whatever touches it waits for ever, so nothing else was looked at`,
    evidence: [],
    command: `grep -F ' ${point} ' /proc/mounts; sudo dmesg | tail -n 20`,
    docs: null,
  }
}
