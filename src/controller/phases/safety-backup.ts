/**
 * [1/5] SafetyBackup: a consistent copy of the present database, proven before anything may replace it (manual section 5).
 * The name is noted before the file is made; a crash leaves a hidden partial file or a whole one, never a half one.
 */

import { join } from 'node:path'

import { freeSafetyName } from '../../catalog/safety-name.ts'
import { clockWentBack, lookAtClocks } from '../../domain/clock.ts'
import { RestoreError } from '../../domain/errors.ts'
import type { SafetyNote } from '../../domain/work.ts'
import { identityOf, removeIfPresent, SIDE_SUFFIXES } from '../../database/place.ts'
import type { SafetyCopy } from '../../database/contract.ts'
import { deadlineFor } from '../deadlines.ts'
import { advance, type Outcome, type PhaseContext } from '../context.ts'
import { checkResult } from '../checks.ts'
import { unlessItDiesTwice } from '../dies-twice.ts'
import { required } from '../required.ts'
import { flawOf } from '../safety-proof.ts'

export async function safetyBackup(context: PhaseContext): Promise<Outcome> {
  const kept = await reusable(context)
  const safety = kept ?? (await makeSafetyBackup(context))
  const { name, path, sha256, raw } = safety
  if (sha256 === null) throw new RestoreError('the safety backup has no checksum', { reason: 'SafetyBackupFailed' })
  const message = raw ? `${name} (byte copies: the database cannot be read)` : name
  return advance('SafetyBackupTaken', message, {
    work: { safety },
    status: { safetyBackup: { name, path, sha256, raw } },
    safetyBackup: { name, path, sha256, raw },
    checks: [
      checkResult(context, 'safety_integrity', raw ? 'skip' : 'pass', raw ? 'the database cannot be read' : 'ok'),
    ],
    conditions: [{ type: 'SafetyBackupTaken', status: 'True', reason: raw ? 'Raw' : 'Proven', message }],
  })
}

/** A copy that an interrupted attempt made serves again where nothing was committed since, and nobody has touched it. */
async function reusable(context: PhaseContext): Promise<SafetyNote | null> {
  const { work, deps, signal, target, log } = context
  const { safety, database } = work
  if (safety === undefined || database === undefined || safety.sha256 === null || safety.racy) return null
  if (safety.clocks !== undefined && clockWentBack(deps.clock, safety.clocks)) return null
  const now = await deps.database.fingerprint(database, { deadlineMs: deadlineFor(target, 0), signal })
  if (now.text !== safety.fingerprint || now.racy) return null
  const flaw = await flawOf(context, safety)
  if (flaw === null) return safety
  log.warn(`the safety backup ${safety.path} of the interrupted attempt ${flaw}; another one is made`)
  return null
}

async function makeSafetyBackup(context: PhaseContext): Promise<SafetyNote> {
  const { work, target } = context
  await clearUnprovenAttempt(work.safety)
  const name = await freeNameForOne(context)
  const path = join(target.backups.path, name)
  const clocks = lookAtClocks(context.deps.clock)
  const unproven = { name, path, sha256: null, fingerprint: null, racy: true, clocks }
  const damaged = work.current?.damaged === true
  context.note({ safety: { ...unproven, raw: damaged } })
  if (damaged) return rawCopy(context, unproven)
  try {
    return proven({ ...unproven, raw: false }, await unlessItDiesTwice(() => consistentCopy(context, path)))
  } catch (error) {
    if (!isDamage(error) || work.current === undefined) throw error
    const damage = error.message
    context.note(
      { safety: { ...unproven, raw: true }, current: { ...work.current, damaged: true, damage } },
      {
        events: [{ type: 'Warning', reason: 'DatabaseCorrupt', message: `kept as byte copies: ${damage}` }],
      },
    )
    return rawCopy(context, unproven)
  }
}

/**
 * Free on disk, and noted by no other restore that has not made its file yet: where targets share a directory, two of them
 * could choose one name in one second, and each would take the other's unfinished copy for its own.
 */
async function freeNameForOne({ target, deps, request }: PhaseContext): Promise<string> {
  const noted = (): ReadonlySet<string> => {
    const others = deps.reader.unfinished().filter(({ uid }) => uid !== request.uid)
    return new Set(others.map(({ work }) => work.safety?.name ?? ''))
  }
  for (;;) {
    const name = await freeSafetyName(target.backups.path, deps.clock.nowMs(), noted())
    // Noted by the caller without a pause: nobody else can come in between.
    if (!noted().has(name)) return name
  }
}

function consistentCopy({ work, deps, target, signal }: PhaseContext, path: string): Promise<SafetyCopy> {
  const deadlineMs = deadlineFor(target, work.current?.sizeBytes ?? 0)
  return deps.database.safetyCopy(required(work, 'database'), path, { deadlineMs, signal })
}

/** All files as they are, for a database that SQLite cannot read. */
async function rawCopy(context: PhaseContext, safety: Omit<SafetyNote, 'raw'>): Promise<SafetyNote> {
  const { work, deps, target, signal } = context
  const database = required(work, 'database')
  const files = []
  for (const suffix of ['', ...SIDE_SUFFIXES]) {
    const from = `${database}${suffix}`
    if ((await identityOf(from)) !== null) files.push({ from, to: `${safety.path}${suffix}` })
  }
  const deadlineMs = deadlineFor(target, work.current?.sizeBytes ?? 0)
  return proven({ ...safety, raw: true }, await deps.database.rawCopy(files, { deadlineMs, signal }))
}

function proven(safety: SafetyNote, copy: SafetyCopy): SafetyNote {
  return { ...safety, sha256: copy.sha256, fingerprint: copy.fingerprint.text, racy: copy.fingerprint.racy }
}

/**
 * What an interrupted attempt left under the noted name. A consistent copy gets its name only when it is whole and then
 * stays as one more safety backup; byte copies may be incomplete and are ours to remove.
 */
export async function clearUnprovenAttempt(safety: SafetyNote | undefined): Promise<void> {
  if (safety?.sha256 !== null) return
  const partial = join(safety.path, '..', `.${safety.name}.partial`)
  for (const suffix of ['', ...SIDE_SUFFIXES]) {
    await removeIfPresent(`${partial}${suffix}`)
    if (safety.raw) await removeIfPresent(`${safety.path}${suffix}`)
  }
}

function isDamage(error: unknown): error is RestoreError {
  const reasons = ['DatabaseCorrupt', 'NotADatabase', 'DatabaseEncrypted', 'Unverifiable']
  return error instanceof RestoreError && reasons.includes(error.reason)
}
