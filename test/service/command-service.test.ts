import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { systemClock } from '../../src/domain/clock.ts'
import type { ServiceSpec, Target } from '../../src/domain/target.ts'
import type { ServiceOperations } from '../../src/service/contract.ts'
import { createServiceOperations } from '../../src/service/service.ts'
import { refusalOf } from './refusal.ts'
import { isAlive, Scratch, targetWith, until } from './scratch.ts'

interface Application {
  readonly scratch: Scratch
  readonly service: ServiceOperations
  readonly target: (changes?: Partial<ServiceSpec>) => Target
}

/** An application of which a file says whether it runs. */
function application(scripts: { stop: string; start: string; status?: string }): Application {
  const scratch = new Scratch()
  const stop = [scratch.script('stop', `echo stop >> "$DIR/calls"\n${scripts.stop}`)]
  const start = [scratch.script('start', `echo start >> "$DIR/calls"\n${scripts.start}`)]
  const status = scripts.status === undefined ? {} : { status: [scratch.script('status', scripts.status)] }
  return {
    scratch,
    service: createServiceOperations({
      clock: systemClock,
      baseEnvironment: scratch.baseEnvironment,
      scratchDir: scratch.path,
    }),
    target: (changes) =>
      targetWith({ command: { stop, start, ...status }, stopTimeoutMs: 30_000, startTimeoutMs: 30_000, ...changes }),
  }
}

const STATUS = 'test -e "$DIR/up" && exit 0; exit 3'
const WELL = { stop: 'rm -f "$DIR/up"', start: 'touch "$DIR/up"', status: STATUS }

describe('an application of commands', { timeout: 60_000 }, () => {
  it('is stopped and started, and says which it is', async () => {
    const { service, target, scratch } = application(WELL)
    writeFileSync(scratch.at('up'), '')
    assert.equal(await service.state(target()), 'active')
    assert.deepEqual(await service.triggers(target()), [])
    assert.deepEqual(await service.stop(target()), { stopped: [] })
    assert.equal(await service.state(target()), 'inactive')
    await service.start(target(), [])
    assert.equal(await service.state(target()), 'active')
    assert.equal(scratch.read('calls'), 'stop\nstart\n')
  })

  it('is not stopped or started twice', async () => {
    const { service, target, scratch } = application(WELL)
    await service.stop(target())
    assert.equal(scratch.read('calls'), '')
    writeFileSync(scratch.at('up'), '')
    await service.start(target(), [])
    assert.equal(scratch.read('calls'), '')
  })

  it('is waited for when it takes its time after the command has ended', async () => {
    const slow = (act: string): string => `(sleep 0.4; ${act} "$DIR/up") > /dev/null 2>&1 &`
    const { service, target, scratch } = application({ stop: slow('rm'), start: slow('touch'), status: STATUS })
    await service.start(target(), [])
    assert.equal(await service.state(target()), 'active')
    await service.stop(target())
    assert.equal(await service.state(target()), 'inactive')
    assert.equal(scratch.read('calls'), 'start\nstop\n')
  })

  it('has stopped when its status says so, though the stop command found nothing to do', async () => {
    const { service, target, scratch } = application({ ...WELL, stop: 'rm -f "$DIR/up"; exit 1' })
    writeFileSync(scratch.at('up'), '')
    await service.stop(target())
  })

  it('is known to nobody without a status command: it is stopped and started whenever asked', async () => {
    const { service, target, scratch } = application({ stop: WELL.stop, start: WELL.start })
    assert.equal(await service.state(target()), 'unknown')
    await service.stop(target())
    await service.stop(target())
    await service.start(target(), [])
    assert.equal(scratch.read('calls'), 'stop\nstop\nstart\n')
  })

  it('is unknown when its status command says anything else or cannot be run', async () => {
    const { service, target, scratch } = application({ ...WELL, status: 'exit 4' })
    assert.equal(await service.state(target()), 'unknown')
    rmSync(scratch.at('status'))
    assert.equal(await service.state(target()), 'unknown')
  })

  it('fails to stop with the command’s status and output', async () => {
    const { service, target, scratch } = application({ ...WELL, stop: 'echo "no permission" >&2; exit 5' })
    writeFileSync(scratch.at('up'), '')
    const error = await refusalOf(service.stop(target()))
    assert.equal(error.reason, 'ServiceStopFailed')
    assert.equal(error.message, 'stop command failed: exit status 5: no permission')
  })

  it('fails to stop when it goes on running', async () => {
    const { service, target, scratch } = application({ ...WELL, stop: 'exit 0' })
    writeFileSync(scratch.at('up'), '')
    const error = await refusalOf(service.stop(target({ stopTimeoutMs: 600 })))
    assert.deepEqual([error.reason, error.message], ['ServiceStopFailed', 'application is still not down after 600 ms'])
  })

  it('fails to start when its command does not end, and the hint tells of the background', async () => {
    const { service, target, scratch } = application({ ...WELL, start: 'echo $$ > "$DIR/pid"; sleep 60' })
    const error = await refusalOf(service.start(target({ startTimeoutMs: 500 }), []))
    assert.equal(error.reason, 'ServiceStartFailed')
    assert.equal(error.message, 'start command failed: did not end within 500 ms')
    assert.match(error.hint ?? '', /background/)
    assert.ok(!isAlive(Number(scratch.read('pid'))))
  })

  it('can be interrupted', async () => {
    const { service, target, scratch } = application({ ...WELL, stop: 'touch "$DIR/begun"; sleep 60' })
    writeFileSync(scratch.at('up'), '')
    const controller = new AbortController()
    const stopping = refusalOf(service.stop(target(), controller.signal))
    await until(() => scratch.read('calls') !== '')
    controller.abort()
    assert.equal((await stopping).reason, 'Interrupted')
  })
})

describe('what a start command leaves behind', { timeout: 60_000 }, () => {
  it('outlives the daemon, though it writes to the output that it was given', async () => {
    const { scratch } = application(WELL)
    const pidFile = scratch.pidFile('pid')
    const start = scratch.script(
      'start',
      `(while :; do echo serving; date > "$DIR/beat"; sleep 0.02; done) & echo $! > '${pidFile}'`,
    )
    const program = `
      import { createServiceOperations } from ${JSON.stringify(new URL('../../src/service/service.js', import.meta.url).href)}
      const service = createServiceOperations({ clock: { nowMs: () => 0 }, baseEnvironment: ${JSON.stringify(scratch.baseEnvironment)} })
      const command = { stop: ['true'], start: ['${start}'] }
      await service.start({ service: { command, stopTimeoutMs: 9000, startTimeoutMs: 9000 } }, [])
      process.kill(process.pid, 'SIGKILL')`
    const daemon = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: 'inherit' })
    await new Promise((resolve) => daemon.once('exit', resolve))
    assert.equal(daemon.signalCode, 'SIGKILL')
    rmSync(scratch.at('beat'), { force: true })
    await until(() => scratch.read('beat') !== '')
    assert.ok(isAlive(Number(scratch.read('pid'))))
  })
})

describe('a target without a service', { timeout: 60_000 }, () => {
  it('is left alone', async () => {
    const { service } = application(WELL)
    const target = targetWith(null)
    assert.equal(await service.state(target), 'unknown')
    assert.deepEqual(await service.stop(target), { stopped: [] })
    await service.start(target, [])
    assert.deepEqual(await service.waitHealthy(target), { attempts: 0, tookMs: 0 })
  })
})
