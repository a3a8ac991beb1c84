/** A controller's door that writes down what the spool says; what it answers is up to the test. */

import type { Intake, InvalidDocument, SpoolDocument } from '../../src/controller/intake-contract.ts'
import type { RestoreSpec } from '../../src/domain/resource.ts'
import type { ManifestProblem } from '../../src/manifest/problem.ts'

export interface Applied {
  readonly name: string
  readonly file: string
  readonly index: number
  readonly backupId: string | undefined
  readonly spec: RestoreSpec
  readonly initial: boolean
  readonly rivals: readonly string[]
}

export class RecordedIntake implements Intake {
  readonly applied: Applied[] = []
  readonly invalids: InvalidDocument[] = []
  readonly absences: string[] = []
  readonly unfinished = new Map<string, string>()
  /** How many documents had been applied each time that the first scan was said to be over. */
  readonly historyBegunAfter: number[] = []
  answer: (document: SpoolDocument) => ManifestProblem | null = () => null

  apply(document: SpoolDocument, initial: boolean): ManifestProblem | null {
    const { file, index, manifest, rivals } = document
    const { name } = manifest.metadata
    const { spec } = manifest
    this.applied.push({ name, file, index, backupId: spec.source.backupId, spec, initial, rivals })
    return this.answer(document)
  }

  invalid(document: InvalidDocument): void {
    this.invalids.push(document)
  }

  absent(name: string): void {
    this.absences.push(name)
  }

  firstScanDone(): void {
    this.historyBegunAfter.push(this.applied.length)
  }

  unfinishedSpoolNames(): ReadonlyMap<string, string> {
    return this.unfinished
  }

  /** The names applied so far, in order. */
  get names(): string[] {
    return this.applied.map(({ name }) => name)
  }

  /** Forgets what was applied so far. */
  clear(): void {
    this.applied.length = 0
    this.invalids.length = 0
  }
}
