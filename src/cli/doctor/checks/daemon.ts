/** Whether the daemon runs and answers, and what its unit and its log say where it does not. */

import { lookAtReadiness } from '../readiness.ts'
import { shellWord } from '../../../domain/shell-word.ts'
import { skipped, well, type DaemonCheck } from '../check.ts'
import { DAEMON_UNIT, type Examination } from '../examination.ts'
import type { Found, Verdict } from '../finding.ts'
import { serviceOf } from '../sockets.ts'
import { listenersOn } from '../sockets.ts'
import { unitEvidence, type UnitState } from '../units.ts'

const TOLD_LINES = 5

export const daemonUnit: DaemonCheck = {
  name: 'unit',
  cause: 'unit',
  run: async (examination) => {
    const manager = await examination.manager()
    if (manager === 'absent') return skipped('systemd is not the service manager here')
    if (manager === 'late') return late()
    const unit = await examination.unit(DAEMON_UNIT)
    if (unit === null) return late()
    const { LoadState, ActiveState } = unit.properties
    const answers = (await examination.daemon()).kind === 'answers'
    if (LoadState === 'not-found') return skipped(`there is no unit ${DAEMON_UNIT} here`)
    const stopped =
      answers || ActiveState === 'active' || ActiveState === 'reloading' ? null : whyDown(examination, unit)
    if (stopped === null) return well(`${DAEMON_UNIT}: ${unitEvidence(unit)}`)
    const lines = (await examination.log(DAEMON_UNIT)) ?? []
    const evidence = [unitEvidence(unit), ...lines.slice(-TOLD_LINES)]
    return { findings: [{ ...stopped, evidence }], looked: `${DAEMON_UNIT}: ${unitEvidence(unit)}` }
  },
}

function late(): Verdict {
  const finding: Found = {
    severity: 'unseen',
    message: 'systemd does not answer: nothing is known of any unit',
    command: 'systemctl list-jobs; journalctl -b -p err -n 50',
    docs: null,
    late: true,
  }
  return { findings: [finding], looked: 'systemctl show' }
}

/** A unit that cannot be started is a cause; one that has ended is what something else has brought about. */
function whyDown(examination: Examination, { properties }: UnitState): Found {
  const start = examination.asRoot(`systemctl start ${DAEMON_UNIT}`)
  const docs = 'docs/runbooks/ModosuDown.md'
  switch (properties.LoadState) {
    case 'masked':
      return {
        severity: 'broken',
        message: `the unit ${DAEMON_UNIT} is masked: nothing can start it`,
        command: examination.asRoot(`systemctl unmask ${DAEMON_UNIT}`, `systemctl start ${DAEMON_UNIT}`),
        docs,
      }
    case 'bad-setting':
    case 'error':
      return {
        severity: 'broken',
        message: `systemd cannot load the unit ${DAEMON_UNIT}`,
        command: `systemd-analyze verify ${shellWord(properties.FragmentPath === '' ? DAEMON_UNIT : properties.FragmentPath)}`,
        docs,
      }
    default:
      return {
        severity: 'broken',
        cause: 'running',
        message:
          properties.ActiveState === 'failed'
            ? `the unit ${DAEMON_UNIT} has failed`
            : `the unit ${DAEMON_UNIT} is ${properties.ActiveState}`,
        command:
          properties.ActiveState === 'failed'
            ? examination.asRoot(`systemctl reset-failed ${DAEMON_UNIT}`, `systemctl start ${DAEMON_UNIT}`)
            : start,
        docs,
      }
  }
}

