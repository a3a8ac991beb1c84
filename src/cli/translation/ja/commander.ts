/** What commander says: headings of the help and errors of usage. */

export const COMMANDER = {
  'Usage:': '使い方:',
  'Arguments:': '引数:',
  'Options:': 'オプション:',
  'Global Options:': '共通オプション:',
  'Commands:': 'コマンド:',
  'display help for command': 'コマンドの説明を表示する',
  'choices: {0}': '指定できる値: {0}',
  'choices: {0}, default: {1}': '指定できる値: {0}、既定: {1}',
  'default: {0}': '既定: {0}',
  "error: missing required argument '{0}'": 'エラー: 引数 {0} がありません',
  "error: option '{0}' argument missing": 'エラー: オプション {0} に値がありません',
  "error: required option '{0}' not specified": 'エラー: オプション {0} は必須です',
  "error: unknown option '{0}'": 'エラー: 不明なオプション: {0}',
  "error: unknown command '{0}'": 'エラー: 不明なコマンド: {0}',
  'error: too many arguments{0}. Expected {1} argument{2} but got {3}.':
    'エラー: {0}引数が多すぎます（最大 {1} 個、指定 {3} 個）',
  " for '{0}'": '{0} の',
  "error: option '{0}' argument '{1}' is invalid. {2}": 'エラー: オプション {0} の値 {1} は不正です。{2}',
  "error: command-argument value '{0}' is invalid for argument '{1}'. {2}": 'エラー: 引数 {1} の値 {0} は不正です。{2}',
  'error: {0} cannot be used with {1}': 'エラー: {0}は{1}と同時に指定できません',
  "option '{0}'": 'オプション {0} ',
  'Allowed choices are {0}.': '指定できる値: {0}',
  '(Did you mean {0}?)': '（もしかして: {0}）',
  '(Did you mean one of {0}?)': '（もしかして: {0}）',
} as const satisfies Readonly<Record<string, string>>
