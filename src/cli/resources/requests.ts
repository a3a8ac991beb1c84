/** `modosu get requests`. */

import { RestoreError } from '../../domain/errors.ts'
import type { Phase } from '../../domain/phases.ts'
import { isSpecRead, REQUEST_KIND, type Source } from '../../domain/resource.ts'
import { toResource } from '../../domain/resource-view.ts'
import { nearest } from '../../manifest/edit-distance.ts'
import type { StateReader } from '../../store/reader.ts'
import type { StoredRequest } from '../../store/rows.ts'
import type { CliContext } from '../context.ts'
import { age, humanDuration } from '../human.ts'
import type { Entry, Filter, Listing } from '../listing.ts'
import type { Output, Style } from '../output.ts'
import { requestReference } from '../reference.ts'
import { refusedFiles, refusedObject, type RefusedFile } from '../refused-files.ts'
import { UNKNOWN, type StyledCell } from '../table.ts'

export const REQUESTS: Listing = {
  title: 'requests',
  names: ['requests', 'request', 'restorerequests', 'restorerequest', 'rr'],
  kind: REQUEST_KIND,
  named: 'one',
  columns: ['NAME', 'TARGET', 'PHASE', 'REASON', 'SOURCE', 'AGE'],
  wideColumns: ['MODE', 'DURATION', 'DOWNTIME', 'SAFETY BACKUP', 'LEVEL', 'REQUESTED BY', 'ORIGIN'],
  lookEveryMs: null,
  load: (context, filter) => Promise.resolve(load(context, filter)),
}

/** @throws RestoreError `NotFound`. */
export function findRequest(reader: StateReader, name: string): StoredRequest {
  const request = reader.request(name)
  if (request !== undefined) return request
  const near = nearest(
    name,
    reader.listed().map((each) => each.name),
  )
  throw new RestoreError(`restore request not found: ${name}`, {
    reason: 'NotFound',
    hint:
      `${near === undefined ? '' : `did you mean ${near}? `}list them: modosu get requests ` +
      '(those for other nodes, by spec.nodeName or spec.nodeSelector, are not here)',
  })
}

export function sourceText(source: Source): string {
  if (source.backupId !== undefined) return source.backupId
  if (source.safetyBackup !== undefined) return source.safetyBackup.name
  if (source.file !== undefined) return `file:${source.file.path}`
  if (source.sqlDump !== undefined) return `sqlDump:${source.sqlDump.path}`
  return `latest${source.latest?.types === undefined ? '' : `(${source.latest.types.join(',')})`}`
}

/** Green where all is well, yellow where somebody should look, red where something failed. */
export function phaseCell(output: Output, phase: Phase): StyledCell {
  const style = styleOf(phase)
  return { text: phase, style: (text) => (style === null ? text : output.onStdout(style, text)) }
}

function styleOf(phase: Phase): Style | null {
  switch (phase) {
    case 'Succeeded':
      return 'green'
    case 'Failed':
    case 'Rejected':
      return 'red'
    case 'RollbackFailed':
      return ['bold', 'red']
    case 'RolledBack':
    case 'RollingBack':
    case 'Expired':
      return 'yellow'
    case 'Preflight':
    case 'SafetyBackup':
    case 'VerifyingChecksum':
    case 'VerifyingBackup':
    case 'Quiescing':
    case 'Swapping':
    case 'VerifyingRestored':
    case 'Resuming':
      return 'cyan'
    case 'Pending':
    case 'Cancelled':
      return null
  }
}

/** Requests in the order in which they came, then the files of the spool that are none. */
function load(context: CliContext, filter: Filter): readonly Entry[] {
  const { name, target, phase, limit } = filter
  const reader = context.reader()
  if (name !== undefined) {
    const refused = reader.request(name) === undefined ? findRefused(context, name) : undefined
    return refused === undefined ? [toEntry(context, findRequest(reader, name))] : [toRefusedEntry(context, refused)]
  }
  const shown = target === undefined && (phase === undefined || phase === 'Rejected')
  const refused = shown ? unlisted(context, reader).map((each) => toRefusedEntry(context, each)) : []
  const all = [...select(reader, filter).map((each) => toEntry(context, each)), ...refused]
  return limit === undefined ? all : all.slice(-limit)
}

/** The refused file of that name, or whose name without its suffix it is. */
export function findRefused(context: CliContext, name: string): RefusedFile | undefined {
  return refusedFiles(context).find(({ file }) => file === name || file.replace(/\.(ya?ml|json)$/, '') === name)
}

/** Refused files that no rejected request speaks of already. */
function unlisted(context: CliContext, reader: StateReader): readonly RefusedFile[] {
  const refused = refusedFiles(context)
  if (refused.length === 0) return []
  const spoken = new Set(
    reader.requests().flatMap(({ phase, origin, status }) => {
      const known = phase === 'Rejected' && origin.kind === 'Spool' && status.reason === 'InvalidSpec'
      return known ? [origin.file] : []
    }),
  )
  return refused.filter(({ file }) => !spoken.has(file))
}

function toRefusedEntry({ output, clock }: CliContext, refused: RefusedFile): Entry {
  const { file, reason, at } = refused
  return {
    reference: `spoolfile/${file}`,
    object: refusedObject(refused),
    cells: [
      file,
      UNKNOWN,
      phaseCell(output, 'Rejected'),
      reason,
      UNKNOWN,
      at === null ? UNKNOWN : age(at, clock.nowMs()),
    ],
    wide: [UNKNOWN, null, null, null, null, UNKNOWN, `file ${file}`],
  }
}

function select(reader: StateReader, { target, phase, limit }: Filter): StoredRequest[] {
  const found = reader
    .listed()
    .filter((request) => target === undefined || request.spec.target === target)
    .filter((request) => phase === undefined || request.phase === phase)
  return limit === undefined ? found : found.slice(-limit)
}

function toEntry({ output, clock }: CliContext, request: StoredRequest): Entry {
  const { status, spec } = request
  const read = isSpecRead(request)
  return {
    reference: requestReference(request.name),
    object: toResource(request),
    cells: [
      request.name,
      read ? spec.target : UNKNOWN,
      phaseCell(output, request.phase),
      status.reason,
      read ? sourceCell(request) : UNKNOWN,
      age(request.createdAt, clock.nowMs()),
    ],
    wide: [
      read ? spec.mode : UNKNOWN,
      status.durationSeconds === undefined ? null : humanDuration(status.durationSeconds * 1000),
      status.downtimeMs === undefined ? null : `${status.downtimeMs}ms`,
      status.safetyBackup?.name,
      levelText(request),
      read ? spec.requestedBy : UNKNOWN,
      originText(request),
    ],
  }
}

function sourceCell({ spec, status }: StoredRequest): string {
  const text = sourceText(spec.source)
  const resolved = spec.source.latest === undefined ? undefined : status.resolvedBackup?.backupId
  return resolved === undefined ? text : `${text}: ${resolved}`
}

function levelText({ status: { escalation } }: StoredRequest): string | null {
  if (escalation === undefined) return null
  return escalation.acknowledged ? `${escalation.level} (acknowledged)` : escalation.level
}

export function originText({ origin }: StoredRequest): string {
  return origin.kind === 'Spool' ? `file ${origin.file}` : `api ${origin.client}`
}
