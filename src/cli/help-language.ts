/** Commander's help in the language of the command: its headings, all descriptions, and lines that break between words. */

import { Help, type HelpConfiguration } from 'commander'

import { displayWidth } from './display-width.ts'

/** What is never parted: what can be typed, and a space with it. Japanese is parted by the segmenter. */
const PIECE = /[!-~]+\s*|\s+|[^\s!-~]+/g
/** A line begins with none of these (JIS X 4051), and ends with none of those. */
const CLOSES = /^[、。）」』】：？！ー々ゃゅょっァィゥェォャュョッ]/u
const OPENS = /[（「『【]$/u

/** @param say what the command's language calls a text. */
export function helpIn(say: (text: string) => string): HelpConfiguration {
  const help = new Help()
  return {
    showGlobalOptions: true,
    styleTitle: say,
    commandDescription: (command) => say(help.commandDescription(command)),
    subcommandDescription: (command) => say(help.subcommandDescription(command)),
    optionDescription: (option) => say(help.optionDescription(option)),
    argumentDescription: (argument) => say(help.argumentDescription(argument)),
    displayWidth,
    boxWrap: (text, width) => (displayWidth(text) === text.length ? help.boxWrap(text, width) : wrapped(text, width)),
  }
}

/** Breaks lines of Japanese, which has no spaces between its words. */
export function wrapped(text: string, width: number): string {
  const lines: string[] = []
  let line = ''
  for (const piece of pieces(text)) {
    if (line !== '' && displayWidth(line + piece.trimEnd()) > width) {
      lines.push(line.trimEnd())
      line = ''
    }
    line += line === '' ? piece.trimStart() : piece
  }
  return [...lines, line.trimEnd()].join('\n')
}

function pieces(text: string): readonly string[] {
  const segmenter = new Intl.Segmenter('ja', { granularity: 'word' })
  const found: string[] = []
  for (const [run] of text.matchAll(PIECE)) {
    const words = /^[\s!-~]/.test(run) ? [run] : Array.from(segmenter.segment(run), ({ segment }) => segment)
    for (const word of words) {
      const before = found.at(-1)
      if (before !== undefined && (CLOSES.test(word) || OPENS.test(before))) found[found.length - 1] = before + word
      else found.push(word)
    }
  }
  return found
}
