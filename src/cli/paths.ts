/** Paths in the commands that a person copies: absolute, for the copy may run in another folder, and quoted for the shell. */

import { resolve } from 'node:path'

import { shellWord } from '../domain/shell-word.ts'

export function absoluteWord(path: string): string {
  return shellWord(resolve(path))
}
