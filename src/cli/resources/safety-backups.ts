/** `modosu get safety`: the safety backups of manual 5.4, as they lie on disk, with the restore that made each. */

import { listSafetyBackups } from '../../catalog/safety-backups.ts'
import { SafetyOwners, type Ownership } from '../../catalog/safety-owner.ts'
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
import { readerIfAny } from '../restore-source.ts'
import { surveyNow } from '../retention.ts'

const LOOK_EVERY_MS = 5000

export const SAFETY_BACKUPS: Listing = {
  title: 'safety backups',
  names: ['safety', 'safety-backups', 'safetybackups', 'safetybackup', 'sb'],
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
    const files = await ownFiles(context, each)
    const decisions = await decisionsOn(context, each)
    for (const file of files.slice(0, limit)) {
      if (name !== undefined && file.file.name !== name) continue
      entries.push(toEntry(context, each, file, decisions.get(file.file.name)))
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

interface OwnFile extends Ownership<SafetyBackupRecord> {
  readonly file: SafetyBackupFile
}

/** Without those of other targets; in the order in which they were made where that is recorded, the others after them by name. */
export async function ownFiles(context: CliContext, target: Target): Promise<readonly OwnFile[]> {
  const records = readerIfAny(context)?.safetyBackups() ?? []
  const owners = new SafetyOwners(target, records)
  const files = (await listSafetyBackups(target)).map((file) => ({ file, ...owners.of(file.path) }))
  const rank = ({ record }: OwnFile): number => (record === null ? records.length : records.indexOf(record))
  return files.filter(({ whose }) => whose !== 'other').sort((a, b) => rank(a) - rank(b))
}

function toEntry(
  { clock }: CliContext,
  target: Target,
  { file, record, whose }: OwnFile,
  decision: Decision | undefined,
): Entry {
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
      /** own, unrecorded, or unknown where several targets could have made it. */
      owner: whose,
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
      record?.request ?? (whose === 'unknown' ? 'unknown' : undefined),
      age(createdAt, clock.nowMs()),
      decision?.pinnedBy,
      decision === undefined ? undefined : deletableText(decision),
    ],
    wide: [decision?.why, file.raw ? 'yes' : 'no', record?.sha256, file.path],
  }
}
