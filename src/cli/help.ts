/** How every command's help teaches: a description, examples that can be typed as they stand, and the exit codes. */

export interface Example {
  /** Without the program's name: `get requests -w`. */
  readonly command: string
  readonly tells: string
}

/** For `addHelpText('after', …)`. */
export function examples(...list: readonly Example[]): string {
  return ['', 'Examples:', list.map(({ command, tells }) => `  # ${tells}\n  modosu ${command}`).join('\n\n')].join(
    '\n',
  )
}

export const EXIT_CODES = `
Exit codes:
   0  done; of wait and restore: the request has succeeded, and nothing else
   1  unexpected error
   2  usage, or a configuration that cannot be read
   3  not finished within the time; the request goes on
   4  denied
   5  not found
   6  busy, or over the rate limit
   7  rejected, or failed before anything was changed
  10  failed and rolled back: the database is as it was
  11  failed and NOT rolled back: act now (modosu rollback)
  12  cancelled or expired

Data goes to stdout, messages to stderr. Reading works with the daemon down.
More: modosu explain spec.source, modosu explain REASON, modosu COMMAND --help`
