/** `modosu explain`: a field of a manifest or of the configuration, or a reason with cause, check and remedy (manual 8.1). */

import type { Command } from 'commander'

import { RestoreError } from '../../domain/errors.ts'
import type { Language } from '../../domain/messages.ts'
import { findReason, REASONS } from '../../domain/reasons.ts'
import type { ReasonEntry } from '../../domain/reasons/entry.ts'
import { nearest } from '../../manifest/edit-distance.ts'
import { explainPath, suggestPath, type Explanation } from '../../manifest/explain.ts'
import type { CliContext } from '../context.ts'
import { examples } from '../help.ts'
import { languageOption } from '../language.ts'
import { padTo } from '../display-width.ts'
import { tableLines } from '../table.ts'
import { said } from '../translation/japanese.ts'

export function addExplainCommand(program: Command, context: CliContext): void {
  program
    .command('explain')
    .summary('explain a field or a reason')
    .description(
      'Explains a field of a request (spec.source.latest), of the configuration (configuration.targets.hooks), or a reason ' +
        'that a status, an event or an error has given (ChecksumMismatch): cause, check and remedy of the manual.',
    )
    .argument('[what]', 'a path, or a reason; nothing: the request itself')
    .addOption(languageOption())
    .addHelpText(
      'after',
      examples(
        { command: 'explain spec.source', tells: 'what can be restored, and how to say it' },
        { command: 'explain configuration.targets', tells: 'what a target may say' },
        { command: 'explain ChecksumMismatch --lang en', tells: 'what it means and what to do' },
      ),
    )
    .action((what: string | undefined, { lang }: { lang: Language }) => {
      for (const line of explain(what ?? '', lang)) context.output.line(line)
    })
}

/** @throws RestoreError `NotFound` with the nearest of what there is. */
export function explain(what: string, language: Language): readonly string[] {
  const reason = findReason(what)
  if (reason !== undefined) return reasonLines(reason.reason, reason.entry, language)
  const field = explainPath(what)
  if (field !== undefined) return fieldLines(field, language)
  const near = suggestPath(what) ?? nearest(what, Object.keys(REASONS))
  throw new RestoreError(`neither a field nor a reason: ${what}`, {
    reason: 'NotFound',
    hint: near === undefined ? 'begin with: modosu explain' : `did you mean ${near}?`,
  })
}

const LABELS = {
  ja: { cause: '原因', impact: '影響', check: '確認', automatic: '自動対応', remedy: '対処', exitCode: '終了コード' },
  en: {
    cause: 'Cause',
    impact: 'Impact',
    check: 'Check',
    automatic: 'Automatic',
    remedy: 'Remedy',
    exitCode: 'Exit code',
  },
} as const

const LABEL_COLUMNS = 14

function reasonLines(reason: string, entry: ReasonEntry, language: Language): string[] {
  const labels = LABELS[language]
  const { cause, impact, check, automatic, remedy } = entry[language]
  const line = (label: string, text: string): string => padTo(`${label}:`, LABEL_COLUMNS) + text
  const numbered = remedy.map((text, index) => line(`${labels.remedy}${remedy.length > 1 ? index + 1 : ''}`, text))
  const code = entry.exitCode === 0 ? [] : [line(labels.exitCode, String(entry.exitCode))]
  return [
    reason,
    '',
    line(labels.cause, cause),
    ...(impact === undefined ? [] : [line(labels.impact, impact)]),
    line(labels.check, check),
    ...(automatic === undefined ? [] : [line(labels.automatic, automatic)]),
    ...numbered,
    ...code,
  ]
}

function fieldLines(field: Explanation, language: Language): string[] {
  const facts = [
    ['KIND', field.kind],
    ['FIELD', field.path === '' ? said('(the whole document)', language) : field.path],
    ['TYPE', `${field.type}${field.required ? ', required' : ''}`],
    ['DEFAULT', field.default === undefined ? '' : JSON.stringify(field.default)],
    ['ALLOWED', field.allowed.join(', ')],
    ['EXAMPLES', examplesIn(field, language).join(', ')],
  ] as const
  const children = field.children.map(({ name, type, required, summary }) => [
    name,
    `${type}${required ? ', required' : ''}`,
    said(summary, language),
  ])
  return [
    ...facts.filter(([, value]) => value !== '').map(([label, value]) => padTo(`${label}:`, LABEL_COLUMNS) + value),
    '',
    said(field.description, language),
    ...(children.length === 0 ? [] : ['', ...tableLines(['FIELD', 'TYPE', 'MEANING'], children)]),
  ]
}

/** Values too are read by somebody: in English those that are written in ASCII. */
function examplesIn({ examples: values }: Explanation, language: Language): readonly string[] {
  const written = values.map((value) => JSON.stringify(value))
  return language === 'ja' ? written : written.filter((text) => /^[\x20-\x7e]*$/.test(text))
}
