/** The application of a target: its unit, its port, its health check, and whether a restore has taken it down on purpose. */

import { isIP } from 'node:net'

import { RestoreError } from '../../../domain/errors.ts'
import { shellWord } from '../../../domain/shell-word.ts'
import type { Target } from '../../../domain/target.ts'
import { belongsTo } from '../../../service/control-group.ts'
import { fullUnitName } from '../../../service/systemctl.ts'
import { skipped, well, type TargetCheck } from '../check.ts'
import type { Examination } from '../examination.ts'
import type { Found, Verdict } from '../finding.ts'
import { listenersOn, serviceOf, type Listener } from '../sockets.ts'
import { unitEvidence, type UnitState } from '../units.ts'

const TOLD_LINES = 5
const DOCS = 'docs/runbooks/ModosuApplicationDown.md'

/** What a restore did, or is doing, explains more than any symptom. */
export const restores: TargetCheck = {
  name: 'restores',
  cause: 'restore',
  run: async (examination, target) => {
    const store = await examination.store()
    if (store instanceof RestoreError) return skipped('without a state store no restore is known')
    const running = store.running(target.name)
    if (running !== undefined) {
      const finding: Found = {
        severity: 'warning',
        message: `a restore is running and keeps the application down: ${running.name}, phase ${running.phase}`,
        command: examination.modosu(`wait ${running.name} --progress`),
        docs: null,
      }
      return { findings: [finding], looked: running.name }
    }
    const last = store.lastOutcome(target.name)
    if (last === undefined) return well(`${target.name}: no restore so far`)
    if (last.result === 'RollbackFailed') {
      const finding: Found = {
        severity: 'broken',
        message: `the last restore, ${last.request}, failed and was NOT rolled back`,
        evidence: [`${last.result} ${last.reason} ${last.at}`],
        command: examination.modosu(`rollback --target ${target.name}`),
        docs: 'docs/runbooks/ModosuRollbackFailed.md',
      }
      return { findings: [finding], looked: last.request }
    }
    return well(`${last.request}: ${last.result}, ${last.at}`)
  },
}

export const applicationUnit: TargetCheck = {
  name: 'unit',
  cause: 'unit',
  run: async (examination, target) => {
    const unitName = target.service?.unit
    if (unitName === undefined) return byCommand(examination, target)
    const manager = await examination.manager()
    if (manager === 'absent') return skipped('systemd is not the service manager here')
    const unit = await examination.unitOf(target)
    const name = fullUnitName(unitName)
    if (unit === null) return { findings: [unanswered(examination, name, manager === 'late')], looked: name }
    const down = await whyDown(examination, target, unit)
    if (down === null) return well(`${name}: ${unitEvidence(unit)}`)
    const lines = (await examination.log(name)) ?? []
    const evidence = [unitEvidence(unit), ...lines.slice(-TOLD_LINES)]
    return { findings: [{ ...down, evidence }], looked: `${name}: ${unitEvidence(unit)}` }
  },
}

async function byCommand(examination: Examination, target: Target): Promise<Verdict> {
  if (target.service?.command?.status === undefined)
    return skipped('the configuration names no unit and no status command')
  const state = await examination.service.state(target)
  if (state !== 'inactive') return well(`service.command.status: ${state}`)
  const finding: Found = {
    severity: 'broken',
    cause: 'running',
    message: 'the application is stopped, as its status command says',
    command: target.service.command.start.map(shellWord).join(' '),
    docs: DOCS,
  }
  return { findings: [finding], looked: 'service.command.status' }
}

function unanswered(examination: Examination, name: string, late: boolean): Found {
  return {
    severity: 'unseen',
    message: `systemd does not say how ${name} is`,
    command: late ? 'systemctl list-jobs' : `systemctl status ${name}`,
    docs: null,
    late,
  }
}

