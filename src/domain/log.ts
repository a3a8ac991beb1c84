/** Where a layer says what it does. Levels mean: error needs a person, warn may, info is the story, debug the detail. */

export interface Log {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void
  info(message: string, fields?: Readonly<Record<string, unknown>>): void
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void
  error(message: string, fields?: Readonly<Record<string, unknown>>): void
  /** A log whose every line carries the fields. */
  child(fields: Readonly<Record<string, unknown>>): Log
}
