/**
 * `modosu systemd-mounts`, asked by systemd's generator at boot and at each daemon-reload: which directories of the
 * configuration the daemon waits for. A generator runs before anything is mounted and must not keep a machine from booting:
 * this reads one file, writes one, and ends well whatever it finds (systemd.generator(7)).
 */

import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

import { codeOf, messageOf } from '../domain/errors.ts'
import { parseYaml } from '../manifest/yaml-document.ts'

const DEFAULTS = { stateDir: '/var/lib/modosu', spool: '/var/spool/modosu' } as const
const DROP_IN = 'modosu.service.d/50-modosu-mounts.conf'
const MOST_BYTES = 1024 * 1024

/**
 * Writes the drop-in; none where there is no configuration, or none that can be read: the daemon itself says what is wrong with it.
 *
 * @param folder systemd's own, for what a generator makes.
 * @param file the configuration.
 * @param tell for people, one line.
 */
export function writeMountDropIn(folder: string, file: string, tell: (line: string) => void): void {
  try {
    const places = placesOf(file)
    if (places.length === 0) return
    const lines = places.map((place) => `RequiresMountsFor=${quoted(place)}`)
    mkdirSync(dirname(join(folder, DROP_IN)), { recursive: true })
    writeFileSync(
      join(folder, DROP_IN),
      `# Made from ${oneLine(file)} by modosu-mounts.\n[Unit]\n${lines.join('\n')}\n`,
    )
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') tell(`modosu-mounts: ${oneLine(file)}: ${oneLine(messageOf(error))}`)
  }
}

/**
 * The directories of the state, the spool, each database, its backups and its extracts. Not the whole configuration is proven: a mistake in
 * one target must not keep another one's file system from being waited for.
 *
 * @throws Error where the file cannot be read or is no YAML.
 */
function placesOf(file: string): readonly string[] {
  const bytes = readFileSync(file)
  if (bytes.length > MOST_BYTES) throw new Error('is too large')
  const { documents, problems } = parseYaml(bytes.toString('utf8'))
  const [problem] = problems
  if (problem !== undefined) throw new Error(`line ${problem.line ?? '?'}: ${problem.message}`)
  const root = documents[0]?.value
  const targets = field(root, 'targets')
  const of = (value: unknown): string[] =>
    typeof value === 'string' && value !== '' ? [resolve(dirname(file), value)] : []
  const given = [
    ...of(field(root, 'stateDir') ?? DEFAULTS.stateDir),
    ...of(field(field(root, 'spool'), 'path') ?? DEFAULTS.spool),
    ...(Array.isArray(targets) ? targets : []).flatMap((target: unknown) => [
      ...of(field(target, 'database')).map((path) => dirname(path)),
      ...of(field(field(target, 'backups'), 'path')),
      ...of(field(field(target, 'extracts'), 'path')),
    ]),
  ]
  return [...new Set(given.flatMap((path) => [path, withoutLinks(path)]))].filter(canBeWritten)
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}

/** systemd goes by the text of a path: what a link of the root file system leads to is waited for, too. */
function withoutLinks(path: string): string {
  let rest = ''
  for (let present = path; ; present = dirname(present)) {
    try {
      return join(realpathSync(present), rest)
    } catch {
      if (present === dirname(present)) return path
      rest = join(present.slice(dirname(present).length), rest)
    }
  }
}

/** What a unit file cannot hold is left out: no line of it may be anything but what it should be. */
function canBeWritten(path: string): boolean {
  return !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(path)
}

/** systemd.unit(5), systemd.syntax(7): a word in quotes, `%` and `\` written twice. */
function quoted(path: string): string {
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')}"`
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
}