/** What cannot start is a cause. What has ended was brought down by something, which another check may find. */
async function whyDown(
  examination: Examination,
  target: Target,
  { name, properties }: UnitState,
): Promise<Found | null> {
  const start = examination.asRoot(`systemctl start ${name}`)
  const release = examination.service.releaseCommand(target)
  const store = await examination.store()
  const busy = !(store instanceof RestoreError) && store.running(target.name) !== undefined
  if (release !== null && !busy) {
    return {
      severity: 'broken',
      message: `the unit ${name} is kept from starting by a restore that is over`,
      command: examination.asRoot(release, `systemctl start ${name}`),
      docs: DOCS,
    }
  }
  switch (properties.LoadState) {
    case 'masked':
      return {
        severity: 'broken',
        message: `the unit ${name} is masked: nothing can start it`,
        command: examination.asRoot(`systemctl unmask ${name}`, `systemctl start ${name}`),
        docs: DOCS,
      }
    case 'not-found':
      return {
        severity: 'broken',
        message: `there is no unit ${name}, which the configuration names as the service of ${target.name}`,
        command: `systemctl list-unit-files --type=service | grep -i ${shellWord(target.name.slice(0, 4))}`,
        docs: DOCS,
      }
    case 'bad-setting':
    case 'error':
      return {
        severity: 'broken',
        message: `systemd cannot load the unit ${name}`,
        command: `systemd-analyze verify ${shellWord(properties.FragmentPath === '' ? name : properties.FragmentPath)}`,
        docs: DOCS,
      }
  }
  if (busy || ['active', 'reloading', 'refreshing'].includes(properties.ActiveState)) return null
  const failed = properties.ActiveState === 'failed'
  return {
    severity: 'broken',
    cause: 'running',
    message: failed ? `the unit ${name} has failed` : `the unit ${name} is ${properties.ActiveState}`,
    command: failed ? examination.asRoot(`systemctl reset-failed ${name}`, `systemctl start ${name}`) : start,
    docs: DOCS,
  }
}

export const port: TargetCheck = {
  name: 'port',
  cause: 'port',
  run: async (examination, { healthCheck, service }) => {
    const url = healthCheck === null ? null : new URL(healthCheck.url)
    if (url === null || !isHere(url.hostname)) return skipped('the configuration names no port of this machine')
    const number = Number(url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port)
    const listeners = await listenersOn(number)
    const looked = `port ${number}: ${listeners?.map(toText).join(', ') ?? '?'}`
    if (listeners === null) return { findings: [portUnseen(examination, number)], looked }
    if (service?.unit === undefined) return well(looked)
    const unit = await examination.unitOf({ service } as Target)
    if (unit === null) return well(looked)
    const foreign = listeners.find(({ pid }) => pid !== null && !belongsTo(pid, unit.name))
    if (foreign !== undefined) return { findings: [await takenBy(examination, number, unit, foreign)], looked }
    const hidden = listeners.some(({ pid }) => pid === null)
    const up = unit.properties.ActiveState === 'active'
    if (hidden && !up) return { findings: [takenByUnknown(number, unit, listeners)], looked }
    return { findings: hidden ? [portUnseen(examination, number)] : [], looked }
  },
}

function isHere(hostname: string): boolean {
  const name = hostname.replace(/^\[(.*)\]$/, '$1')
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'))
}

function toText({ pid, command, uid }: Listener): string {
  return pid === null ? `uid ${uid}` : `pid ${pid} (${command})`
}

async function takenBy(
  examination: Examination,
  number: number,
  unit: UnitState,
  { pid, command }: Listener,
): Promise<Found> {
  const service = pid === null ? null : await serviceOf(pid)
  const stop = service === null ? `kill ${pid ?? ''}` : `systemctl stop ${service}`
  return {
    severity: 'broken',
    message: `port ${number} is taken by pid ${pid ?? '?'}, which is no process of ${unit.name}`,
    evidence: [command],
    command: examination.asRoot(stop, `systemctl restart ${unit.name}`),
    docs: DOCS,
  }
}

function takenByUnknown(number: number, { name }: UnitState, [first]: readonly Listener[]): Found {
  return {
    severity: 'broken',
    message: `port ${number} is taken by a process of user ${first?.uid ?? '?'} while ${name} does not run`,
    command: `sudo lsof -i :${number}`,
    docs: DOCS,
  }
}

function portUnseen(examination: Examination, number: number): Found {
  return {
    severity: 'unseen',
    message: `whose process listens on port ${number} cannot be seen by this user`,
    command: `sudo ${examination.modosu('doctor')}`,
    docs: null,
  }
}

/** Last of all: an application that does not answer is what the other checks explain. */
export const health: TargetCheck = {
  name: 'health',
  cause: 'health',
  run: async (examination, target) => {
    if (target.healthCheck === null) return skipped('the configuration names no health check')
    const store = await examination.store()
    if (!(store instanceof RestoreError) && store.running(target.name) !== undefined) {
      return skipped('a restore is running')
    }
    const { running, text } = await examination.service.look(target)
    if (running !== false) return well(text)
    const unit = target.service?.unit
    const finding: Found = {
      severity: 'broken',
      message: `the application does not answer its health check: ${text}`,
      command: unit === undefined ? `curl -sk ${shellWord(target.healthCheck.url)}` : `journalctl -u ${unit} -n 50`,
      docs: DOCS,
    }
    return { findings: [finding], looked: text }
  },
}
