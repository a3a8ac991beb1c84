/** What the property tests say to the process in which the controller lives, and what it answers. */

import type { RestoreManifest } from '../../src/domain/resource.ts'
import type { Target } from '../../src/domain/target.ts'

export interface LifeSettings {
  readonly root: string
  readonly targets: readonly Target[]
  /** Added to the system's clock. */
  readonly clockOffsetMs: number
}

export type Call =
  | { readonly act: 'apply'; readonly manifest: RestoreManifest }
  | { readonly act: 'absent'; readonly name: string }
  | { readonly act: 'submit'; readonly manifest: RestoreManifest }
  | { readonly act: 'cancel' | 'approve' | 'suspend' | 'resume' | 'retry' | 'ack'; readonly name: string }
  | { readonly act: 'rollback'; readonly target: string }
  | { readonly act: 'failpoint'; readonly point: string | null }
  | { readonly act: 'clock'; readonly offsetMs: number }
  /** Answers when nothing moves any more. */
  | { readonly act: 'settle' }
  | { readonly act: 'metrics' }

export interface Answer {
  readonly id: number
  /** The text that was asked for, or the reason of a refusal. */
  readonly text: string
  readonly refused: boolean
}
