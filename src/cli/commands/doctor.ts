/** `modosu doctor`: why the application or the daemon does not work, the likely cause first (manual 9, Q3). */

import { readFileSync } from 'node:fs'

import type { Command } from 'commander'

import type { Target } from '../../domain/target.ts'
import { fullUnitName } from '../../service/systemctl.ts'
import type { CliContext } from '../context.ts'
import { lookAtConfiguration, whileItRuns, type ConfigurationLook } from '../doctor/configuration.ts'
import { diagnose, type Diagnosis } from '../doctor/diagnose.ts'
import { DAEMON_UNIT, Examination } from '../doctor/examination.ts'
import { byLikelihood, exitCodeOf } from '../doctor/finding.ts'
import { hungFinding, hungMounts, namedIn } from '../doctor/mounts.ts'
import { diagnosisObject, printDiagnosis } from '../doctor/report.ts'
import { formatOption, OBJECT_FORMATS, toJson, toYaml, type ObjectFormat } from '../format.ts'
import { examples } from '../help.ts'
import { untilInterrupted } from '../interrupt.ts'

interface DoctorOptions {
  readonly target?: string
  readonly quick?: boolean
  readonly logs?: boolean
  readonly output: ObjectFormat
}

const EXPLANATION = `
The first line is the likely cause and the command that mends it, or that looks closer where a person has to decide.
Exit codes, by the gravest finding:
   0  nothing is wrong, as far as everything could be looked at
   2  there is no configuration to go by
   3  something did not answer in time, and nothing else is broken
   4  something could not be looked at by this user, and nothing else is broken (run it with sudo)
   6  it works, and will not for long, or not for the next restore
   7  something is broken`

export function addDoctorCommand(program: Command, context: CliContext): void {
  program
    .command('doctor')
    .summary('why the application or the daemon does not work')
    .description(
      'Looks at the daemon and at each target: units and their logs, permissions, integrity, tables, schema, ports, disks, ' +
        'clock, who has the database open, state store, spool and configuration. Works with the daemon down, with a mistake ' +
        'in the configuration, and without root, where it says what it could not see. Changes nothing: databases are read on ' +
        'a copy.',
    )
    .option('-t, --target <target>', 'only this target, and the daemon')
    .option('--quick', 'leave out what reads whole databases: integrity and schema')
    .option('--logs', 'print the last 50 lines of each log, also of units that run')
    .addOption(formatOption(OBJECT_FORMATS, 'table'))
    .addHelpText(
      'after',
      examples(
        { command: 'doctor --target itsm-nexus', tells: 'the application does not start after a restore (manual Q3)' },
        { command: 'doctor --quick', tells: 'a first look, in a few seconds' },
        { command: 'doctor -o json', tells: 'for a script: likelyCause.command' },
      ),
    )
    .addHelpText('after', EXPLANATION)
    .action(async (options: DoctorOptions) => {
      await doctor(context, options)
    })
}

async function doctor(context: CliContext, options: DoctorOptions): Promise<void> {
  const hung = namedIn(textOf(context.configPath), await hungMounts(context.environment.variables))
  if (hung !== undefined) {
    const check = { check: 'disks', target: null, result: 'found', looked: hung } as const
    print(context, { findings: [hungFinding(hung)], checks: [check] }, new Map(), options.output)
    context.exitCode = 7
    return
  }
  const look = lookAtConfiguration(context)
  if (look.configuration === null) {
    const findings = look.finding === null ? [] : [look.finding]
    const result = look.finding?.severity === 'unseen' ? 'unseen' : 'found'
    print(
      context,
      { findings, checks: [{ check: 'configuration', target: null, result, looked: look.looked }] },
      new Map(),
      options.output,
    )
    context.exitCode = look.finding?.severity === 'unseen' ? 4 : 2
    return
  }
  context.useConfiguration(look.configuration)
  const targets = context.targets(options.target)
  const { configuration } = look
  await untilInterrupted(async (signal) => {
    const examination = new Examination(context, configuration, options.quick === true, signal)
    const diagnosis = await withConfiguration(look, examination, await diagnose(examination, targets))
    signal.throwIfAborted()
    print(context, diagnosis, await logsOf(examination, targets, diagnosis, options), options.output)
    context.exitCode = exitCodeOf(diagnosis.findings)
  })
}

/** Empty where it cannot be read, which another check tells. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

async function withConfiguration(
  { finding, looked }: ConfigurationLook,
  examination: Examination,
  { findings, checks }: Diagnosis,
): Promise<Diagnosis> {
  const check = { check: 'configuration', target: null, result: finding === null ? 'ok' : 'found', looked } as const
  if (finding === null) return { findings, checks: [check, ...checks] }
  const runs = (await examination.daemon()).kind === 'answers'
  return { findings: byLikelihood([whileItRuns(finding, runs), ...findings]), checks: [check, ...checks] }
}

/** Of the units that something is wrong with; of all with `--logs` (manual Q3, step 2). */
async function logsOf(
  examination: Examination,
  targets: readonly Target[],
  { findings }: Diagnosis,
  { logs, target }: DoctorOptions,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>()
  if ((await examination.manager()) !== 'present') return found
  const suspect = (name: string | null): boolean =>
    logs === true || findings.some((each) => each.target === name && each.severity === 'broken')
  const units = [
    ...(target === undefined && suspect(null) ? [DAEMON_UNIT] : []),
    ...targets.flatMap(({ name, service }) =>
      service?.unit !== undefined && suspect(name) ? [fullUnitName(service.unit)] : [],
    ),
  ]
  for (const unit of units) {
    const lines = await examination.log(unit)
    if (lines !== null && lines.length > 0) found.set(unit, lines)
  }
  return found
}

function print(
  context: CliContext,
  diagnosis: Diagnosis,
  logs: ReadonlyMap<string, readonly string[]>,
  format: ObjectFormat,
): void {
  switch (format) {
    case 'json':
      context.output.line(toJson(diagnosisObject(diagnosis, logs)))
      return
    case 'yaml':
      context.output.line(toYaml(diagnosisObject(diagnosis, logs)))
      return
    case 'table':
      printDiagnosis(context, diagnosis, logs)
  }
}
