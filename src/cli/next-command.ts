/** What a person would do next about a request. */

import { join } from 'node:path'

import { isTerminal, type TerminalPhase } from '../domain/phases.ts'
import type { RestoreRequest } from '../domain/resource.ts'
import { shellWord } from '../domain/shell-word.ts'

export interface NextCommand {
  readonly command: string
  readonly why: string
}

/**
 * In the order in which to think of them; an empty list where all is done.
 *
 * @param spool the spool directory, for commands that name a file of it.
 */
export function nextCommands(request: RestoreRequest, spool: string): readonly NextCommand[] {
  const { name, phase } = request
  if (isTerminal(phase)) return [...afterwards(request, phase, spool), ...acknowledgement(request)]
  if (phase !== 'Pending') return [{ command: `modosu wait ${name} --progress`, why: 'follow it to its end' }]
  if (request.suspended) return [{ command: `modosu resume ${name}`, why: 'let it start' }]
  if (request.held || request.approvals.length < request.spec.approval.required) {
    return [
      { command: `modosu approve ${name}`, why: 'let it start' },
      { command: `modosu cancel ${name}`, why: 'or give it up' },
    ]
  }
  return [{ command: `modosu wait ${name} --progress`, why: 'follow it to its end' }]
}

function afterwards(request: RestoreRequest, phase: TerminalPhase, spool: string): readonly NextCommand[] {
  const { name, spec, status, origin } = request
  const explain = { command: `modosu explain ${status.reason ?? phase}`, why: 'cause, check and remedy' }
  switch (phase) {
    case 'Succeeded':
      return []
    case 'RollbackFailed':
      return [
        { command: `modosu rollback --target ${spec.target}`, why: 'put the safety backup back by hand (manual 7.2)' },
        explain,
      ]
    case 'Rejected':
      return origin.kind === 'Spool'
        ? [
            explain,
            {
              command: `modosu validate -f ${shellWord(join(spool, origin.file))}`,
              why: 'check the mended file; the daemon reads it again by itself',
            },
          ]
        : [explain]
    case 'Failed':
    case 'RolledBack':
      return [...room(request), explain, { command: `modosu retry ${name}`, why: 'try again once the cause is mended' }]
    case 'Cancelled':
    case 'Expired':
      return [{ command: `modosu retry ${name}`, why: 'ask for it again' }]
  }
}

/** Pruning is proposed by a command that knows whether it would free anything. */
function room({ spec, status: { reason } }: RestoreRequest): readonly NextCommand[] {
  if (reason !== 'InsufficientSpace' && reason !== 'DiskFull') return []
  return [
    {
      command: `modosu disk --target ${spec.target}`,
      why: 'what uses the space, and whether pruning would free any',
    },
  ]
}

function acknowledgement({ name, status: { escalation } }: RestoreRequest): readonly NextCommand[] {
  if (escalation === undefined || escalation.acknowledged) return []
  return [{ command: `modosu ack ${name}`, why: `seen and dealt with: resolves the ${escalation.level} alert` }]
}
