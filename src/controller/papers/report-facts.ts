/** What the state store knows of a request, for its report. Reads only, so it works with the daemon down. */

import type { ReportFacts } from '../../domain/papers/report-facts.ts'
import type { ReportSettings } from '../../domain/papers/settings.ts'
import type { Target } from '../../domain/target.ts'
import type { StateReader } from '../../store/reader.ts'
import type { StoredRequest } from '../../store/rows.ts'
import { MODE_RULES } from '../modes/table.ts'
import { UNDOES } from '../undo.ts'

/** What the program records of an end; who did something stands in the others. */
const OF_THE_PROGRAM: ReadonlySet<string> = new Set(Object.values(MODE_RULES).map(({ operation }) => operation))

/** @param target undefined: it has left the configuration. */
export function reportFactsOf(
  reader: Pick<StateReader, 'transitions' | 'events' | 'auditOf'>,
  request: StoredRequest,
  target: Target | undefined,
  settings: ReportSettings,
): ReportFacts {
  const { name, uid, work, annotations } = request
  return {
    request,
    transitions: reader.transitions(uid),
    events: reader.events({ request: name }),
    acts: reader.auditOf(name).filter(({ operation }) => !OF_THE_PROGRAM.has(operation)),
    undoes: annotations[UNDOES] ?? null,
    replacedOne: work.current?.exists ?? null,
    restarts: work.restarts ?? 0,
    timezone: settings.timezone ?? target?.backups.timezone ?? 'UTC',
    settings,
  }
}
