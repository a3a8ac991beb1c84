/** The daemon's own memory: its directory, its database, and whether everything is held because it is older than the world. */

import { stat } from 'node:fs/promises'

import { stateHold } from '../../../controller/state-hold.ts'
import { codeOf, messageOf, RestoreError } from '../../../domain/errors.ts'
import { shellWord } from '../../../domain/shell-word.ts'
import { stateStorePath, type StateReader } from '../../../store/reader.ts'
import { signsOfRollback } from '../../../store/state-lineage.ts'
import { SCHEMA_VERSION } from '../../../store/migrations.ts'
import { skipped, well, type DaemonCheck } from '../check.ts'
import type { Examination } from '../examination.ts'
import type { Found, Verdict } from '../finding.ts'
import { mayUse } from '../identity.ts'

const LOST = 'docs/state-store-lost.md'

export const stateDirectory: DaemonCheck = {
  name: 'state-directory',
  cause: 'state-directory',
  run: async (examination) => {
    const { stateDir } = examination.configuration
    const who = await examination.daemonIdentity()
    const user = who?.user ?? 'root'
    const found = await stat(stateDir).catch((error: unknown) => error)
    if (found instanceof Error) {
      const missing = codeOf(found) === 'ENOENT'
      const finding: Found = missing
        ? {
            severity: 'broken',
            message: `the state directory ${stateDir} is not there`,
            command: examination.asRoot(`install -d -m 0750 -o ${user} ${shellWord(stateDir)}`),
            docs: LOST,
          }
        : unseen(examination, stateDir, messageOf(found))
      return { findings: [finding], looked: stateDir }
    }
    // What the daemon writes there: its database with its side files, and the mirrors of its requests.
    const files = [stateDir, ...['', '-wal', '-shm'].map((suffix) => `${stateStorePath(stateDir)}${suffix}`)]
    const findings: Found[] = []
    for (const path of files) {
      if (path !== stateDir && !(await isThere(path))) continue
      const may = who === null ? null : await mayUse(who, path, path === stateDir ? 'rwx' : 'rw', examination.variables)
      if (may === null) findings.push(unseen(examination, path, `as user ${user}`))
      if (may === false) {
        findings.push({
          severity: 'broken',
          message: `the daemon's user ${user} may not write to ${path}`,
          evidence: [await ownerAndMode(path)],
          command: examination.asRoot(
            `chown ${user} ${shellWord(path)}`,
            `chmod u+rw${path === stateDir ? 'x' : ''} ${shellWord(path)}`,
          ),
          docs: 'StateStoreUnusable',
        })
        break
      }
    }
    return { findings, looked: `${stateDir} (${user})` }
  },
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

export async function ownerAndMode(path: string): Promise<string> {
  const { uid, gid, mode } = await stat(path)
  return `${uid}:${gid} ${(mode & 0o7777).toString(8).padStart(4, '0')} ${path}`
}

function unseen(examination: Examination, path: string, why: string): Found {
  return {
    severity: 'unseen',
    message: `whether the daemon can use ${path} is not known: ${why}`,
    command: `sudo ${examination.modosu('doctor')}`,
    docs: null,
  }
}

export const stateStore: DaemonCheck = {
  name: 'state-store',
  cause: 'state-store',
  run: async (examination) => {
    const { stateDir } = examination.configuration
    const path = stateStorePath(stateDir)
    const store = await examination.store()
    if (store instanceof RestoreError) return withoutStore(examination, path, store)
    const version = store.schemaVersion()
    if (version > SCHEMA_VERSION) {
      return told(path, {
        severity: 'broken',
        message: `the state store has schema version ${version}, this program knows up to ${SCHEMA_VERSION}`,
        command: 'apt-cache policy modosu',
        docs: 'StateStoreTooNew',
      })
    }
    const hold = stateHold(store)
    const signs = hold?.signs ?? (await comingSigns(examination, store))
    if (signs.length > 0) {
      return told(path, {
        severity: 'broken',
        message: 'the state store is older than what was seen of it before, so everything is held',
        evidence: signs,
        command: hold === null ? examination.modosu('state') : examination.modosu('state accept'),
        docs: 'docs/runbooks/ModosuStateRolledBack.md',
      })
    }
    const damage = await damageOf(examination, path)
    if (damage !== null) return told(path, damage)
    return well(`${path}: schema version ${version}, ${store.unfinished().length} unfinished requests`)
  },
}

/** What the next start would hold everything for. The running daemon has looked already, and its mirrors are ahead for a moment. */
async function comingSigns(examination: Examination, reader: StateReader): Promise<readonly string[]> {
  if ((await examination.daemon()).kind !== 'down') return []
  const { stateDir, targets } = examination.configuration
  return signsOfRollback({ stateDir, reader, backups: targets.map(({ backups }) => backups.path) })
}

function told(path: string, finding: Found): Verdict {
  return { findings: [finding], looked: path }
}

async function withoutStore(examination: Examination, path: string, error: RestoreError): Promise<Verdict> {
  const answers = (await examination.daemon()).kind === 'answers'
  if (!(await isThere(path)) && error.cause === undefined) {
    if (!answers) return skipped(`there is no state store at ${path} yet`)
    return told(path, {
      severity: 'broken',
      message: `the state store ${path} is gone, and the daemon goes on with the one that was deleted`,
      command: `sudo ls -la ${shellWord(examination.configuration.stateDir)}`,
      docs: LOST,
    })
  }
  const code = codeOf(error.cause) ?? ''
  if (/^SQLITE_(NOTADB|CORRUPT|ERROR)/.test(code)) return told(path, damaged(examination, path, error.message))
  if (['EACCES', 'EPERM', 'SQLITE_CANTOPEN', 'SQLITE_PERM', 'SQLITE_AUTH'].includes(code) && !examination.isRoot) {
    return told(path, unseen(examination, path, error.message))
  }
  return told(path, {
    severity: 'broken',
    message: `the state store ${path} cannot be read`,
    evidence: [error.message],
    command: `ls -la ${shellWord(examination.configuration.stateDir)}; df -h ${shellWord(examination.configuration.stateDir)}`,
    docs: 'StateStoreUnusable',
  })
}

function damaged(examination: Examination, path: string, evidence: string): Found {
  const { stateDir } = examination.configuration
  const aside = shellWord(`${stateDir}.damaged`)
  const files = `${shellWord(`${stateDir}/modosu.db`)}* ${shellWord(`${stateDir}/audit.heads`)}`
  return {
    severity: 'broken',
    message: `the state store ${path} is damaged`,
    evidence: [evidence],
    command: examination.asRoot(`mkdir -p ${aside}`, `mv ${files} ${aside}/`),
    docs: LOST,
  }
}

async function damageOf(examination: Examination, path: string): Promise<Found | null> {
  if (examination.quick) return null
  const content = await examination.contentOf(path, null)
  switch (content.kind) {
    case 'unseen':
      return { ...unseen(examination, path, content.why), late: content.late === true }
    case 'unreadable':
      return damaged(examination, path, content.error.message)
    case 'read': {
      const { integrity } = content.report
      return integrity[0] === 'ok' ? null : damaged(examination, path, integrity.slice(0, 3).join('; '))
    }
  }
}
