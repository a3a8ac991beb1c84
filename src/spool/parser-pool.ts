/** The parser of manifests with its child process; the spool and `modosu validate` read through the same one. */

import { ManifestParser } from '../manifest/parser.ts'
import { ChildPool } from '../sandbox/pool.ts'

/** A text of 64 KiB needs a few MiB; what needs more is not a request. */
const PARSER_MEMORY_MB = 128

/** Makes a parser; nothing is started before its first text. Whoever makes it closes it. */
export function createManifestParser(): ManifestParser {
  const pool = new ChildPool({
    // The build puts JavaScript beside JavaScript: a URL is no import, so its extension is not rewritten.
    entry: new URL('./parser-child.js', import.meta.url),
    memoryMb: PARSER_MEMORY_MB,
    spare: false,
    lockFile: null,
    callsPerChild: Infinity,
  })
  return new ManifestParser(pool)
}