export const daemonAnswers: DaemonCheck = {
  name: 'socket',
  cause: 'running',
  run: async (examination) => {
    const { socket } = examination.configuration.api
    const daemon = await examination.daemon()
    const unit = (await examination.manager()) === 'present' ? await examination.unit(DAEMON_UNIT) : null
    const managed = unit !== null && unit.properties.LoadState !== 'not-found'
    const restart = managed ? examination.asRoot(`systemctl restart ${DAEMON_UNIT}`) : examination.modosu('daemon')
    switch (daemon.kind) {
      case 'answers':
        return well(`the daemon answers on ${socket}, version ${daemon.version}`)
      case 'denied':
        return told(socket, {
          severity: 'unseen',
          message: `${socket} is not for this user: whether the daemon answers is not known`,
          command: `sudo ${examination.modosu('doctor')}`,
          docs: null,
        })
      case 'late':
        return told(socket, {
          severity: 'broken',
          message: `the daemon takes a connection on ${socket} and does not answer`,
          evidence: [daemon.error.message],
          command: restart,
          docs: 'docs/runbooks/ModosuEventLoopBlocked.md',
        })
      case 'down':
        if (managed && unit.properties.ActiveState !== 'active') return skipped(`the unit ${DAEMON_UNIT} does not run`)
        return told(socket, {
          severity: 'broken',
          message: `the daemon does not run: nobody answers on ${socket}`,
          evidence: [daemon.error.message],
          command: managed ? examination.asRoot(`systemctl start ${DAEMON_UNIT}`) : examination.modosu('daemon'),
          docs: 'docs/runbooks/ModosuDown.md',
        })
    }
  },
}

function told(socket: string, finding: Found): Verdict {
  return { findings: [finding], looked: socket }
}

/** Where the daemon listens over TCP: somebody else there keeps it from starting. */
export const daemonListeners: DaemonCheck = {
  name: 'listeners',
  cause: 'listeners',
  run: async (examination) => {
    const { metrics, api } = examination.configuration
    const answers = (await examination.daemon()).kind === 'answers'
    const places = [
      { key: 'metrics.listen', listen: metrics.listen },
      { key: 'api.listen', listen: api.listen },
    ].flatMap(({ key, listen }) => (listen === null || listen.port === 0 ? [] : [{ key, ...listen }]))
    if (places.length === 0) return skipped('the daemon listens on no TCP port')
    const findings: Found[] = []
    for (const { key, host, port } of places) {
      const listeners = await listenersOn(port)
      if (listeners === null) findings.push(unknownPort(examination, key, port))
      else if (!answers && listeners.length > 0) findings.push(await taken(examination, key, port, listeners))
      else if (answers && listeners.length === 0) findings.push(notListening(examination, key, `${host}:${port}`))
    }
    const ready =
      answers && metrics.listen !== null && findings.length === 0 ? await lookAtReadiness(metrics.listen) : []
    for (const line of ready) {
      findings.push({
        severity: 'broken',
        message: `the daemon says that it is not ready: ${line}`,
        command: `curl -s http://${metrics.listen?.host ?? ''}:${metrics.listen?.port ?? 0}/readyz?verbose`,
        docs: null,
      })
    }
    return { findings, looked: places.map(({ key, host, port }) => `${key} ${host}:${port}`).join(', ') }
  },
}

function unknownPort(examination: Examination, key: string, port: number): Found {
  return {
    severity: 'unseen',
    message: `who listens on port ${port} (${key}) is not known: /proc/net cannot be read`,
    command: `sudo ${examination.modosu('doctor')}`,
    docs: null,
  }
}

async function taken(
  examination: Examination,
  key: string,
  port: number,
  [first]: readonly { readonly pid: number | null; readonly command: string; readonly uid: number }[],
): Promise<Found> {
  const pid = first?.pid ?? null
  const service = pid === null ? null : await serviceOf(pid)
  const who = pid === null ? `a process of user ${first?.uid ?? '?'}` : `pid ${pid} (${first?.command ?? ''})`
  return {
    severity: 'broken',
    message: `port ${port} (${key}) is taken by ${who}: the daemon cannot start`,
    command:
      pid === null
        ? `sudo lsof -i :${port}`
        : examination.asRoot(service === null ? `kill ${pid}` : `systemctl stop ${service}`),
    docs: null,
  }
}

function notListening(examination: Examination, key: string, address: string): Found {
  return {
    severity: 'warning',
    message: `the daemon answers on its socket, and nobody listens on ${address} (${key})`,
    command: examination.modosu('reload'),
    docs: null,
  }
}
