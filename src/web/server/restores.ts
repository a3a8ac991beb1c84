/** What a person begins: the dry run behind a preview, and the restore itself. */

import { API_VERSION, REQUEST_KIND } from '../../domain/resource.ts'
import { call, MANUAL, RESOURCES } from './client.ts'
import type { Backup, RestoreRequest, Undo } from './objects.ts'
import { user } from './session.ts'

const LONGEST_REQUESTED_BY = 128
const LONGEST_TARGET = 30

/** @returns the name of the request. @throws CallFailed. */
export async function createPlan({ backup_id: backupId, target }: Backup): Promise<string> {
  const random = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(/\D/g, '')
  const name = `preview-${target.slice(0, LONGEST_TARGET)}-${stamp}-${random.toString(36)}`
  const made = await call<RestoreRequest>(`${RESOURCES}/restorerequests`, {
    method: 'POST',
    body: {
      apiVersion: API_VERSION,
      kind: REQUEST_KIND,
      metadata: { name: name.toLowerCase() },
      spec: {
        target,
        source: { backupId },
        confirm: true,
        mode: 'DryRun',
        requestedBy: (user.peek()?.username ?? '').slice(0, LONGEST_REQUESTED_BY),
      },
    },
  })
  return made.metadata.name
}

/** Manual 3.2, step 5. @returns the proof for the restore of this backup. @throws CallFailed 401, 403 or 429. */
export async function reauthenticate(password: string, backupId: string): Promise<string> {
  const { data } = await call<{ readonly data: { readonly proof: string } }>(`${MANUAL}/auth/reauth`, {
    method: 'POST',
    body: { password, backup_id: backupId },
  })
  return data.proof
}

/**
 * @param proof null: none is asked of this person.
 * @returns the name of the request.
 * @throws CallFailed where it is refused: nothing was made.
 */
export async function restore(
  { backup_id: id, target }: Backup,
  proof: string | null,
  reason: string,
): Promise<string> {
  const at = `${MANUAL}/backups/${encodeURIComponent(id)}/restore?target=${encodeURIComponent(target)}`
  const { data } = await call<{ readonly data: { readonly request: string } }>(at, {
    method: 'POST',
    body: { confirm: true, backup_current: true, reason },
    headers: { prefer: 'respond-async', ...(proof === null ? {} : { 'x-modosu-reauth': proof }) },
  })
  return data.request
}

/**
 * What was shown is what is taken back: refused where another restore has taken effect since.
 *
 * @returns the name of the request. @throws CallFailed: nothing was made.
 */
export async function rollBack({ target, undoes, safetyBackup }: Undo, proof: string | null): Promise<string> {
  const made = await call<RestoreRequest>(`${RESOURCES}/targets/${encodeURIComponent(target)}/rollback`, {
    method: 'POST',
    body: { safetyBackup: safetyBackup.name, undoes: undoes.request },
    headers: proof === null ? {} : { 'x-modosu-reauth': proof },
  })
  return made.metadata.name
}

/** One act on a request: cancel, approve, ack, retry. @throws CallFailed. */
export async function act(name: string, verb: string, body: object = {}): Promise<RestoreRequest> {
  return call<RestoreRequest>(`${RESOURCES}/restorerequests/${encodeURIComponent(name)}/${verb}`, {
    method: 'POST',
    body,
  })
}
