/** `modosu get safety`: the safety backups of manual 5.4, as they lie on disk, with the restore that made each. */

import { listSafetyBackups } from '../../catalog/safety-backups.ts'
import type { SafetyBackupFile } from '../../catalog/contract.ts'
import { toRfc3339 } from '../../domain/clock.ts'
import { RestoreError } from '../../domain/errors.ts'
import { API_VERSION } from '../../domain/resource.ts'
import type { Decision } from '../../domain/retention.ts'
import type { Target } from '../../domain/target.ts'
import { humanSize } from '../../domain/size.ts'
import { deletableText } from '../../retention/policy.ts'
import type { SafetyBackupRecord } from '../../store/rows.ts'
import type { CliContext } from '../context.ts'
import { age, dateAndTime } from '../human.ts'
import type { Entry, Filter, Listing } from '../listing.ts'
import { surveyNow } from '../retention.ts'

const LOOK_EVERY_MS = 5000

export const SAFETY_BACKUPS: Listing = {
  title: 'safety backups',
  names: ['safety', 'safety-backups', 'safetybackups', 'safetybackup'],
  kind: 'SafetyBackup',
  named: 'one',
  columns: ['NAME', 'TARGET', 'CREATED', 'SIZE', 'REQUEST', 'AGE', 'PINNED-BY', 'DELETABLE'],
  wideColumns: ['WHY', 'RAW', 'SHA256', 'PATH'],
  lookEveryMs: LOOK_EVERY_MS,
  load,
}

async function load(context: CliContext, { name, target, limit }: Filter): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  for (const each of context.targets(target)) {
    const records = recordsOf(context, each)
    const files = await listSafetyBackups(each)
    const decisions = await decisionsOn(context, each)
    for (const file of files.slice(0, limit)) {
      if (name !== undefined && file.name !== name) continue
      entries.push(toEntry(context, each, file, { records, decision: decisions.get(file.name) }))
    }
  }
  if (name !== undefined && entries.length === 0) {
    throw new RestoreError(`safety backup not found: ${name}`, {
      reason: 'NotFound',
      hint: 'list them: modosu get safety',
    })
  }
  return entries
}

/** What retention says of each, by name; nothing where there is no state store to say what is still needed. */
async function decisionsOn(context: CliContext, target: Target): Promise<ReadonlyMap<string, Decision>> {
  try {
    const { plan } = await surveyNow(context, [target], new Set(['safety']))
    return new Map(plan.decisions.map((decision) => [decision.set.name, decision]))
  } catch (error) {
    if (error instanceof RestoreError && error.reason === 'NoStateStore') return new Map()
    throw error
  }
}

/** Files are there without a state store too: after its loss they are what is left. */
function recordsOf(context: CliContext, target: Target): readonly SafetyBackupRecord[] {
  try {
    return context.reader().safetyBackups(target.name)
  } catch (error) {
    if (error instanceof RestoreError && error.reason === 'NoStateStore') return []
    throw error
  }
}

function toEntry(
  { clock }: CliContext,
  target: Target,
  file: SafetyBackupFile,
  { records, decision }: { readonly records: readonly SafetyBackupRecord[]; readonly decision: Decision | undefined },
): Entry {
  const record = records.find(({ path }) => path === file.path)
  const createdAt = toRfc3339(file.createdAtMs)
  return {
    reference: `safetybackup/${file.name}`,
    object: {
      apiVersion: API_VERSION,
      kind: 'SafetyBackup',
      metadata: { name: file.name, creationTimestamp: createdAt },
      target: target.name,
      path: file.path,
      sizeBytes: file.sizeBytes,
      raw: file.raw,
      request: record?.request ?? null,
      sha256: record?.sha256 ?? null,
      retention:
        decision === undefined
          ? null
          : {
              action: decision.act,
              why: decision.why,
              pinnedBy: decision.pinnedBy,
              deletableAfter: decision.deletableAfterMs === null ? null : toRfc3339(decision.deletableAfterMs),
            },
    },
    cells: [
      file.name,
      target.name,
      `${dateAndTime(file.createdAtMs)}Z`,
      humanSize(file.sizeBytes),
      record?.request,
      age(createdAt, clock.nowMs()),
      decision?.pinnedBy,
      decision === undefined ? undefined : deletableText(decision),
    ],
    wide: [decision?.why, file.raw ? 'yes' : 'no', record?.sha256, file.path],
  }
}
