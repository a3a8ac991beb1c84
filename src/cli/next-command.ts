/** What a person would do next about a request. */

import { isTerminal, type TerminalPhase } from '../domain/phases.ts'
import type { RestoreRequest } from '../domain/resource.ts'

export interface NextCommand {
  readonly command: string
  readonly why: string
}

/** In the order in which to think of them; an empty list where all is done. */
export function nextCommands(request: RestoreRequest): readonly NextCommand[] {
  const { name, phase } = request
  if (isTerminal(phase)) return [...afterwards(request, phase), ...acknowledgement(request)]
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

function afterwards({ name, spec, status }: RestoreRequest, phase: TerminalPhase): readonly NextCommand[] {
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
      return [
        explain,
        { command: 'modosu validate -f FILE', why: 'check the mended file; the daemon reads it again by itself' },
      ]
    case 'Failed':
    case 'RolledBack':
      return [explain, { command: `modosu retry ${name}`, why: 'try again once the cause is mended' }]
    case 'Cancelled':
    case 'Expired':
      return [{ command: `modosu retry ${name}`, why: 'ask for it again' }]
  }
}

function acknowledgement({ name, status: { escalation } }: RestoreRequest): readonly NextCommand[] {
  if (escalation === undefined || escalation.acknowledged) return []
  return [{ command: `modosu ack ${name}`, why: `seen and dealt with: resolves the ${escalation.level} alert` }]
}
