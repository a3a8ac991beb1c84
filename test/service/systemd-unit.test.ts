import assert from 'node:assert/strict'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { systemClock } from '../../src/domain/clock.ts'
import type { ServiceSpec, Target } from '../../src/domain/target.ts'
import type { ServiceOperations } from '../../src/service/contract.ts'
import { createServiceOperations } from '../../src/service/service.ts'
import { refusalOf } from './refusal.ts'
import { Scratch, targetWith, until } from './scratch.ts'

/**
 * A stand-in for systemctl, for PID 1 of a test machine need not be systemd: one file per active unit. As systemd does,
 * it starts the service again while a socket or timer of it is up, and refuses a socket whose service runs.
 */
const SYSTEMCTL = `
echo "$*" >> "$DIR/calls"
verb=$1; for unit; do :; done
case "$unit" in unknown.*) echo "Failed to $verb $unit: Unit $unit not loaded." >&2; exit 5;; esac
triggered() { for trigger in $(cat "$DIR/triggers" 2>/dev/null); do test -e "$DIR/$trigger.active" && return 0; done; return 1; }
case "$unit" in modosu-gate@*)
  if test -e "$DIR/no-keeper"; then echo "Failed to $verb $unit: Unit $unit not found." >&2; exit 5; fi
  if test -e "$DIR/denied"; then echo "Failed to $verb $unit: Interactive authentication required." >&2; exit 1; fi
  gate="$DIR/units/app.service.d/50-modosu-gate.conf"
  case "$verb" in
    start) if ! test -e "$DIR/$unit.active"; then mkdir -p "$DIR/units/app.service.d"; touch "$gate" "$DIR/$unit.active"; fi;;
    restart) touch "$gate";;
    stop) rm -f "$gate" "$DIR/$unit.active";;
  esac
  exit 0;;
esac
case "$verb" in
  daemon-reload) ;;
  show) echo "TriggeredBy=$(cat "$DIR/triggers" 2>/dev/null)"; echo "LoadState=$(cat "$DIR/$unit.load" 2>/dev/null || echo loaded)";;
  stop)
    if test -e "$DIR/$unit.stuck"; then sleep 60; fi
    if test -e "$DIR/$unit.unstoppable"; then cat "$DIR/$unit.unstoppable" >&2; exit 5; fi
    rm -f "$DIR/$unit.active"
    if test "$unit" = app.service && triggered; then touch "$DIR/app.service.active"; fi;;
  start)
    if test -e "$DIR/units/$unit.d/50-modosu-gate.conf"; then echo "Assertion failed on job for $unit." >&2; exit 1; fi
    if test -e "$DIR/$unit.broken"; then
      echo "Job for $unit failed because the control process exited with error code." >&2; exit 1
    fi
    case "$unit" in *.socket) if test -e "$DIR/app.service.active"; then echo "Failed to listen: already active, refusing." >&2; exit 1; fi;; esac
    touch "$DIR/$unit.active";;
  is-active)
    if test -e "$DIR/$unit.state"; then cat "$DIR/$unit.state"; exit 3; fi
    if test -e "$DIR/$unit.active"; then echo active; else echo inactive; exit 3; fi;;
esac`

interface Machine {
  readonly scratch: Scratch
  readonly service: ServiceOperations
  readonly isUp: (unit: string) => boolean
  /** The state-changing calls so far. */
  readonly calls: () => string[]
  readonly target: (changes?: Partial<ServiceSpec>) => Target
}

function machine(active: readonly string[], triggers: readonly string[] = []): Machine {
  const scratch = new Scratch()
  scratch.script('systemctl', SYSTEMCTL)
  for (const unit of active) writeFileSync(scratch.at(`${unit}.active`), '')
  writeFileSync(scratch.at('triggers'), triggers.join(' '))
  return {
    scratch,
    service: createServiceOperations({
      clock: systemClock,
      baseEnvironment: scratch.baseEnvironment,
      scratchDir: scratch.path,
      systemdRuntimeDir: scratch.at('units'),
    }),
    isUp: (unit) => existsSync(scratch.at(`${unit}.active`)),
    calls: () =>
      scratch
        .read('calls')
        .split('\n')
        .filter((line) => /^(stop|start|restart|daemon-reload)( |$)/.test(line)),
    target: (changes) => targetWith({ unit: 'app.service', stopTimeoutMs: 30_000, startTimeoutMs: 30_000, ...changes }),
  }
}

