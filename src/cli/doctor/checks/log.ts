/** What the log of an application that does not run says: the words by which the usual causes are known (manual Q3). */

import type { Target } from '../../../domain/target.ts'
import { fullUnitName } from '../../../service/systemctl.ts'
import { skipped, well, type TargetCheck } from '../check.ts'
import type { Cause, Found } from '../finding.ts'

/** Errors of SQLite, Node.js and the usual migration tools; the first that fits a line counts. */
const SIGNS: readonly (readonly [RegExp, Cause])[] = [
  [/ENOSPC|No space left|database or disk is full|SQLITE_FULL/i, 'disk'],
  [/EROFS|Read-only file system/i, 'disk'],
  [/malformed|SQLITE_CORRUPT|SQLITE_NOTADB|not a database/i, 'integrity'],
  [/EADDRINUSE|Address already in use/i, 'port'],
  [/EACCES|EPERM|Permission denied|unable to open database|SQLITE_CANTOPEN|readonly database/i, 'access'],
  [/database is locked|SQLITE_BUSY|SQLITE_LOCKED/i, 'holders'],
  [/no such (table|column)|migration.*(fail|error|corrupt|missing)|SQLITE_SCHEMA/i, 'schema'],
]

export const applicationLog: TargetCheck = {
  name: 'log',
  cause: 'running',
  run: async (examination, target) => {
    const unit = await examination.unitOf(target)
    if (unit === null) return skipped('there is no unit whose log could be read')
    const lines = await examination.log(unit.name)
    if (lines === null) {
      const finding: Found = {
        severity: 'unseen',
        message: `the log of ${unit.name} cannot be read by this user`,
        command: `sudo journalctl -u ${unit.name} -n 50`,
        docs: null,
      }
      return { findings: [finding], looked: unit.name }
    }
    if (unit.properties.ActiveState === 'active') return well(`${unit.name}: ${lines.length}`)
    return { findings: signsIn(target, sinceLastStart(lines)), looked: `${unit.name}: ${lines.length}` }
  },
}

/** What an earlier start has failed with may be mended by now. */
function sinceLastStart(lines: readonly string[]): readonly string[] {
  const start = lines.findLastIndex((line) => /systemd\[\d+\]: Start(ing|ed) /.test(line))
  return start < 0 ? lines : lines.slice(start)
}

/** The newest line of each cause. A sign is no proof: what a check has found of the same cause goes before it. */
function signsIn({ service, name }: Target, lines: readonly string[]): readonly Found[] {
  const newest = new Map<Cause, string>()
  for (const line of lines) {
    const cause = SIGNS.find(([pattern]) => pattern.test(line))?.[1]
    if (cause !== undefined) newest.set(cause, line)
  }
  return Array.from(newest, ([cause, line]) => ({
    severity: 'warning',
    cause,
    message: `the log of the application of ${name} names a cause (${cause})`,
    evidence: [line],
    command: `journalctl -u ${fullUnitName(service?.unit ?? '')} --since "5 minutes ago" -n 50`,
    docs: null,
  }))
}
