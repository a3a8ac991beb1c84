/** `modosu report`: the report of a restore, as the manual's section 12.2 has it. */

import { Option, type Command } from 'commander'

import { reportFactsOf } from '../../controller/papers/report-facts.ts'
import { checklistSections } from '../../controller/papers/report-sections.ts'
import { reportOf } from '../../domain/papers/report.ts'
import { reportHtml } from '../../domain/papers/report-html.ts'
import { reportObject } from '../../domain/papers/report-object.ts'
import { reportText } from '../../domain/papers/report-text.ts'
import type { CliContext } from '../context.ts'
import { toJson } from '../format.ts'
import { doctorSections, needsDoctor } from '../doctor/report-section.ts'
import { examples } from '../help.ts'
import { untilInterrupted } from '../interrupt.ts'
import { languageOption } from '../language.ts'
import { plainName } from '../reference.ts'
import { findRequest } from '../resources/requests.ts'
import { checklistSources } from './checklist.ts'

const REPORT_FORMATS = ['text', 'json', 'html'] as const

interface ReportOptions {
  readonly doctor: boolean
  readonly output: (typeof REPORT_FORMATS)[number]
}

export function addReportCommand(program: Command, context: CliContext): void {
  program
    .command('report')
    .summary('the report of a restore, ready to send')
    .description(
      'Prints the report of a restore in the form of the manual’s section 12.2, filled in from what is recorded, and below it ' +
        'rows lost, checks, who did what, and the related documents of `report.links`. What is not known says so. Where the ' +
        'application did not work at the end, a quick look of the doctor is added. Works with the daemon down.',
    )
    .argument('<request>', 'its name')
    .addOption(languageOption())
    .addOption(new Option('-o, --output <format>', 'how to print').choices([...REPORT_FORMATS]).default('text'))
    .option('--no-doctor', 'leave out what modosu doctor finds now, where the application does not work')
    .addHelpText(
      'after',
      examples(
        { command: 'report inc-4711', tells: 'to be pasted into a ticket or a chat' },
        { command: 'report inc-4711 --lang en', tells: 'the same in English' },
        { command: 'report inc-4711 -o html > inc-4711.html', tells: 'one file to print or attach' },
      ),
    )
    .action(async (name: string, { output: format, doctor }: ReportOptions) => {
      const { language, output } = context
      const { report: settings, targets } = context.configuration()
      const request = findRequest(context.reader(), plainName(name))
      const target = targets.find((each) => each.name === request.spec.target)
      const facts = reportFactsOf(context.reader(), request, target, settings)
      const wording = { language, say: context.say, timezone: facts.timezone }
      const lists = await checklistSections(checklistSources(context), request, target, wording)
      const found =
        doctor && target !== undefined && needsDoctor(request)
          ? await untilInterrupted((signal) => doctorSections(context, target, signal))
          : []
      const report = reportOf(facts, wording, [...found, ...lists])
      switch (format) {
        case 'text':
          output.line(reportText(report))
          break
        case 'json':
          output.line(toJson(reportObject(report, facts)))
          break
        case 'html':
          output.write(reportHtml(report))
          break
      }
    })
}
