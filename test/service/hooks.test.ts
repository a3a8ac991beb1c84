import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemClock } from '../../src/domain/clock.ts'
import type { CommandSpec } from '../../src/domain/target.ts'
import { createServiceOperations } from '../../src/service/service.ts'
import { refusalOf } from './refusal.ts'
import { Scratch } from './scratch.ts'

function hookOf(body: string, timeoutMs = 30_000) {
  const scratch = new Scratch()
  const hook: CommandSpec = { name: 'notify-users', command: [scratch.script('hook', body)], timeoutMs }
  const service = createServiceOperations({
    clock: systemClock,
    baseEnvironment: scratch.baseEnvironment,
    scratchDir: scratch.path,
  })
  return { scratch, run: (environment: Record<string, string>) => service.runHook(hook, { environment }) }
}

describe('a hook', { timeout: 60_000 }, () => {
  it('learns of the restore through MODOSU_* variables', async () => {
    const { scratch, run } = hookOf('echo "$MODOSU_REQUEST|$MODOSU_TARGET" > "$DIR/seen"')
    await run({ MODOSU_REQUEST: 'inc-4711', MODOSU_TARGET: 'itsm nexus; rm -rf /' })
    assert.equal(scratch.read('seen'), 'inc-4711|itsm nexus; rm -rf /\n')
  })

  it('is given no other variable, and none that a program could not have', async () => {
    const { scratch, run } = hookOf('env > "$DIR/seen"')
    await run({ LD_PRELOAD: '/tmp/evil.so', PATH: '/tmp', MODOSU_REASON: 'a\0b' })
    const seen = scratch.read('seen')
    assert.doesNotMatch(seen, /evil|^PATH=\/tmp$/m)
    assert.match(seen, /^MODOSU_REASON=ab$/m)
  })

  it('fails with its name, its status and its last words', async () => {
    const { run } = hookOf('echo "mail server is down" >&2; exit 75')
    const error = await refusalOf(run({}))
    assert.equal(error.reason, 'HookFailed')
    assert.equal(error.message, 'hook notify-users failed: exit status 75: mail server is down')
  })

  it('fails when it takes too long', async () => {
    const error = await refusalOf(hookOf('sleep 60', 200).run({}))
    assert.deepEqual(
      [error.reason, error.message],
      ['HookFailed', 'hook notify-users failed: did not end within 200 ms'],
    )
  })
})
