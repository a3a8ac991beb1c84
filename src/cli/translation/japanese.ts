/** The Japanese catalogue, by area. The manual's own texts are in `domain/messages.ts`, and verbatim in both languages. */

import { CATALOG } from './ja/catalog.ts'
import { COMMAND_LINE } from './ja/command-line.ts'
import { COMMANDER } from './ja/commander.ts'
import { COMMANDS_THAT_ACT } from './ja/commands-that-act.ts'
import { COMMANDS_THAT_LOOK } from './ja/commands-that-look.ts'
import { CONTROLLER } from './ja/controller.ts'
import { DAEMON } from './ja/daemon.ts'
import { DATABASE } from './ja/database.ts'
import { DOCTOR } from './ja/doctor.ts'
import { DOORS } from './ja/doors.ts'
import { FIELDS } from './ja/fields.ts'
import { LOOKS } from './ja/looks.ts'
import { MANIFEST } from './ja/manifest.ts'
import { PAPERS } from './ja/papers.ts'
import { PHASES } from './ja/phases.ts'
import { SERVICE } from './ja/service.ts'
import { Translator, type Catalogue } from './translator.ts'
import type { Language } from '../../domain/messages.ts'

/** Whoever adds an area adds it here. */
export const JAPANESE: readonly Catalogue[] = [
  COMMANDS_THAT_ACT,
  COMMANDS_THAT_LOOK,
  LOOKS,
  COMMAND_LINE,
  COMMANDER,
  CATALOG,
  CONTROLLER,
  PHASES,
  DATABASE,
  SERVICE,
  DAEMON,
  DOCTOR,
  DOORS,
  MANIFEST,
  FIELDS,
  PAPERS,
]

let translator: Translator | undefined

/** An English text in the language, as far as the catalogue knows it. Never throws. */
export function said(text: string, language: Language): string {
  if (language === 'en') return text
  translator ??= new Translator(Object.assign({}, ...JAPANESE) as Catalogue)
  return translator.say(text)
}
