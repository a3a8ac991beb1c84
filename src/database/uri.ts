/** Names of database files with words of how to open them (https://sqlite.org/uri.html). */

import { pathToFileURL } from 'node:url'

// better-sqlite3 asks for this once, when its native part is loaded: with the first connection, after every import.
process.env['SQLITE_USE_URI'] = '1'

/** @param path absolute. */
export function uriOf(path: string, words: string): string {
  return `${pathToFileURL(path).href}?${words}`
}
