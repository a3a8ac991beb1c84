/** Entry of the child process in which manifests are parsed. */

import { ManifestReader } from '../manifest/parse.ts'
import { serve } from '../sandbox/serve.ts'

const reader = new ManifestReader()

serve({ parse: (text: string) => reader.read(text) })
