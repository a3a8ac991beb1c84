/** The database itself: that it is there, sound, not older than its backups, and the application's to write. */

import { lstat, realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

import { abandonedFiles } from '../../../controller/leftovers.ts'
import { codeOf, messageOf, RestoreError } from '../../../domain/errors.ts'
import { humanSize } from '../../../domain/size.ts'
import { shellWord } from '../../../domain/shell-word.ts'
import type { Target } from '../../../domain/target.ts'
import { skipped, well, type TargetCheck } from '../check.ts'
import type { Content } from '../content.ts'
import type { Examination } from '../examination.ts'
import type { Found, Verdict } from '../finding.ts'
import { identityOfProcess, identityOfUnit, identityOfUser, mayUse, type Identity } from '../identity.ts'
import { ownerAndMode } from './state.ts'

const TOLD = 3

export const databaseFile: TargetCheck = {
  name: 'database',
  cause: 'database',
  run: async (examination, target) => {
    const { database } = target
    try {
      const real = await realpath(database)
      const found = await stat(real)
      if (!found.isFile()) return told(database, notAFile(database))
      if (found.size === 0 && ((await stat(`${real}-wal`).catch(() => null))?.size ?? 0) === 0) {
        return told(database, gone(examination, target, `the database ${database} is empty: 0 bytes`))
      }
      return well(`${humanSize(found.size)}, ${await ownerAndMode(real)}`)
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') return told(database, unseen(examination, database, messageOf(error)))
      const dangling = await lstat(database).then(
        () => true,
        () => false,
      )
      const message = dangling
        ? `the database ${database} is a link that leads nowhere`
        : `the database ${database} is not there`
      return told(database, gone(examination, target, message))
    }
  },
}

function told(looked: string, finding: Found): Verdict {
  return { findings: [finding], looked }
}

function notAFile(database: string): Found {
  return {
    severity: 'broken',
    message: `the database ${database} is not a regular file`,
    command: `ls -la ${shellWord(database)}`,
    docs: 'TargetNotReplaceable',
  }
}

function gone(examination: Examination, { name }: Target, message: string): Found {
  return {
    severity: 'broken',
    message,
    command: examination.modosu(`restore --latest --target ${name}`),
    docs: 'docs/runbooks/ModosuApplicationDown.md',
  }
}

function unseen(examination: Examination, path: string, why: string): Found {
  return {
    severity: 'unseen',
    message: `the database ${path} cannot be looked at: ${why}`,
    command: `sudo ${examination.modosu('doctor')}`,
    docs: null,
  }
}

/** Files of a restore that nobody finishes: which one holds what is explained with the commands. */
export const leftovers: TargetCheck = {
  name: 'leftovers',
  cause: 'leftovers',
  run: async (examination, target) => {
    const store = await examination.store()
    const known = store instanceof RestoreError ? { request: () => undefined } : store
    const findings = abandonedFiles([target], known).map(({ message, commands }): Found => ({
      severity: 'warning',
      message,
      command: commands.join('; '),
      docs: 'LeftoversFound',
    }))
    return { findings, looked: `${dirname(target.database)}/*.modosu-*` }
  },
}

export const integrity: TargetCheck = {
  name: 'integrity',
  cause: 'integrity',
  long: true,
  run: async (examination, target) => {
    if (!(await isThere(target.database))) return skipped('there is no database to check')
    const content = await examination.content(target)
    const damage = damageOf(content)
    if (content.kind === 'unseen') return told(target.database, contentUnseen(examination, target, content))
    if (damage !== null) {
      return told(target.database, {
        severity: 'broken',
        message: `the database ${target.database} is damaged`,
        evidence: damage,
        command: examination.modosu(`restore --latest --target ${target.name}`),
        docs: 'DatabaseCorrupt',
      })
    }
    const { unverifiable, inspection } =
      content.kind === 'read' ? content.report : { unverifiable: null, inspection: null }
    if (unverifiable !== null) {
      return told(target.database, {
        severity: 'note',
        message: `the integrity of ${target.database} cannot be checked by this SQLite`,
        evidence: [unverifiable],
        command: examination.modosu(`describe target ${target.name}`),
        docs: 'Unverifiable',
      })
    }
    if (inspection?.tables.length === 0) {
      return told(target.database, {
        severity: 'broken',
        message: `the database ${target.database} has no tables`,
        command: examination.modosu(`restore --latest --target ${target.name}`),
        docs: null,
      })
    }
    return well(
      `integrity_check: ok, ${inspection?.tables.length ?? 0} tables, user_version ${inspection?.userVersion ?? 0}`,
    )
  },
}

function damageOf(content: Content): readonly string[] | null {
  if (content.kind === 'unreadable') return [content.error.message]
  if (content.kind === 'unseen' || content.report.unverifiable !== null) return null
  return content.report.integrity[0] === 'ok' ? null : content.report.integrity.slice(0, TOLD)
}

function contentUnseen(
  examination: Examination,
  { database }: Target,
  content: Extract<Content, { kind: 'unseen' }>,
): Found {
  return {
    severity: 'unseen',
    message: `the integrity of ${database} was not checked: ${content.why}`,
    command: `${examination.isRoot ? '' : 'sudo '}${examination.modosu('doctor')}`,
    docs: null,
    late: content.late === true,
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

/** Whose the database and what lies beside it are, and whether the application may write there (manual Q3, step 3). */
export const access: TargetCheck = {
  name: 'access',
  cause: 'access',
  run: async (examination, target) => {
    const path = await realpath(target.database).catch(() => null)
    if (path === null) return skipped('there is no database to check')
    const folder = dirname(path)
    const who = await applicationUser(examination, target, folder)
    const files = [folder, path, `${path}-wal`, `${path}-shm`, `${path}-journal`]
    for (const file of files) {
      if (!(await isThere(file))) continue
      const may = who === null ? null : await mayUse(who, file, file === folder ? 'rwx' : 'rw', examination.variables)
      if (may === false && who !== null) return told(path, await refused(examination, who, file, folder))
      if (may === null) return told(path, accessUnseen(examination, who, file))
    }
    return well(`${who?.user ?? '?'}: ${await ownerAndMode(path)}, ${await ownerAndMode(folder)}`)
  },
}

/** The user of the unit; without one whoever owns the directory, who made the database there. */
async function applicationUser(examination: Examination, target: Target, folder: string): Promise<Identity | null> {
  const unit = await examination.unitOf(target)
  const running = identityOfProcess(Number(unit?.properties.MainPID ?? 0))
  if (running !== null) return { ...running, user: unit?.properties.User || running.user }
  if (unit?.properties.LoadState === 'loaded') return identityOfUnit(unit, examination.variables)
  const { uid } = await stat(folder)
  return identityOfUser(String(uid), examination.variables)
}

async function refused(examination: Examination, who: Identity, file: string, folder: string): Promise<Found> {
  const word = shellWord(file)
  return {
    severity: 'broken',
    message: `the application's user ${who.user} may not write to ${file}`,
    evidence: [await ownerAndMode(file), await ownerAndMode(folder)],
    command: examination.asRoot(
      `chown ${who.uid}:${who.gid} ${word}`,
      `chmod u+rw${file === folder ? 'x' : ''} ${word}`,
    ),
    docs: 'docs/runbooks/ModosuApplicationDown.md',
  }
}

function accessUnseen(examination: Examination, who: Identity | null, file: string): Found {
  return {
    severity: 'unseen',
    message: `whether the application's user ${who?.user ?? '?'} may write to ${file} cannot be seen by this user`,
    command: `sudo ${examination.modosu('doctor')}`,
    docs: null,
  }
}
