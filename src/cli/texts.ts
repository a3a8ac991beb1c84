/**
 * What the command line says to a person, in both languages. One output speaks one language (decision 0063): whoever prints
 * a sentence takes it from here. Reasons, phases, names, table headers and what kubectl prints (`created`) are words of the
 * interface and the same in both; the manual's own texts are in `domain/messages.ts`.
 */

import type { Language } from '../domain/messages.ts'

export const SAYINGS = {
  en: {
    error: 'error:',
    hint: 'hint:',
    look: 'look:',
    next: 'next:',
    cancelled: 'cancelled: nothing was changed',
    cause: 'cause:',
    phaseAndReason: (phase: string, reason: string) => `phase: ${phase}, reason: ${reason}`,
    unknownReason: 'unknown',
    detached: 'detached: the restore goes on without you',
    notInTime: 'error: not finished in time: the restore goes on without you',
    lookAt: (name: string) => `look: modosu wait ${name} --progress, or modosu describe request ${name}`,
    stopIt: (name: string) => `stop it: modosu cancel ${name}`,
    goesOn: (name: string, phase: string) => `${name} goes on (phase ${phase}); look: modosu describe request ${name}`,
    timedOut: (name: string, phase: string) => `error: timed out: ${name} is in phase ${phase}; it goes on`,
    willNotCome: (name: string) => `error: ${name} has ended, and what was waited for will not come`,
    noRequestYet: (name: string) => `waiting: there is no request ${name} yet`,
    requestNotFound: (name: string) => `error: restore request not found: ${name}`,
    whereLooked: (spool: string, name: string) =>
      `hint: list them: modosu get requests; files are looked for in ${spool}; one that is still to come ` +
      `is waited for with: modosu wait ${name} --for=create`,
    daemonDown: 'hint: the daemon does not answer, so no file is read: systemctl status modosu',
    refused: (file: string, name: string, why: string) =>
      `error: the spool refused ${file}, the file of ${name}: ${why}`,
    daemonGone: 'the daemon does not answer; what has begun is carried on when it runs again (systemctl status modosu)',
    notUsed: (backup: string, why: string) => `${backup} is not used: ${why}`,
    usedInstead: (backup: string) => `${backup} is used instead`,
    waiting: (reason: string, text: string, until: string) => `waiting: ${reason}: ${text}${until}`,
    until: (time: string) => ` (until ${time})`,
    notStarted: 'not started yet',
    unforeseen: 'this was not foreseen; --verbose shows where it came from',
    notWritten: (why: string) => `error: the output could not be written: ${why}`,
    why: {
      follow: 'follow it to its end',
      start: 'let it start',
      giveUp: 'or give it up',
      explain: 'cause, check and remedy',
      putBack: 'put the safety backup back by hand (manual 7.2)',
      validate: 'check the mended file; the daemon reads it again by itself',
      retry: 'try again once the cause is mended',
      again: 'ask for it again',
      space: 'what uses the space, and whether pruning would free any',
      acknowledge: (level: string) => `seen and dealt with: resolves the ${level} alert`,
    },
  },
  ja: {
    error: 'エラー:',
    hint: '対処:',
    look: '確認:',
    next: '次の操作:',
    cancelled: '中止しました。何も変更されていません。',
    cause: '原因:',
    phaseAndReason: (phase: string, reason: string) => `フェーズ: ${phase}、理由: ${reason}`,
    unknownReason: '不明',
    detached: '表示を終了しました。リストアは継続しています。',
    notInTime: 'エラー: 時間内に完了しませんでした。リストアは継続しています。',
    lookAt: (name: string) => `確認: modosu wait ${name} --progress または modosu describe request ${name}`,
    stopIt: (name: string) => `取消: modosu cancel ${name}`,
    goesOn: (name: string, phase: string) =>
      `${name} は継続しています（フェーズ ${phase}）。確認: modosu describe request ${name}`,
    timedOut: (name: string, phase: string) =>
      `エラー: 待機時間を超過しました。${name} はフェーズ ${phase} で継続しています。`,
    willNotCome: (name: string) => `エラー: ${name} は終了しました。待機していた状態にはなりません。`,
    noRequestYet: (name: string) => `待機中: リクエスト ${name} はまだありません。`,
    requestNotFound: (name: string) => `エラー: リクエストが見つかりません: ${name}`,
    whereLooked: (spool: string, name: string) =>
      `対処: 一覧を確認: modosu get requests（ファイルの検索先: ${spool}）。これから置かれる場合: modosu wait ${name} --for=create`,
    daemonDown: '対処: デーモンが応答しないため、ファイルは読み込まれません: systemctl status modosu',
    refused: (file: string, name: string, why: string) =>
      `エラー: ${name} のファイル ${file} はスプールに拒否されました。詳細: ${why}`,
    daemonGone: 'デーモンが応答しません。開始済みの処理は次回の起動時に継続されます（systemctl status modosu）。',
    notUsed: (backup: string, why: string) => `${backup} は使用しません: ${why}`,
    usedInstead: (backup: string) => `代わりに ${backup} を使用します`,
    waiting: (reason: string, text: string, until: string) => `待機中: ${reason}: ${text}${until}`,
    until: (time: string) => `（${time} まで）`,
    notStarted: '未開始',
    unforeseen: '想定外のエラーです。--verbose を付けて再実行すると発生箇所が表示されます。',
    notWritten: (why: string) => `エラー: 出力を書き込めません: ${why}`,
    why: {
      follow: '終了まで表示する',
      start: '開始する',
      giveUp: '取り消す',
      explain: '原因・確認方法・対処',
      putBack: '安全バックアップから手動で戻す（手順書 7.2）',
      validate: '修正したファイルを確認する（デーモンは自動的に再読み込みする）',
      retry: '原因を取り除いた後に再実行する',
      again: '再度依頼する',
      space: '使用状況と、削除で空く容量を確認する',
      acknowledge: (level: string) => `対応済みとして ${level} のアラートを解消する`,
    },
  },
} as const satisfies Readonly<Record<Language, Sayings>>

export interface Sayings {
  readonly error: string
  readonly hint: string
  readonly look: string
  readonly next: string
  readonly cancelled: string
  readonly cause: string
  readonly phaseAndReason: (phase: string, reason: string) => string
  readonly unknownReason: string
  readonly detached: string
  readonly notInTime: string
  readonly lookAt: (name: string) => string
  readonly stopIt: (name: string) => string
  readonly goesOn: (name: string, phase: string) => string
  readonly timedOut: (name: string, phase: string) => string
  readonly willNotCome: (name: string) => string
  readonly noRequestYet: (name: string) => string
  readonly requestNotFound: (name: string) => string
  readonly whereLooked: (spool: string, name: string) => string
  readonly daemonDown: string
  readonly refused: (file: string, name: string, why: string) => string
  readonly daemonGone: string
  readonly notUsed: (backup: string, why: string) => string
  readonly usedInstead: (backup: string) => string
  readonly waiting: (reason: string, text: string, until: string) => string
  readonly until: (time: string) => string
  readonly notStarted: string
  readonly unforeseen: string
  readonly notWritten: (why: string) => string
  /** Why one would type a command. */
  readonly why: {
    readonly follow: string
    readonly start: string
    readonly giveUp: string
    readonly explain: string
    readonly putBack: string
    readonly validate: string
    readonly retry: string
    readonly again: string
    readonly space: string
    readonly acknowledge: (level: string) => string
  }
}

export function sayings(language: Language): Sayings {
  return SAYINGS[language]
}
