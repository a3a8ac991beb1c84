/** A parser's child that some texts kill and others hang: what a fault in the real one would look like from outside. */

import { ManifestReader } from '../../src/manifest/parse.ts'
import { serve } from '../../src/sandbox/serve.ts'

const reader = new ManifestReader()

function parse(text: string): unknown {
  if (text.includes('KILL')) process.kill(process.pid, 'SIGKILL')
  while (text.includes('KILL') || text.includes('HANG')) Math.sqrt(2)
  return reader.read(text)
}

serve({ parse })
