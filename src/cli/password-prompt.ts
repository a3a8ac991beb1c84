/** Asks for a password on the terminal, without showing it. */

import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'

import { RestoreError } from '../domain/errors.ts'

/** @throws RestoreError `UsageError` where the two are not the same, `Interrupted` where the person gives up. */
export async function askTwice(stdin: NodeJS.ReadStream, show: (prompt: string) => void): Promise<string> {
  const first = await ask(stdin, show, 'Password: ')
  const second = await ask(stdin, show, 'Once more: ')
  if (first === second) return first
  throw new RestoreError('the two passwords are not the same', { reason: 'UsageError', hint: 'try again' })
}

/** readline echoes what is typed to its output, which is nowhere; raw mode keeps the terminal from doing so. */
function ask(stdin: NodeJS.ReadStream, show: (prompt: string) => void, prompt: string): Promise<string> {
  const nowhere = new Writable({
    write(_chunk, _encoding, done) {
      done()
    },
  })
  const line = createInterface({ input: stdin, output: nowhere, terminal: true, historySize: 0 })
  show(prompt)
  return new Promise((resolve, reject) => {
    line.once('line', (answer) => {
      show('\n')
      resolve(answer)
      line.close()
    })
    line.once('SIGINT', () => {
      line.close()
    })
    line.once('close', () => {
      reject(new RestoreError('no password was given', { reason: 'UsageError' }))
    })
  })
}
