/** Whether the system's clock is kept by a time server, and goes with what the state store has seen. */

import { timeBeside } from '../../../daemon/time-keeper.ts'
import { isFuture, toRfc3339 } from '../../../domain/clock.ts'
import { RestoreError } from '../../../domain/errors.ts'
import { ask } from '../ask.ts'
import type { DaemonCheck } from '../check.ts'
import type { Examination } from '../examination.ts'
import type { Found } from '../finding.ts'

export const clock: DaemonCheck = {
  name: 'clock',
  cause: 'clock',
  run: async (examination) => {
    const findings: Found[] = []
    const nowMs = Date.now()
    const synchronized = await isSynchronized(examination)
    const evidence = [`date -u: ${toRfc3339(nowMs)}`, `NTPSynchronized=${synchronized ?? '?'}`]
    const { doubt } = timeBeside(examination.configuration.stateDir)
    const store = await examination.store()
    const newestMs = store instanceof RestoreError ? null : store.newestStampMs()
    if (doubt !== null) findings.push(implausible(examination, doubt, evidence, synchronized))
    else if (newestMs !== null && isFuture(newestMs, nowMs)) {
      const why = `the state store has a record of ${toRfc3339(newestMs)}`
      findings.push(implausible(examination, why, evidence, synchronized))
    } else if (synchronized === 'no') {
      findings.push({
        severity: 'note',
        message: 'no time server keeps the system clock',
        command: examination.asRoot('timedatectl set-ntp true'),
        docs: null,
      })
    }
    return { findings, looked: evidence.join(', ') }
  },
}

function implausible(
  examination: Examination,
  why: string,
  evidence: readonly string[],
  synchronized: string | null,
): Found {
  return {
    severity: 'warning',
    message: `the system clock is not believed, so nothing is deleted for its age: ${why}`,
    evidence,
    command:
      synchronized === 'yes'
        ? examination.modosu('prune --trust-clock')
        : examination.asRoot('timedatectl set-ntp true'),
    docs: 'docs/runbooks/ModosuClockNotBelieved.md',
  }
}

/** `yes`, `no`, or null where nobody says. */
async function isSynchronized(examination: Examination): Promise<string | null> {
  const { status, stdout } = await ask(
    ['timedatectl', 'show', '--property=NTPSynchronized', '--value'],
    examination.variables,
  )
  return status === 0 ? stdout.trim() : null
}
