/** What lies around the program: units, configuration, pages, completions, documentation. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const DOC = 'usr/share/doc/modosu'

/** Where the files of deploy/systemd/ go; one that fits nowhere is an error, so that none is forgotten. */
const SYSTEMD = [
  [/^.+\.(service|socket|timer|path|target)$/, (name) => `usr/lib/systemd/system/${name}`],
  [/^modosu\.sysusers\.conf$/, () => 'usr/lib/sysusers.d/modosu.conf'],
  [/^modosu\.tmpfiles\.conf$/, () => 'usr/lib/tmpfiles.d/modosu.conf'],
  // Its name after the installation has no suffix.
  [/^.+\.generator$/, (name) => `usr/lib/systemd/system-generators/${name.replace(/\.generator$/, '')}`, 0o755],
  // A person adds the units of the targets to it: hence below /etc.
  [/^.+\.rules$/, (name) => `etc/polkit-1/rules.d/${name}`],
]

export function laySystemd(root, tree) {
  const from = join(root, 'deploy/systemd')
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const place = join(from, entry.name)
    if (entry.isDirectory()) {
      tree.copyFolder(place, `${DOC}/examples/systemd`)
      continue
    }
    const rule = SYSTEMD.find(([pattern]) => pattern.test(entry.name))
    if (rule !== undefined) tree.copy(place, rule[1](entry.name), rule[2])
    else if (readFileSync(place).subarray(0, 2).toString() === '#!')
      tree.copy(place, `usr/lib/modosu/${entry.name}`, 0o755)
    else throw new Error(`deploy/systemd/${entry.name}: nobody has said where it goes`)
  }
}

/** Files of /etc that a person may change and an upgrade asks about. */
export function conffiles(tree) {
  return tree.files().filter((path) => path.startsWith('etc/'))
}

export function layConfiguration(root, tree) {
  tree.copy(join(root, 'packaging/debian/modosu.yaml'), 'etc/modosu/modosu.yaml')
  tree.copyFolder(join(root, 'config/schema'), 'usr/share/modosu/schema')
}

/** Pages and completions, from the command tree of this very version. */
export function layManual(root, tree, { version, date }) {
  const folder = mkdtempSync(join(tmpdir(), 'modosu-man-'))
  try {
    const program = join(root, 'build/packaging/man/man-main.js')
    execFileSync(process.execPath, [program, folder, version, date, join(root, 'config/examples/restore-by-id.yaml')])
    for (const name of readdirSync(folder).sort()) {
      tree.writeGzip(`usr/share/man/man${name.slice(-1)}/${name}.gz`, readFileSync(join(folder, name)))
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  const places = {
    bash: 'usr/share/bash-completion/completions/modosu',
    zsh: 'usr/share/zsh/vendor-completions/_modosu',
    fish: 'usr/share/fish/vendor_completions.d/modosu.fish',
  }
  for (const [shell, place] of Object.entries(places)) {
    tree.write(place, execFileSync(process.execPath, [join(root, 'dist/main.js'), 'completion', shell]))
  }
}

export function layDocumentation(root, tree, { changelog, copyright, nodeLicense }) {
  for (const name of ['README.md', 'CHANGELOG.md']) tree.copy(join(root, name), `${DOC}/${name}`)
  tree.copyFolder(join(root, 'docs'), `${DOC}/docs`)
  tree.copy(join(root, 'config/modosu.yaml'), `${DOC}/examples/modosu.yaml`)
  tree.copyFolder(join(root, 'config/examples'), `${DOC}/examples/requests`)
  for (const name of ['prometheus', 'grafana']) tree.copyFolder(join(root, 'deploy', name), `${DOC}/examples/${name}`)
  tree.writeGzip(`${DOC}/changelog.gz`, changelog)
  tree.write(`${DOC}/copyright`, copyright)
  tree.copy(join(root, 'packaging/debian/lintian-overrides'), 'usr/share/lintian/overrides/modosu')
  if (nodeLicense !== null) tree.writeGzip(`${DOC}/copyright.nodejs.gz`, nodeLicense)
}
