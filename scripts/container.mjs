/** A root directory booted with its own systemd (systemd-nspawn(1)), and commands run inside. */
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { clearTimeout, setTimeout } from 'node:timers'
import { setTimeout as delay } from 'node:timers/promises'

const PATIENCE_MS = 120_000
const LOOK_MS = 100

/** Waits until something is so. */
export async function until(what, holds) {
  const end = Date.now() + PATIENCE_MS
  for (;;) {
    const found = holds()
    if (found) return found
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`)
    await delay(LOOK_MS)
  }
}

export class Container {
  #manager
  #init

  /** Boots and waits for systemd to answer. No network, no registration with this machine's own systemd. */
  async boot(root) {
    const words = [
      '--quiet',
      '--directory',
      root,
      '--link-journal=no',
      '--register=no',
      '--keep-unit',
      '--private-network',
    ]
    this.#manager = spawn('systemd-nspawn', [...words, '--console=pipe', '--boot', '--', '--unit=multi-user.target'], {
      stdio: ['ignore', 'ignore', 'ignore'],
    })
    await until('systemd answers', () => {
      if (this.#manager.exitCode !== null) throw new Error(`systemd-nspawn ended with ${this.#manager.exitCode}`)
      // Asked anew each time: its first child is not yet the init.
      this.#init = childOf(this.#manager.pid)
      return this.#init !== undefined && /running|degraded/.test(this.run('systemctl is-system-running').stdout)
    })
  }

  /** Runs a shell line inside, as root; `status`, `stdout`, `stderr`. */
  run(line, input = '') {
    const env = {
      PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
      LANG: 'C.UTF-8',
      DEBIAN_FRONTEND: 'noninteractive',
      TERM: 'dumb',
    }
    const words = ['--target', String(this.#init), '--mount', '--uts', '--ipc', '--net', '--pid', '--root', '--wd']
    return spawnSync('nsenter', [...words, 'sh', '-c', line], { encoding: 'utf8', env, input })
  }

  /** The same, and anything but success is an error. */
  must(line, input) {
    const { status, stdout, stderr } = this.run(line, input)
    if (status !== 0) throw new Error(`${line}: exit ${status}\n${stdout}${stderr}`)
    return stdout
  }

  async stop() {
    if (this.#manager === undefined || this.#manager.exitCode !== null) return
    const ended = new Promise((resolve) => this.#manager.once('exit', resolve))
    this.run('systemctl poweroff --force')
    const forced = setTimeout(() => this.#manager.kill('SIGKILL'), 20_000)
    await ended
    clearTimeout(forced)
  }
}

function childOf(pid) {
  const [first = ''] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')
  return first === '' ? undefined : Number(first)
}
