/** What a plan costs over a directory of many backups, with a history of many restores: it is asked for by hand, beside a restore. */

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { brokenTimestamp, compactTimestamp } from '../src/domain/clock.ts'
import { PRUNE_KINDS, type PruneKind, type RetentionRules } from '../src/domain/retention.ts'
import { targetOf } from '../test/retention/target.ts'
import type { Target } from '../src/domain/target.ts'
import { survey, type Survey } from '../src/retention/survey.ts'
import { openStateStore } from '../src/store/store.ts'

const DAY_MS = 86_400_000
const KINDS: ReadonlySet<PruneKind> = new Set(PRUNE_KINDS)

const RULES: RetentionRules = {
  safetyBackups: { enabled: true, minAgeMs: 7 * DAY_MS, maxAgeMs: 14 * DAY_MS, keepLast: 1, minFreeBytes: 1 },
  displacedOriginals: { enabled: true, maxAgeMs: 14 * DAY_MS },
  brokenFiles: { enabled: true, maxAgeMs: 7 * DAY_MS },
  preSqlDumpFiles: { enabled: true, maxAgeMs: 14 * DAY_MS },
  backups: { enabled: true, dailyMs: 7 * DAY_MS, weeklyMs: 28 * DAY_MS, monthlyMs: 365 * DAY_MS },
}

export interface RetentionYard {
  readonly root: string
  readonly files: number
  readonly target: Target
  plan(): Promise<Survey>
  remove(): void
}

/** Sets of four files (`.db`, `-wal`, `.sql.gz`, `.sha256`) and safety backups, `files` in all. */
export function makeYard(files: number): RetentionYard {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'modosu-bench-')))
  const backups = join(root, 'backups')
  mkdirSync(join(backups, 'daily'), { recursive: true })
  const nowMs = Date.now()
  const safeties = Math.floor(files / 5)
  for (let n = 0; n < safeties; n += 1) {
    writeFileSync(join(backups, `restore_safety_${compactTimestamp(nowMs - n * 3_600_000)}.db`), 'x')
  }
  let made = safeties
  for (let n = 0; made < files; n += 1) {
    const base = join(backups, 'daily', `app_daily_${brokenTimestamp(nowMs - n * 3_600_000)}`)
    for (const suffix of ['.db', '.db-wal', '.sql.gz', '.sha256']) {
      const text = suffix === '.sha256' ? `${'a'.repeat(64)}  ${base.slice(base.lastIndexOf('/') + 1)}.db\n` : 'x'
      if (made < files) writeFileSync(`${base}${suffix}`, text)
      made += 1
    }
  }
  const store = openStateStore(root, { nowMs: () => nowMs })
  const target = targetOf({ database: join(root, 'app.db'), backups: backups })
  return {
    root,
    files,
    target,
    plan: () => survey({ targets: [target], rules: RULES, kinds: KINDS, reader: store, nowMs }),
    remove: () => {
      store.close()
      rmSync(root, { recursive: true, force: true })
    },
  }
}
