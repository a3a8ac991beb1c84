/** What a person would do next about a request. */

import { join } from 'node:path'

import type { Language } from '../domain/messages.ts'
import { isTerminal, type TerminalPhase } from '../domain/phases.ts'
import type { RestoreRequest } from '../domain/resource.ts'
import { shellWord } from '../domain/shell-word.ts'
import { sayings, type Sayings } from './texts.ts'

export interface NextCommand {
  readonly command: string
  readonly why: string
}

/**
 * In the order in which to think of them; an empty list where all is done.
 *
 * @param spool the spool directory, for commands that name a file of it.
 */
export function nextCommands(request: RestoreRequest, spool: string, language: Language): readonly NextCommand[] {
  const { why } = sayings(language)
  const { name, phase } = request
  if (isTerminal(phase)) return [...afterwards(request, phase, { spool, why }), ...acknowledgement(request, why)]
  if (phase !== 'Pending') return [{ command: `modosu wait ${name} --progress`, why: why.follow }]
  if (request.suspended) return [{ command: `modosu resume ${name}`, why: why.start }]
  if (request.held || needsApproval(request)) {
    return [
      { command: `modosu approve ${name}`, why: why.start },
      { command: `modosu cancel ${name}`, why: why.giveUp },
    ]
  }
  if (request.status.reason === 'ChecklistRequired') {
    return [
      { command: `modosu checklist pre ${name}`, why: why.start },
      { command: `modosu cancel ${name}`, why: why.giveUp },
    ]
  }
  return [{ command: `modosu wait ${name} --progress`, why: why.follow }]
}

/** The request may ask for approvals, and its target for more: the daemon says so once it has looked. */
export function needsApproval({ phase, status, approvals, spec }: RestoreRequest): boolean {
  if (phase !== 'Pending') return false
  return status.reason === 'ApprovalRequired' || approvals.length < spec.approval.required
}

function afterwards(
  request: RestoreRequest,
  phase: TerminalPhase,
  { spool, why }: { readonly spool: string; readonly why: Sayings['why'] },
): readonly NextCommand[] {
  const { name, spec, status, origin } = request
  const explain = { command: `modosu explain ${status.reason ?? phase}`, why: why.explain }
  switch (phase) {
    case 'Succeeded':
      return []
    case 'RollbackFailed':
      return [{ command: `modosu rollback --target ${spec.target}`, why: why.putBack }, explain]
    case 'Rejected':
      return origin.kind === 'Spool'
        ? [
            explain,
            {
              command: `modosu validate -f ${shellWord(join(spool, origin.file))}`,
              why: why.validate,
            },
          ]
        : [explain]
    case 'Failed':
    case 'RolledBack':
      return [...room(request, why), explain, { command: `modosu retry ${name}`, why: why.retry }]
    case 'Cancelled':
    case 'Expired':
      return [{ command: `modosu retry ${name}`, why: why.again }]
  }
}

/** Pruning is proposed by a command that knows whether it would free anything. */
function room({ spec, status: { reason } }: RestoreRequest, why: Sayings['why']): readonly NextCommand[] {
  if (reason !== 'InsufficientSpace' && reason !== 'DiskFull') return []
  return [
    {
      command: `modosu disk --target ${spec.target}`,
      why: why.space,
    },
  ]
}

function acknowledgement(
  { name, status: { escalation } }: RestoreRequest,
  why: Sayings['why'],
): readonly NextCommand[] {
  if (escalation === undefined || escalation.acknowledged) return []
  return [{ command: `modosu ack ${name}`, why: why.acknowledge(escalation.level) }]
}
