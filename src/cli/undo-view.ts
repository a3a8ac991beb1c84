/** What `modosu rollback` says before it asks: which restore it takes back, what comes back, and what is written over. */

import type { Language } from '../domain/messages.ts'
import { humanSize } from '../domain/size.ts'
import type { Target } from '../domain/target.ts'
import type { Undo } from '../controller/undo.ts'
import { dateAndTime, humanDuration, japaneseDuration } from './human.ts'
import { printable } from './printable.ts'

interface UndoTexts {
  readonly undoes: (name: string, endedAt: string, backup: string) => string
  readonly uncertain: (name: string) => string
  readonly ineffective: (name: string, result: string) => string
  readonly comesBack: (path: string, size: string, until: string) => string
  readonly lost: (sinceMs: number, name: string) => string
  readonly replacedSince: (database: string, name: string) => string
  readonly unknown: (target: string) => string
  readonly guess: (name: string, path: string) => string
}

const TEXTS: Readonly<Record<Language, UndoTexts>> = {
  en: {
    undoes: (name, endedAt, backup) => `Takes back: restore ${name}, which put ${backup} in place at ${endedAt}Z`,
    uncertain: (name) => `The rollback of ${name} failed: what the database holds since is not known`,
    ineffective: (name, result) => `${name} (${result}) came later and never took effect: it is not what is taken back`,
    comesBack: (path, size, until) => `Comes back: the database as it was until ${until}Z: ${path} (${size})`,
    lost: (sinceMs, name) =>
      `Goes: everything written since ${name} ended (${humanDuration(sinceMs)} ago), and what that restore had brought. ` +
      'A new safety backup keeps it, so that this can be taken back too',
    replacedSince: (database, name) =>
      `${database} is not the file that ${name} put there: somebody has replaced it since, and that goes as well`,
    unknown: (target) => `the state store knows of no restore of ${target}: it was lost, or is of another machine`,
    guess: (name, path) => `${name} is the newest by its name in ${path}; whose it is, and what it holds, is not known`,
  },
  ja: {
    undoes: (name, endedAt, backup) => `取り消し対象: リストア ${name}（${endedAt}Z に ${backup} を復元）`,
    uncertain: (name) => `${name} のロールバックは失敗しており、現在のデータベースの内容は不明です`,
    ineffective: (name, result) =>
      `${name}（${result}）は後から実行されましたが反映されていないため、取り消し対象ではありません`,
    comesBack: (path, size, until) => `復元されるもの: ${until}Z までのデータベース: ${path}（${size}）`,
    lost: (sinceMs, name) =>
      `失われるもの: ${name} の完了後（${japaneseDuration(sinceMs)}前から）に書き込まれたデータと、そのリストアで復元されたデータ。` +
      '新しい安全バックアップに保存されるため、この操作も取り消せます',
    replacedSince: (database, name) =>
      `${database} は ${name} が復元したファイルではありません。その後に差し替えられており、その内容も置き換えられます`,
    unknown: (target) => `状態ストアに ${target} のリストアの記録がありません（消失したか、別のマシンのものです）`,
    guess: (name, path) => `${name} は ${path} の中で名前が最も新しいだけで、由来と内容は不明です`,
  },
}

/** Facts first, then what is out of the ordinary. */
export function undoLines(undo: Undo, language: Language, nowMs: number): readonly string[] {
  const { restore, ineffective, file, sizeBytes, replacedSince } = undo
  const texts = TEXTS[language]
  const name = restore.request
  const endedMs = Date.parse(restore.endedAt)
  return [
    texts.undoes(name, dateAndTime(endedMs), printable(restore.backupId)),
    ...(restore.certain ? [] : [texts.uncertain(name)]),
    ...ineffective.map(({ request, result }) => texts.ineffective(request, result)),
    texts.comesBack(printable(file.path), humanSize(sizeBytes), dateAndTime(endedMs)),
    texts.lost(nowMs - endedMs, name),
    ...(replacedSince ? [texts.replacedSince(printable(restore.database), name)] : []),
  ]
}

/** The last resort: a name, and nobody who knows. */
export function guessLines(target: Target, name: string, language: Language): readonly string[] {
  return [TEXTS[language].unknown(target.name), TEXTS[language].guess(printable(name), target.backups.path)]
}