describe('a systemd unit', { timeout: 60_000 }, () => {
  it('is stopped and started by its name', async () => {
    const { service, target, calls, isUp } = machine(['app.service'])
    assert.equal(await service.state(target()), 'active')
    assert.deepEqual(await service.stop(target()), { stopped: [] })
    assert.equal(await service.state(target()), 'inactive')
    await service.start(target(), [])
    assert.deepEqual(calls(), ['stop app.service', 'start app.service'])
    assert.ok(isUp('app.service'))
  })

  it('stays down because what would start it again is stopped first, and exactly that is started again', async () => {
    const triggers = ['app.socket', 'app.timer', 'app.path']
    const { service, target, calls, isUp } = machine(['app.service', 'app.socket', 'app.timer'], triggers)
    assert.deepEqual(await service.triggers(target()), ['app.socket', 'app.timer'])
    assert.deepEqual(calls(), [])
    const { stopped } = await service.stop(target())
    assert.deepEqual(stopped, ['app.socket', 'app.timer'])
    assert.ok(!isUp('app.service') && !isUp('app.socket') && !isUp('app.timer'))
    await service.start(target(), stopped)
    assert.ok(isUp('app.service') && isUp('app.socket') && isUp('app.timer') && !isUp('app.path'))
    assert.deepEqual(calls(), [
      'stop app.socket',
      'stop app.timer',
      'stop app.service',
      'start app.socket',
      'start app.service',
      'start app.timer',
    ])
  })

  it('that is down already is stopped once more without complaint', async () => {
    const { service, target } = machine([])
    assert.deepEqual(await service.stop(target()), { stopped: [] })
  })

  it('is finished being stopped after a crash between its triggers and itself', async () => {
    const { service, target, isUp } = machine(['app.service', 'app.timer'], ['app.socket', 'app.timer'])
    assert.deepEqual(await service.stop(target()), { stopped: ['app.timer'] })
    assert.ok(!isUp('app.service'))
  })

  for (const [word, state] of [
    ['activating', 'active'],
    ['deactivating', 'active'],
    ['reloading', 'active'],
    ['failed', 'inactive'],
    ['maintenance', 'unknown'],
  ] as const) {
    it(`is ${state} when systemd calls it ${word}`, async () => {
      const { service, target, scratch } = machine([])
      writeFileSync(scratch.at('app.service.state'), `${word}\n`)
      assert.equal(await service.state(target()), state)
    })
  }

  it('is unknown where there is no systemctl', async () => {
    const { scratch, target } = machine([])
    const service = createServiceOperations({ clock: systemClock, baseEnvironment: { PATH: scratch.at('none') } })
    assert.equal(await service.state(target()), 'unknown')
    assert.match((await refusalOf(service.stop(target()))).message, /cannot be run/)
  })

  it('fails to stop with systemd’s own words, and the hint names its journal', async () => {
    const { service, target } = machine([])
    const error = await refusalOf(service.start(target({ unit: 'unknown.service' }), []))
    assert.equal(error.reason, 'ServiceStartFailed')
    assert.equal(
      error.message,
      'unit unknown.service did not start: exit status 5: Failed to start unknown.service: Unit unknown.service not loaded.',
    )
    assert.equal(error.hint, 'journalctl -u unknown.service -n 50')
    assert.equal((await refusalOf(service.stop(target({ unit: 'unknown.service' })))).reason, 'ServiceStopFailed')
  })

  it('fails to stop when it does not end in time', async () => {
    const { service, target, scratch } = machine(['app.service'])
    writeFileSync(scratch.at('app.service.stuck'), '')
    const error = await refusalOf(service.stop(target({ stopTimeoutMs: 500 })))
    assert.deepEqual(
      [error.reason, error.message],
      ['ServiceStopFailed', 'unit app.service did not stop: did not end within 500 ms'],
    )
  })

  for (const [word, words] of [
    ['failed', 'Unit app.service is masked.'],
    ['inactive', 'Unit app.service not loaded.'],
  ] as const) {
    it(`is stopped where its stop fails and it is ${word}`, async () => {
      const { service, target, scratch } = machine([])
      writeFileSync(scratch.at('app.service.state'), `${word}\n`)
      writeFileSync(scratch.at('app.service.unstoppable'), words)
      assert.deepEqual(await service.stop(target()), { stopped: [] })
    })
  }

  it('is known not to start again where it is masked or has no file, and only there', async () => {
    const { service, target, scratch } = machine(['app.service'])
    assert.equal(await service.unstartable(target()), null)
    for (const state of ['masked', 'not-found', 'bad-setting', 'error']) {
      writeFileSync(scratch.at('app.service.load'), `${state}\n`)
      assert.equal(await service.unstartable(target()), `unit app.service is ${state}`)
    }
    assert.equal(await service.unstartable(target({ unit: 'unknown.service' })), null)
  })

  it('is not taken to own a process that only uses the same database', async () => {
    const { service, target, scratch } = machine([])
    assert.match((await service.endRemaining(target(), [process.pid])) ?? '', /is no process of app\.service/)
    assert.doesNotMatch(scratch.read('calls'), /kill/)
  })

  it('fails to stop where its stop fails and it is up', async () => {
    const { service, target, scratch } = machine(['app.service'])
    writeFileSync(scratch.at('app.service.unstoppable'), 'Access denied')
    const error = await refusalOf(service.stop(target()))
    assert.match(error.message, /did not stop: exit status 5: Access denied/)
  })

  it('fails to stop while it is still deactivating', async () => {
    const { service, target, scratch } = machine([])
    writeFileSync(scratch.at('app.service.state'), 'deactivating\n')
    const error = await refusalOf(service.stop(target({ stopTimeoutMs: 4000 })))
    assert.equal(error.message, 'unit app.service did not stop: still not down after 4 s')
  })

  it('is waited for while systemd calls it activating', async () => {
    const { service, target, scratch } = machine([])
    writeFileSync(scratch.at('app.service.state'), 'activating\n')
    const started = service.start(target(), [])
    await until(() => scratch.read('calls').includes('is-active'))
    rmSync(scratch.at('app.service.state'))
    await started
  })

  for (const word of ['failed', 'activating']) {
    it(`fails to start when systemd then calls it ${word}`, async () => {
      const { service, target, scratch } = machine([])
      writeFileSync(scratch.at('app.service.state'), `${word}\n`)
      const error = await refusalOf(service.start(target({ startTimeoutMs: 900 }), []))
      assert.equal(error.reason, 'ServiceStartFailed')
      assert.match(error.hint ?? '', /journalctl -u app.service -n 50/)
    })
  }

  it('is never an option for systemctl', async () => {
    const { service, target, scratch } = machine([])
    const error = await refusalOf(service.start(target({ unit: '--root=/' }), []))
    assert.match(error.message, /is no unit's name/)
    assert.equal(scratch.read('calls'), '')
  })

  it('can be interrupted while it is being stopped', async () => {
    const { service, target, scratch } = machine(['app.service'])
    writeFileSync(scratch.at('app.service.stuck'), '')
    const error = await refusalOf(service.stop(target(), AbortSignal.timeout(300)))
    assert.equal(error.reason, 'Interrupted')
  })
})

describe('the gate of a systemd unit', { timeout: 60_000 }, () => {
  const GATE = 'units/app.service.d/50-modosu-gate.conf'
  const KEEPER = 'modosu-gate@app.service.service'

  function gated(active: readonly string[] = ['app.service']): Machine {
    const made = machine(active)
    mkdirSync(made.scratch.at('units'))
    return made
  }

  it('is closed before anything is stopped, and opened before anything is started', async () => {
    const { service, target, calls, scratch } = gated()
    assert.equal(service.releaseCommand(target()), null)
    await service.stop(target())
    assert.equal(service.releaseCommand(target()), `systemctl stop ${KEEPER}`)
    await service.start(target(), [])
    assert.deepEqual(calls(), [`start ${KEEPER}`, 'stop app.service', `stop --no-block ${KEEPER}`, 'start app.service'])
    assert.ok(!existsSync(scratch.at(GATE)))
  })

  it('means the service where the configuration leaves the suffix out', async () => {
    const { service, target, scratch } = gated([])
    await service.stop(target({ unit: 'app' }))
    assert.ok(existsSync(scratch.at(GATE)))
  })

  it('is opened without a start where the unit did not run before', async () => {
    const { service, target, isUp, scratch } = gated([])
    await service.stop(target())
    await service.release(target())
    assert.ok(!existsSync(scratch.at(GATE)) && !isUp('app.service'))
    await service.release(target())
  })

  it('that somebody has opened by hand is closed anew by the next attempt', async () => {
    const { service, target, scratch } = gated()
    await service.stop(target())
    rmSync(scratch.at(GATE))
    await service.stop(target())
    assert.ok(existsSync(scratch.at(GATE)))
  })

  it('is laid by the daemon itself where its keeper is not installed, and taken away again', async () => {
    const { service, target, scratch, calls, isUp } = gated()
    writeFileSync(scratch.at('no-keeper'), '')
    await service.stop(target())
    assert.equal(scratch.read(GATE).split('\n').at(-2), `AssertPathExists=!${scratch.at(GATE)}`)
    assert.deepEqual(calls(), [`start ${KEEPER}`, 'daemon-reload', 'stop app.service'])
    await service.start(target(), [])
    assert.ok(isUp('app.service') && !existsSync(scratch.at('units/app.service.d')))
  })

  it('that cannot be closed leaves the application running', async () => {
    const { service, target, scratch, isUp } = gated()
    writeFileSync(scratch.at('denied'), '')
    const error = await refusalOf(service.stop(target()))
    assert.equal(error.reason, 'ServiceNotGated')
    assert.match(error.message, /cannot be kept from starting: .*Interactive authentication required/)
    assert.match(error.hint ?? '', /50-modosu\.rules/)
    assert.ok(isUp('app.service') && !existsSync(scratch.at(GATE)))
  })
})
