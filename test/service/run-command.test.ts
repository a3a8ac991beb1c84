import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { describe, it } from 'node:test'
import { withDeadline } from '../../src/service/deadline.ts'
import { runCommand, type CommandResult } from '../../src/service/run-command.ts'
import { isAlive, Scratch, until } from './scratch.ts'

function run(
  scratch: Scratch,
  argv: readonly string[],
  timeoutMs = 60_000,
  signal?: AbortSignal,
): Promise<CommandResult> {
  const commands = { environment: scratch.baseEnvironment, scratchDir: scratch.path }
  return withDeadline(timeoutMs, signal, (deadline) => runCommand(argv, commands, timeoutMs, deadline))
}

describe('a command', { timeout: 60_000 }, () => {
  it('is run without a shell, each argument as it is', async () => {
    const scratch = new Scratch()
    const result = await run(scratch, ['printf', '[%s]', 'a b', '$HOME', '; exit 7', '*'])
    assert.deepEqual([result.status, result.output], [0, '[a b][$HOME][; exit 7][*]'])
  })

  it('has the given environment and nothing else', async () => {
    const scratch = new Scratch()
    const { output } = await run(scratch, ['env'])
    const names = output.split('\n').map((line) => line.slice(0, line.indexOf('=')))
    assert.deepEqual(names.sort(), ['HOME', 'LANG', 'PATH'])
  })

  it('gives its status and the end of what it wrote, stdout and stderr in their order', async () => {
    const scratch = new Scratch()
    const script = scratch.script('fails', 'echo one; echo two >&2; echo three; exit 3')
    const result = await run(scratch, [script])
    assert.deepEqual(result, { status: 3, cutShort: false, ending: 'exit status 3', output: 'one\ntwo\nthree' })
  })

  it('is quoted with its last 4 KB, fit to be printed', async () => {
    const scratch = new Scratch()
    const script = scratch.script('writes', String.raw`yes é | head -c 9000; printf '\033[2Jend\n'`)
    const { output } = await run(scratch, [script])
    assert.ok(Buffer.byteLength(output) <= 4096)
    assert.ok(output.endsWith('?[2Jend'))
    assert.doesNotMatch(output, /\uFFFD/)
  })

  it('that cannot be run says so', async () => {
    const scratch = new Scratch()
    for (const argv of [['/no/such/program'], [], ['a\0b']]) {
      const result = await run(scratch, argv)
      assert.equal(result.status, null)
      assert.match(result.ending, /^cannot be run: /)
    }
  })

  it('that is killed says by what', async () => {
    const scratch = new Scratch()
    const result = await run(scratch, [scratch.script('dies', 'kill -SEGV $$')])
    assert.deepEqual([result.status, result.ending], [null, 'was killed by SIGSEGV'])
  })

  it('has ended when its own process has, though what it leaves behind holds its output open', async () => {
    const scratch = new Scratch()
    const pidFile = scratch.pidFile('pid')
    const script = scratch.script(
      'leaves',
      `(while :; do echo still here; sleep 0.02; done) & echo $! > '${pidFile}'; echo done`,
    )
    const result = await run(scratch, [script])
    assert.equal(result.status, 0)
    assert.match(result.output, /done/)
    const pid = Number(scratch.read('pid'))
    await new Promise((resolve) => setTimeout(resolve, 200))
    assert.ok(isAlive(pid), 'it went on writing after we stopped reading')
  })

  it('is ended with its whole group when its time is up, even one that ignores SIGTERM', async () => {
    const scratch = new Scratch()
    const pidFile = scratch.pidFile('pid')
    const script = scratch.script(
      'hangs',
      `trap '' TERM; echo begun; sleep 60 & echo $! > '${pidFile}'; wait; wait; sleep 60`,
    )
    const result = await run(scratch, [script], 300)
    assert.deepEqual(
      [result.status, result.cutShort, result.ending, result.output],
      [null, true, 'did not end within 300 ms', 'begun'],
    )
    const pid = Number(scratch.read('pid'))
    await until(() => !isAlive(pid))
  })

  it('takes those of its group along that ignore SIGTERM when it does not itself', async () => {
    const scratch = new Scratch()
    const pidFile = scratch.pidFile('pid')
    const child = scratch.script('stubborn', `trap '' TERM; echo $$ > '${pidFile}'; while :; do sleep 0.05; done`)
    const result = await run(scratch, [scratch.script('parent', `'${child}' & wait`)], 400)
    assert.equal(result.cutShort, true)
    const pid = Number(scratch.read('pid'))
    assert.ok(pid > 1)
    await until(() => !isAlive(pid))
  })

  it('that ends with 0 because it was told to has not done its work', async () => {
    const scratch = new Scratch()
    const script = scratch.script('polite', `trap 'exit 0' TERM; sleep 60 & wait`)
    assert.deepEqual((await run(scratch, [script], 200)).status, null)
  })

  it('is ended when the caller says so, and not begun when that was before', async () => {
    const scratch = new Scratch()
    const script = scratch.script('waits', 'touch "$DIR/begun"; sleep 60')
    const controller = new AbortController()
    const running = run(scratch, [script], 60_000, controller.signal)
    await until(() => readdirSync(scratch.path).includes('begun'))
    controller.abort()
    assert.equal((await running).ending, 'was interrupted')
    const other = scratch.script('never', 'touch "$DIR/ran"')
    assert.equal((await run(scratch, [other], 60_000, controller.signal)).cutShort, true)
    assert.ok(!readdirSync(scratch.path).includes('ran'))
  })

  it('is ended too where the caller says so before it has begun to run', async () => {
    const scratch = new Scratch()
    const controller = new AbortController()
    const running = run(scratch, ['sleep', '600'], 60_000, controller.signal)
    controller.abort()
    assert.deepEqual([(await running).status, (await running).cutShort], [null, true])
  })

  it('leaves no file behind', async () => {
    const scratch = new Scratch()
    await run(scratch, ['echo', 'x'])
    await run(scratch, ['/no/such/program'])
    assert.deepEqual(readdirSync(scratch.path), [])
  })

  it('that writes without end is bounded', async () => {
    const scratch = new Scratch()
    const script = scratch.script(
      'floods',
      'yes | head -c 40000000; while [ "$(stat -Lc %s /proc/$$/fd/1)" -gt 4000000 ]; do sleep 0.02; done; echo cut',
    )
    assert.equal((await run(scratch, [script])).output.split('\n').at(-1), 'cut')
  })
})
