/**
 * A machine whose PID 1 is a real systemd, in a container over an overlay of this one, with Modosu installed as
 * deploy/systemd says. Takes root and systemd-nspawn.
 */

import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url))
const UNITS = join(REPOSITORY, 'deploy/systemd')
const PATIENCE_MS = 120_000

/** Why there can be no such machine here; false where there can. */
export function missingForMachine(): string | false {
  if (process.getuid?.() !== 0) return 'a machine with systemd takes root'
  for (const [file, from] of [
    ['/usr/bin/systemd-nspawn', 'systemd-container'],
    ['/usr/bin/dbus-daemon', 'dbus'],
    ['/usr/lib/polkit-1/polkitd', 'polkitd'],
    ['/usr/bin/perl', 'perl-base'],
  ] as const) {
    if (!existsSync(file)) return `${file} is not installed (${from})`
  }
  if (spawnSync('unshare', ['--mount', '--pid', '--net', '--fork', 'true']).status !== 0)
    return 'no container can be made here'
  return false
}

export class Machine {
  readonly #folder = mkdtempSync(join(tmpdir(), 'modosu-machine-'))
  readonly root = join(this.#folder, 'root')
  #container: ChildProcess | undefined
  #leader = 0

  constructor() {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', this.#folder])
    for (const name of ['upper', 'work', 'root']) mkdirSync(join(this.#folder, name))
    const options = `lowerdir=/,upperdir=${join(this.#folder, 'upper')},workdir=${join(this.#folder, 'work')}`
    execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', options, this.root])
    this.#install()
  }

  /** As README.md's lines for an installation by hand. */
  #install(): void {
    this.write(
      '/usr/bin/modosu',
      '#!/bin/sh\nexec /usr/lib/modosu/node /usr/lib/modosu/app/build/src/main.js "$@"\n',
      0o755,
    )
    this.write('/usr/lib/modosu/node', '')
    mkdirSync(join(this.root, 'usr/lib/modosu/app'))
    for (const [name, to, mode] of [
      ['notify-socket', '/usr/lib/modosu/notify-socket', 0o755],
      ['modosu.service', '/etc/systemd/system/modosu.service', 0o644],
      ['modosu-gate@.service', '/etc/systemd/system/modosu-gate@.service', 0o644],
      ['modosu-mounts.generator', '/etc/systemd/system-generators/modosu-mounts', 0o755],
      ['modosu.sysusers.conf', '/etc/sysusers.d/modosu.conf', 0o644],
      ['modosu.tmpfiles.conf', '/etc/tmpfiles.d/modosu.conf', 0o644],
    ] as const) {
      mkdirSync(dirname(join(this.root, to)), { recursive: true })
      copyFileSync(join(UNITS, name), join(this.root, to))
      chmodSync(join(this.root, to), mode)
    }
    const rules = readFileSync(join(UNITS, '50-modosu.rules'), 'utf8')
    this.write('/etc/polkit-1/rules.d/50-modosu.rules', rules.replace(/\/\/ '[^']*'/, "'app.service'"))
  }

  write(path: string, text: string, mode = 0o644): void {
    const to = join(this.root, path)
    mkdirSync(dirname(to), { recursive: true, mode: 0o755 })
    writeFileSync(to, text, { mode })
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8')
  }

  async boot(): Promise<void> {
    const binds = [`${REPOSITORY}:/usr/lib/modosu/app`, `${process.execPath}:/usr/lib/modosu/node`]
    const container = spawn(
      'systemd-nspawn',
      [
        ...[
          '--quiet',
          '--directory',
          this.root,
          '--link-journal=no',
          '--register=no',
          '--keep-unit',
          '--private-network',
        ],
        ...binds.map((bind) => `--bind-ro=${bind}`),
        ...['--console=pipe', '--boot', '--', '--unit=basic.target'],
      ],
      { stdio: 'ignore' },
    )
    this.#container = container
    await until('a leader', () => {
      this.#leader = Number(
        spawnSync('pgrep', ['-P', String(container.pid)], { encoding: 'utf8' }).stdout.split('\n')[0],
      )
      return this.#leader > 0 && this.sh('systemctl is-active basic.target').stdout === 'active\n'
    })
    this.must(
      'systemd-sysusers; systemd-tmpfiles --create modosu.conf; ip link set lo up; systemctl start dbus.socket polkit',
    )
  }

  /** Runs a shell line inside. */
  sh(line: string) {
    const words = ['-t', String(this.#leader), '-a', '/bin/sh', '-c', line]
    const { status, stdout, stderr } = spawnSync('nsenter', words, {
      encoding: 'utf8',
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    })
    return { status, stdout, stderr }
  }

  must(line: string): string {
    const { status, stdout, stderr } = this.sh(line)
    if (status !== 0) throw new Error(`${line}: exit status ${status}\n${stdout}${stderr}\n${this.journal()}`)
    return stdout.trim()
  }

  /** One property of a unit. */
  show(unit: string, property: string): string {
    return this.sh(`systemctl show --value -p ${property} ${unit}`).stdout.trim()
  }

  isActive(unit: string): boolean {
    return this.sh(`systemctl is-active ${unit}`).stdout === 'active\n'
  }

  journal(): string {
    return this.sh('journalctl --no-pager -n 60').stdout
  }

  async until(what: string, done: () => boolean): Promise<void> {
    await until(what, done, () => this.journal())
  }

  async powerOff(): Promise<void> {
    const container = this.#container
    if (container === undefined) return
    this.#container = undefined
    if (container.exitCode !== null || container.signalCode !== null) return
    const ended = new Promise((resolve) => container.once('exit', resolve))
    this.sh('systemctl poweroff --force')
    const late = setTimeout(() => container.kill('SIGKILL'), 30_000)
    await ended
    clearTimeout(late)
  }

  async remove(): Promise<void> {
    await this.powerOff()
    spawnSync('umount', ['--lazy', this.root])
    spawnSync('umount', ['--lazy', this.#folder])
    rmdirSync(this.#folder)
  }
}

async function until(what: string, done: () => boolean, context: () => string = () => ''): Promise<void> {
  const end = Date.now() + PATIENCE_MS
  while (!done()) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}\n${context()}`)
    await delay(100)
  }
}
