/** Runs the checks, each with a limit of time of its own, and puts the likely cause first. */

import { asRestoreError } from '../../domain/errors.ts'
import type { Target } from '../../domain/target.ts'
import { DAEMON_CHECKS, TARGET_CHECKS } from './checks.ts'
import type { Examination } from './examination.ts'
import { byLikelihood, type Finding, type Verdict } from './finding.ts'

const LIMIT_MS = 30_000
/** As long as anybody waits for a check of the largest database. */
const LONG_MS = 3 * 3_600_000

export interface CheckResult {
  readonly check: string
  readonly target: string | null
  /** `skipped`: there was nothing to look at. `unseen`: it may be anything. */
  readonly result: 'ok' | 'found' | 'skipped' | 'unseen'
  readonly looked: string
}

export interface Diagnosis {
  /** The likely cause first. */
  readonly findings: readonly Finding[]
  readonly checks: readonly CheckResult[]
}

/** Never rejects: a check that fails has seen nothing, and says so. */
export async function diagnose(examination: Examination, targets: readonly Target[]): Promise<Diagnosis> {
  const findings: Finding[] = []
  const checks: CheckResult[] = []
  const take = (check: string, target: string | null, verdict: Verdict, cause: Finding['cause']): void => {
    const found = verdict.findings.map((each): Finding => ({
      evidence: [],
      docs: null,
      ...each,
      cause: each.cause ?? cause,
      target,
    }))
    findings.push(...found)
    checks.push({ check, target, result: resultOf(verdict), looked: verdict.looked })
  }
  for (const { name, cause, run } of DAEMON_CHECKS) {
    take(name, null, await inTime(examination, name, LIMIT_MS, () => run(examination)), cause)
  }
  for (const target of targets) {
    for (const { name, cause, long = false, run } of TARGET_CHECKS) {
      const verdict =
        long && examination.quick
          ? leftOut()
          : await inTime(examination, name, long ? limitOf(target) : LIMIT_MS, () => run(examination, target))
      take(name, target.name, verdict, cause)
    }
  }
  return { findings: byLikelihood(withSigns(findings)), checks }
}

function resultOf({ findings, skipped, partly }: Verdict): CheckResult['result'] {
  if (findings.some(({ severity }) => severity === 'broken' || severity === 'warning')) return 'found'
  if (partly === true || findings.some(({ severity }) => severity === 'unseen')) return 'unseen'
  return skipped === undefined ? 'ok' : 'skipped'
}

/** The children that read whole databases have deadlines of their own, scaled to what they read; this one is for what they cannot see. */
function limitOf({ verification }: Target): number {
  return 2 * (verification.checkTimeoutMs ?? LONG_MS)
}

function leftOut(): Verdict {
  const why = 'left out by --quick'
  return { findings: [], looked: why, skipped: why }
}

async function inTime(
  examination: Examination,
  name: string,
  limitMs: number,
  run: () => Promise<Verdict>,
): Promise<Verdict> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Verdict>((resolve) => {
    timer = setTimeout(() => {
      resolve(failed(examination, `the check ${name} did not end within ${limitMs / 1000} s`, true))
    }, limitMs)
  })
  try {
    return await Promise.race([run(), late])
  } catch (error) {
    const { message } = asRestoreError(error, 'InternalError')
    return failed(examination, `the check ${name} failed: ${message}`, false)
  } finally {
    clearTimeout(timer)
  }
}

function failed(examination: Examination, message: string, late: boolean): Verdict {
  const command = `${examination.isRoot ? '' : 'sudo '}${examination.modosu('doctor --verbose')}`
  return { findings: [{ severity: 'unseen', message, command, docs: null, late }], looked: message }
}

/** A line of the log belongs to what a check has found of the same cause; where none has, it stands for itself. */
function withSigns(findings: readonly Finding[]): readonly Finding[] {
  const isSign = ({ message }: Finding): boolean => message.startsWith('the log of the application of ')
  const proven = findings.filter((each) => !isSign(each))
  const signs = findings.filter(isSign)
  const told = proven.map((each) => {
    const lines = signs.filter(({ cause, target }) => cause === each.cause && target === each.target)
    return lines.length === 0
      ? each
      : { ...each, evidence: [...each.evidence, ...lines.flatMap(({ evidence }) => evidence)] }
  })
  const alone = signs.filter(
    (sign) => !proven.some(({ cause, target }) => cause === sign.cause && target === sign.target),
  )
  return [...told, ...alone]
}
