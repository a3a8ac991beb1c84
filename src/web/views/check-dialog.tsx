/** What a check of one backup has found (manual 6.2, 6.3). */

import { printable } from '../format.ts'
import type { Verification } from '../server/objects.ts'
import { said } from '../server/said.ts'
import { texts } from '../texts/language.ts'
import { Badge, Modal } from './parts.tsx'

export type CheckResult = Verification['data'] & { readonly id: string }

interface CheckDialogProps {
  readonly result: CheckResult
  readonly onClose: () => void
}

export function CheckDialog({ result: { id, failed, checks }, onClose }: CheckDialogProps) {
  const { backups: words, close } = texts()
  return (
    <Modal labelledBy="check-title" onClose={onClose}>
      <h2 id="check-title">{failed === 0 ? words.checkPassed(printable(id)) : words.checkFailed(printable(id))}</h2>
      <ul class="findings">
        {checks.map(({ check_type: type, status, error_message: message }) => (
          <li key={type}>
            <Badge tone={status === 'pass' ? 'good' : status === 'fail' ? 'bad' : 'quiet'}>
              {words.checkResults[status] ?? status}
            </Badge>
            <span>
              {words.checkTypes[type] ?? type}
              {message !== undefined && <span class="below quiet">{printable(said(message))}</span>}
            </span>
          </li>
        ))}
      </ul>
      {failed > 0 && <p>{words.wayOut}</p>}
      <div class="dialog-buttons">
        <button type="button" autoFocus onClick={onClose}>
          {close}
        </button>
      </div>
    </Modal>
  )
}
