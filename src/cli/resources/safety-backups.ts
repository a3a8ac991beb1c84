/** `modosu get safety`: the safety backups of manual 5.4, as they lie on disk, with the restore that made each. */

import { ownSafetyBackups, safetyBackupObject, type OwnSafetyBackup } from '../../api/resources/objects.ts'
import { toRfc3339 } from '../../domain/clock.ts'
import { RestoreError } from '../../domain/errors.ts'
import type { Decision } from '../../domain/retention.ts'
import type { Target } from '../../domain/target.ts'
import { humanSize } from '../../domain/size.ts'
import { deletableText } from '../../retention/policy.ts'
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

export function ownFiles(context: CliContext, target: Target): Promise<readonly OwnSafetyBackup[]> {
  return ownSafetyBackups(target, readerIfAny(context)?.safetyBackups() ?? [])
}

function toEntry(
  { clock, say }: CliContext,
  target: Target,
  own: OwnSafetyBackup,
  decision: Decision | undefined,
): Entry {
  const { file, record, whose } = own
  const createdAt = toRfc3339(file.createdAtMs)
  return {
    reference: `safetybackup/${file.name}`,
    object: safetyBackupObject(target, own, decision),
    cells: [
      file.name,
      target.name,
      `${dateAndTime(file.createdAtMs)}Z`,
      humanSize(file.sizeBytes),
      record?.request ?? (whose === 'unknown' ? 'unknown' : undefined),
      age(createdAt, clock.nowMs()),
      decision?.pinnedBy,
      decision === undefined ? undefined : say(deletableText(decision)),
    ],
    wide: [decision === undefined ? undefined : say(decision.why), file.raw ? 'yes' : 'no', record?.sha256, file.path],
  }
}
