/** The checklists of a request (manual 10 and 11): shown to whoever sees the request, ticked by operators. */

import type { FastifyInstance, FastifyRequest } from 'fastify'

import type { Commands } from '../../controller/commands-contract.ts'
import { checklistFor } from '../../controller/papers/checklist-of.ts'
import { RestoreError } from '../../domain/errors.ts'
import { CHECKLIST_NAMES, type ChecklistName } from '../../domain/papers/checklist-words.ts'
import { checklistObject } from '../../domain/papers/checklist-object.ts'
import type { Language } from '../../domain/messages.ts'
import type { StoredRequest } from '../../store/rows.ts'
import { objectOf, textField, type JsonObject } from '../body.ts'
import { actorOf, callerOf, requireRole } from '../caller.ts'
import { API_PREFIX } from '../protocol.ts'
import { visibleRequest } from '../visible-request.ts'
import { PAPER_ROUTE } from './paper-schemas.ts'
import { acceptedLanguage, checklistSourcesOf, type ReportDoor } from './report-routes.ts'

export interface ChecklistDoor extends ReportDoor {
  readonly commands: Commands
}

interface Asked {
  readonly Params: { readonly name: string }
  readonly Querystring: { readonly list?: ChecklistName; readonly lang?: Language }
}

export function addChecklistRoutes(app: FastifyInstance, door: ChecklistDoor): void {
  const path = `${API_PREFIX}/restorerequests/:name/checklist`
  app.get<Asked>(path, { schema: PAPER_ROUTE.checklist }, (request) => {
    const found = visibleRequest(door.reader, request, request.params.name)
    return shown(door, request, found, request.query.list ?? usualList(found))
  })

  app.post<Asked>(path, { schema: PAPER_ROUTE.tick }, async (request) => {
    const caller = callerOf(request)
    const { name } = request.params
    requireRole(caller, 'operator', door.reader.request(name)?.spec.target)
    const body = objectOf(request.body)
    const list = listOf(body)
    const note = textField(body, 'note')
    const order = { list, tick: points(body, 'tick'), untick: points(body, 'untick') }
    const after = await door.commands.tick(name, note === undefined ? order : { ...order, note }, actorOf(caller))
    return shown(door, request, after, list)
  })
}

/** Before the start the list of before, afterwards the one of after. */
function usualList({ phase }: StoredRequest): ChecklistName {
  return phase === 'Pending' ? 'pre' : 'post'
}

async function shown(
  door: ChecklistDoor,
  request: FastifyRequest<Asked>,
  stored: StoredRequest,
  list: ChecklistName,
): Promise<object> {
  const { targets, say } = door
  const target = targets().find(({ name }) => name === stored.spec.target)
  if (target === undefined) {
    throw new RestoreError(`unknown target: ${stored.spec.target}`, { reason: 'NotFound', hint: 'modosu get targets' })
  }
  const language = request.query.lang ?? acceptedLanguage(request)
  const wording = { language, say: (text: string) => say?.(text, language) ?? text }
  return checklistObject(stored, await checklistFor(checklistSourcesOf(door), stored, target, list), wording)
}

function listOf(body: JsonObject): ChecklistName {
  const found = CHECKLIST_NAMES.find((each) => each === body['list'])
  if (found !== undefined) return found
  throw new RestoreError('list must be pre or post', { reason: 'InvalidArgument' })
}

function points(body: JsonObject, field: string): readonly number[] {
  const value = body[field] ?? []
  const isList = (each: unknown): each is readonly unknown[] => Array.isArray(each)
  if (isList(value) && value.length <= 100 && value.every((each) => Number.isSafeInteger(each))) {
    return value as readonly number[]
  }
  throw new RestoreError(`${field} must be a list of numbers of points`, { reason: 'InvalidArgument' })
}
