/** `modosu user`: who may log in to the HTTP API. It writes the users' file; the daemon reads it anew by itself. */

import { readFileSync, statSync } from 'node:fs'
import { text } from 'node:stream/consumers'

import { Option, type Command } from 'commander'

import { EVERY_TARGET, ROLES, type Role } from '../../api/caller.ts'
import { hashPassword, LONGEST_PASSWORD, SHORTEST_PASSWORD } from '../../api/auth/password.ts'
import { readUsers, USER_NAME_PATTERN, writeUsers, type User } from '../../api/auth/users-file.ts'
import { toRfc3339 } from '../../domain/clock.ts'
import { messageOf, RestoreError } from '../../domain/errors.ts'
import { acquireFileLock } from '../../sandbox/file-lock.ts'
import type { CliContext } from '../context.ts'
import { examples } from '../help.ts'
import { askTwice } from '../password-prompt.ts'
import { tableLines } from '../table.ts'

interface RoleOptions {
  readonly role: Role
  readonly target?: readonly string[]
}

interface PasswordOptions {
  readonly passwordFile?: string
}

export function addUserCommand(program: Command, context: CliContext): void {
  const group = program
    .command('user')
    .summary('manage who may log in to the HTTP API')
    .description(
      'Manages the users in auth.users.file. A password is asked for on the terminal, read from --password-file, or from ' +
        'standard input; never from the command line, which other users of the machine can see.',
    )
    .addHelpText(
      'after',
      examples(
        { command: 'user add alice --role admin', tells: 'asks for the password' },
        { command: 'user role bob --role viewer --target itsm-nexus', tells: 'bob may look at one target' },
        { command: 'user disable bob', tells: 'ends his sessions too' },
      ),
    )
  const role = () => new Option('--role <role>', 'what the user may do').choices([...ROLES]).makeOptionMandatory()
  const target = ['--target <target...>', 'the role counts for these targets alone (default: all)'] as const
  const passwordFile = ['--password-file <file>', 'the file whose first line is the password'] as const

  group
    .command('add <name>')
    .summary('add a user')
    .addOption(role())
    .option(...target)
    .option(...passwordFile)
    .action(async (name: string, options: RoleOptions & PasswordOptions) => {
      if (!new RegExp(USER_NAME_PATTERN).test(name)) {
        throw new RestoreError(`${name} cannot be a login name`, {
          reason: 'UsageError',
          hint: 'letters, digits and . _ @ -, at most 64',
        })
      }
      const roles = rolesOf(context, options)
      refuseKnown(readUsers(fileOf(context)), name)
      const password = await hashPassword(await passwordOf(context, options))
      edit(context, (users) => {
        refuseKnown(users, name)
        return [...users, { name, password, roles, disabled: false }]
      })
      context.output.say(`user ${name} added: ${roleText(roles)}`)
    })

  group
    .command('passwd <name>')
    .summary('set the password of a user, and end the sessions')
    .option(...passwordFile)
    .action(async (name: string, options: PasswordOptions) => {
      required(readUsers(fileOf(context)), name)
      const password = await hashPassword(await passwordOf(context, options))
      change(context, name, (user) => ({ ...user, password, disabled: false }))
      context.output.say(`password of ${name} set`)
    })

  group
    .command('role <name>')
    .summary('set what a user may do')
    .addOption(role())
    .option(...target)
    .action((name: string, options: RoleOptions) => {
      const roles = rolesOf(context, options)
      change(context, name, (user) => ({ ...user, roles }))
      context.output.say(`user ${name}: ${roleText(roles)}`)
    })

  group
    .command('disable <name>')
    .summary('let a user log in no more, and end the sessions')
    .action((name: string) => {
      change(context, name, (user) => ({ ...user, disabled: true }))
      context.output.say(`user ${name} disabled; modosu user passwd ${name} brings the user back`)
    })

  group
    .command('list')
    .summary('list the users')
    .action(() => {
      const rows = readUsers(fileOf(context)).map(({ name, roles, disabled }) => [
        name,
        roleText(roles),
        disabled ? 'disabled' : 'active',
      ])
      for (const line of tableLines(['NAME', 'ROLES', 'STATUS'], rows)) context.output.line(line)
    })
}

function fileOf(context: CliContext): string {
  const { usersFile } = context.strictConfiguration().auth
  if (usersFile !== null) return usersFile
  throw new RestoreError('the configuration names no file of users', {
    reason: 'UsageError',
    hint: `set it in ${context.configPath}: auth: {users: {file: users.yaml}}`,
  })
}

/** Read, change and write, with nobody else in between. */
function edit(context: CliContext, change: (users: readonly User[]) => readonly User[]): void {
  const path = fileOf(context)
  const lock = acquireFileLock(`${path}.lock`)
  if (lock === null) {
    throw new RestoreError('another modosu user changes the users now', { reason: 'Conflict', hint: 'try again' })
  }
  try {
    const users = change(readUsers(path))
    const by = context.environment.login.slice(0, 64)
    const lastChange = { by, uid: process.geteuid?.() ?? 0, at: toRfc3339(context.clock.nowMs()) }
    writeUsers(path, users, ownerOf(context.configuration().stateDir), lastChange)
  } finally {
    lock.release({ remove: true })
  }
}

function change(context: CliContext, name: string, body: (user: User) => User): void {
  edit(context, (users) => {
    required(users, name)
    return users.map((user) => (user.name === name ? body(user) : user))
  })
}

/** The daemon's user, who owns its state; root where there is none yet. */
function ownerOf(stateDir: string): { readonly uid: number; readonly gid: number } {
  const found = statSync(stateDir, { throwIfNoEntry: false })
  return found ?? { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 }
}

function required(users: readonly User[], name: string): void {
  if (users.some((user) => user.name === name)) return
  throw new RestoreError(`there is no user ${name}`, { reason: 'NotFound', hint: 'modosu user list' })
}

function refuseKnown(users: readonly User[], name: string): void {
  if (!users.some((user) => user.name === name)) return
  throw new RestoreError(`the user ${name} is there already`, {
    reason: 'Conflict',
    hint: `modosu user passwd ${name}, modosu user role ${name}`,
  })
}

function rolesOf(context: CliContext, { role, target }: RoleOptions): User['roles'] {
  if (target === undefined) return { [EVERY_TARGET]: role }
  return Object.fromEntries(target.map((name) => [context.target(name).name, role]))
}

function roleText(roles: User['roles']): string {
  return Object.entries(roles)
    .map(([target, role]) => (target === EVERY_TARGET ? role : `${role} of ${target}`))
    .join(', ')
}

async function passwordOf(context: CliContext, { passwordFile }: PasswordOptions): Promise<string> {
  const password = await rawPassword(context, passwordFile)
  if (password.length >= SHORTEST_PASSWORD && password.length <= LONGEST_PASSWORD) return password
  throw new RestoreError(`a password has ${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD} characters`, {
    reason: 'UsageError',
    hint: 'a few random words are easy to type',
  })
}

async function rawPassword({ stdin, output, say }: CliContext, file: string | undefined): Promise<string> {
  if (file === undefined && stdin.isTTY) {
    return askTwice(stdin, (prompt) => {
      output.dialogue.write(say(prompt))
    })
  }
  try {
    const content = file === undefined ? await text(stdin) : readFileSync(file, 'utf8')
    return content.split(/\r?\n/, 1)[0] ?? ''
  } catch (error) {
    throw new RestoreError(`cannot read the password: ${messageOf(error)}`, { reason: 'UsageError', cause: error })
  }
}
