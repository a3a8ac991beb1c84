/** `--lang`: the language of the manual's own texts. Errors and log lines stay English in both, as the manual prints them. */

import { Option } from 'commander'

export function languageOption(): Option {
  return new Option('--lang <language>', "language of the manual's texts").choices(['ja', 'en']).default('ja')
}
