/** The file of Modosu's own users: what it may say, how it is read, and how it is written. */

import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from 'node:fs'

import { stringify } from 'yaml'

import { codeOf, messageOf, RestoreError } from '../../domain/errors.ts'
import { API_VERSION } from '../../domain/resource.ts'
import { shellWord } from '../../domain/shell-word.ts'
import { replaceFileSync } from '../../files/replace-file.ts'
import { decodeManifest } from '../../manifest/decode.ts'
import type { RootSchema } from '../../manifest/json-schema.ts'
import { formatProblem } from '../../manifest/problem.ts'
import { SchemaValidator } from '../../manifest/schema-validator.ts'
import { parseYaml } from '../../manifest/yaml-document.ts'
import { ROLES, type Role } from '../caller.ts'
import { PASSWORD_HASH_PATTERN } from './password.ts'

const LARGEST_BYTES = 1024 * 1024
export const USER_NAME_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$'

export interface User {
  readonly name: string
  readonly password: string
  /** By target; `*` is every target. */
  readonly roles: Readonly<Record<string, Role>>
  readonly disabled: boolean
}

/** Who has written the file last by `modosu user`, in the words of that process: whoever may write the file may write anything. */
export interface LastChange {
  /** The person behind sudo, else the account. */
  readonly by: string
  readonly uid: number
  /** RFC 3339. */
  readonly at: string
}

export interface UsersFile {
  readonly users: readonly User[]
  /** null: written by something else. */
  readonly lastChange: LastChange | null
}

export const USERS_SCHEMA: RootSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://modosu.dev/schema/v1/users.json',
  title: 'Users',
  type: 'object',
  description: 'The users of Modosu itself, written by modosu user.',
  required: ['apiVersion', 'kind', 'users'],
  additionalProperties: false,
  properties: {
    apiVersion: { type: 'string', description: 'The version of this form.', enum: [API_VERSION] },
    kind: { type: 'string', description: 'What this document is.', enum: ['Users'] },
    lastChange: {
      type: 'object',
      description: 'Who has changed the users last by modosu user.',
      required: ['by', 'uid', 'at'],
      additionalProperties: false,
      properties: {
        by: { type: 'string', description: 'The account, or the person behind sudo.', maxLength: 64 },
        uid: { type: 'integer', description: 'The user number of the process.' },
        at: { type: 'string', description: 'When, RFC 3339 in UTC.', maxLength: 32 },
      },
    },
    users: {
      type: 'array',
      description: 'The users.',
      maxItems: 1000,
      items: {
        type: 'object',
        required: ['name', 'password', 'roles'],
        additionalProperties: false,
        properties: {
          name: { type: 'string', description: 'The login name.', pattern: USER_NAME_PATTERN },
          password: { type: 'string', description: 'A scrypt hash.', pattern: PASSWORD_HASH_PATTERN },
          roles: {
            type: 'object',
            description: 'Role by target; * is every target.',
            maxProperties: 1000,
            additionalProperties: { type: 'string', enum: [...ROLES] },
          },
          disabled: { type: 'boolean', description: 'May not log in.', default: false },
        },
      },
    },
  },
}

/**
 * Reads the users.
 *
 * @returns no users where there is no file.
 * @throws RestoreError `InvalidUsersFile` with line and column, or where somebody else may read or write the file.
 */
export function readUsers(path: string): readonly User[] {
  return readUsersFile(path).users
}

/** The same, and what the file says of its last change. */
export function readUsersFile(path: string): UsersFile {
  let file: number
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { users: [], lastChange: null }
    throw unusable(`cannot read ${path}: ${messageOf(error)}`, 'the daemon must be allowed to read it', error)
  }
  try {
    refuseOpenFile(path, file)
    return parseUsers(path, readFileSync(file))
  } finally {
    closeSync(file)
  }
}

function refuseOpenFile(path: string, file: number): void {
  const { uid, mode } = fstatSync(file)
  const self = process.geteuid?.() ?? 0
  if ((mode & 0o077) !== 0) throw unusable(`others may use ${path}`, `chmod 600 ${shellWord(path)}`)
  if (uid !== 0 && uid !== self) {
    throw unusable(
      `${path} belongs to user ${uid}, who is neither root nor the daemon`,
      `chown ${self} ${shellWord(path)}`,
    )
  }
}

function parseUsers(path: string, bytes: Uint8Array): UsersFile {
  const hint = 'write it with: modosu user'
  const decoded = decodeManifest(bytes, LARGEST_BYTES)
  if ('problem' in decoded) throw unusable(formatProblem(path, decoded.problem), hint)
  const { documents, problems } = parseYaml(decoded.text)
  const [document] = documents
  const [problem] = problems
  if (problem !== undefined) throw unusable(formatProblem(path, problem), hint)
  if (document === undefined) throw unusable(`${path}: the file is empty`, hint)
  const checked = new SchemaValidator(USERS_SCHEMA).check(document.value)
  if ('findings' in checked) {
    const lines = checked.findings.map((finding) => formatProblem(path, document.toProblem(finding)))
    throw unusable(lines.join('\n'), hint)
  }
  const { users, lastChange = null } = checked.value as Pick<UsersFile, 'users'> & Partial<UsersFile>
  const twice = users.find(({ name }, index) => users.findIndex((other) => other.name === name) < index)
  if (twice !== undefined) throw unusable(`${path}: the user ${twice.name} is there twice`, hint)
  return { users, lastChange }
}

function unusable(message: string, hint: string, cause?: unknown): RestoreError {
  return new RestoreError(message, { reason: 'InvalidUsersFile', hint, cause })
}

/**
 * Writes the users, all or nothing: a reader sees the old file or the new one.
 *
 * @param owner whom a new file belongs to; one that is there keeps its owner.
 * @param lastChange who writes it; null: nobody says.
 */
export function writeUsers(
  path: string,
  users: readonly User[],
  owner: { readonly uid: number; readonly gid: number },
  lastChange: LastChange | null = null,
): void {
  const document = { apiVersion: API_VERSION, kind: 'Users', ...(lastChange === null ? {} : { lastChange }), users }
  const text = `# Written by modosu user. The passwords are scrypt hashes.\n${stringify(document, { lineWidth: 0 })}`
  replaceFileSync(path, text, { mode: 0o600, owner: statSync(path, { throwIfNoEntry: false }) ?? owner })
}
