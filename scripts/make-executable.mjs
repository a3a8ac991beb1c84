/** The compiler writes plain files; the command is started by its name. */
import { chmodSync } from 'node:fs'

chmodSync(new URL('../dist/main.js', import.meta.url), 0o755)
