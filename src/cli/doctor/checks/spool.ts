/** Whether the daemon can read its spool, and which files in it are refused. */

import { stat } from 'node:fs/promises'
import { join } from 'node:path'

import { codeOf, messageOf } from '../../../domain/errors.ts'
import { shellWord } from '../../../domain/shell-word.ts'
import { SpoolDirectory, type Listing } from '../../../spool/directory.ts'
import { displayName } from '../../../spool/entry-name.ts'
import { refusalText, refusedFiles } from '../../refused-files.ts'
import { spoolRuling } from '../../spool-rules.ts'
import type { DaemonCheck } from '../check.ts'
import type { Examination } from '../examination.ts'
import type { Found, Verdict } from '../finding.ts'
import { mayUse } from '../identity.ts'

export const spool: DaemonCheck = {
  name: 'spool',
  cause: 'spool',
  run: async (examination) => {
    const { path } = examination.configuration.spool
    const who = await examination.daemonIdentity()
    const user = who?.user ?? 'root'
    const found = await stat(path).catch((error: unknown) => error)
    if (found instanceof Error && codeOf(found) === 'ENOENT') {
      return told(path, {
        severity: 'broken',
        message: `the spool directory ${path} is not there`,
        command: examination.asRoot(`install -d -m 0750 -o ${user} ${shellWord(path)}`),
        docs: 'SpoolUnreadable',
      })
    }
    if (found instanceof Error) return told(path, unseen(examination, path, messageOf(found)))
    const may = who === null ? null : await mayUse(who, path, 'rx', examination.variables)
    if (may === false) {
      return told(path, {
        severity: 'broken',
        message: `the daemon's user ${user} may not read the spool directory ${path}`,
        evidence: [await ownerAndMode(path)],
        command: examination.asRoot(`chown ${user} ${shellWord(path)}`, `chmod u+rwx ${shellWord(path)}`),
        docs: 'docs/runbooks/ModosuSpoolNotScanned.md',
      })
    }
    try {
      const listing = await new SpoolDirectory(path).list()
      const findings = [
        ...(may === null ? [unseen(examination, path, `as user ${user}`)] : []),
        ...(await inside(examination, listing)),
      ]
      return { findings, looked: `${path}: ${listing.candidates.length} requests, ${listing.ignored} other entries` }
    } catch (error) {
      return told(path, unseen(examination, path, messageOf(error)))
    }
  },
}

function told(path: string, finding: Found): Verdict {
  return { findings: [finding], looked: path }
}

function unseen(examination: Examination, path: string, why: string): Found {
  return {
    severity: 'unseen',
    message: `whether the daemon can read the spool directory ${path} is not known: ${why}`,
    command: `sudo ${examination.modosu('doctor')}`,
    docs: null,
  }
}

async function ownerAndMode(path: string): Promise<string> {
  const { uid, gid, mode } = await stat(path)
  return `${uid}:${gid} ${(mode & 0o7777).toString(8).padStart(4, '0')} ${path}`
}

/** What the spool's own eyes refuse, and what the daemon has reported of the rest. */
async function inside(examination: Examination, { candidates, openToAll }: Listing): Promise<readonly Found[]> {
  const { path } = examination.configuration.spool
  const findings: Found[] = []
  if (openToAll) {
    findings.push({
      severity: 'warning',
      message: `everybody may remove requests from the spool directory ${path}`,
      command: examination.asRoot(`chmod o-w ${shellWord(path)}`),
      docs: 'InsecurePermissions',
    })
  }
  const refused = new Map(refusedFiles(examination.cli).map((each) => [each.file, refusalText(each)]))
  for (const name of candidates.map(displayName)) {
    const file = join(path, name)
    const { problem } = await spoolRuling(file, examination.configuration)
    const why = problem?.message ?? refused.get(name)
    if (why === undefined) continue
    findings.push({
      severity: 'warning',
      message: `the spool refuses ${file}: ${why}`,
      command: examination.modosu(`validate -f ${shellWord(file)}`),
      docs: 'docs/runbooks/ModosuSpoolFileRejected.md',
    })
  }
  return findings
}
