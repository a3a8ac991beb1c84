/** The one line that `systemctl status` shows: what is being restored, in which phase, and what waits. */

import { occupiesTarget } from '../domain/phases.ts'
import type { StateReader } from '../store/reader.ts'

export function statusLine(store: Pick<StateReader, 'unfinished'>, spool: string): string {
  const unfinished = store.unfinished()
  const running = unfinished.filter(({ phase }) => occupiesTarget(phase))
  const waiting = unfinished.length - running.length
  const restores = running.map(({ name, phase, spec }) => `${spec.target}: ${phase} (${name})`)
  return [
    restores.length === 0 ? `watching ${spool}` : `restoring ${restores.join(', ')}`,
    ...(waiting === 0 ? [] : [`${waiting} waiting`]),
  ].join('; ')
}
