/** Whether somebody else could give the daemon orders: the rules by which it refuses to start (decision 0016). */

import { access } from 'node:fs/promises'

import { gatherPlaces } from '../../../daemon/permission-facts.ts'
import { judgePlaces } from '../../../daemon/permission-rules.ts'
import { codeOf } from '../../../domain/errors.ts'
import type { DaemonCheck } from '../check.ts'
import type { Found } from '../finding.ts'

export const permissions: DaemonCheck = {
  name: 'permissions',
  cause: 'permissions',
  run: async (examination) => {
    const { configuration } = examination
    const who = await examination.daemonIdentity()
    const paths = [
      ...[configuration.file, configuration.stateDir, configuration.spool.path],
      ...configuration.targets.flatMap(({ database, backups, extracts }) => [
        database,
        backups.path,
        ...(extracts === undefined ? [] : [extracts.path]),
      ]),
    ]
    const hidden = await outOfSight(paths)
    const findings: Found[] = hidden.map((path) => ({
      severity: 'unseen',
      message: `who may write to ${path} cannot be seen by this user`,
      command: `sudo ${examination.modosu('doctor')}`,
      docs: null,
    }))
    if (who !== null) {
      const running = (await examination.daemon()).kind === 'answers'
      for (const { path, role, problems, owner, mode, mend } of judgePlaces(gatherPlaces(configuration), who)) {
        findings.push({
          severity: running ? 'warning' : 'broken',
          message: `the daemon does not start while somebody else may write to ${path}`,
          evidence: [`${role}: ${owner} ${mode}`, ...problems],
          command: examination.isRoot ? mend.replaceAll('sudo ', '') : mend,
          docs: 'InsecurePermissions',
        })
      }
    }
    return { findings, looked: paths.join(', ') }
  },
}

/** Paths that this user cannot reach at all. */
async function outOfSight(paths: readonly string[]): Promise<readonly string[]> {
  const hidden: string[] = []
  for (const path of paths) {
    const error: unknown = await access(path).then(
      () => null,
      (reason: unknown) => reason,
    )
    if (codeOf(error) === 'EACCES') hidden.push(path)
  }
  return hidden
}
