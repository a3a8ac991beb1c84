/**
 * The warning before a restore in the manual's words (3.2, steps 4 to 6), and the password again. The focus is on the button
 * that changes nothing.
 */

import { useState } from 'preact/hooks'

import { WARNING } from '../../domain/messages.ts'
import { capitalized, duration, localTime, megabytes, printable, utc } from '../format.ts'
import { navigate, PATHS } from '../route.ts'
import { asCallFailed, clockAheadMs, type CallFailed } from '../server/client.ts'
import type { Backup } from '../server/objects.ts'
import { restore } from '../server/restores.ts'
import { language, texts } from '../texts/language.ts'
import { Failure, Modal, Spinner } from './parts.tsx'
import { ProofFields, useProof } from './proof.tsx'

export interface RestoreDialogProps {
  readonly backup: Backup
  /** Of a login at an issuer that was made for this; null: none. */
  readonly proof: string | null
  /** null: nothing that is known speaks against it. */
  readonly whyNot: string | null
  readonly onPreview: () => void
  readonly onClose: () => void
}

export function RestoreDialog({ backup, proof, whyNot, onPreview, onClose }: RestoreDialogProps) {
  const { dialog, backups } = texts()
  const manual = WARNING[language.value]
  const [reason, setReason] = useState('')
  const [failure, setFailure] = useState<CallFailed | null>(null)
  const [busy, setBusy] = useState(false)
  const asked = useProof(backup.backup_id, proof, restoreAddress(backup.backup_id, backup.target))

  const execute = async (): Promise<void> => {
    if (!asked.isGiven()) return
    setBusy(true)
    setFailure(null)
    try {
      navigate(PATHS.request(await restore(backup, await asked.take(), reason.trim())))
    } catch (error) {
      setBusy(false)
      if (!asked.refused(error)) setFailure(asCallFailed(error))
    }
  }

  return (
    <Modal labelledBy="restore-title" class="restore-dialog" {...(busy ? {} : { onClose })}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void execute()
        }}
      >
        <h2 id="restore-title">{manual.heading}</h2>
        <div class="manual-text">
          <p>
            {manual.overwritten[0]}
            {language.value === 'en' && ' '}
            <wbr />
            {manual.overwritten[1]}
          </p>
          <ul class="facts">
            <li>
              - {manual.backupId} <b class="id">{printable(backup.backup_id)}</b>
            </li>
            <li>
              - {manual.backupType} <b>{capitalized(printable(backup.backup_type))}</b>
            </li>
            <li>
              - {manual.createdAt} <b>{utc(backup.created_at)}</b>
            </li>
            <li>
              - {manual.fileSize} <b>{megabytes(backup.set_size)}</b>
            </li>
          </ul>
          <p>{manual.automaticBackup}</p>
          <p class="question">{manual.question}</p>
        </div>
        <Meaning backup={backup} onPreview={onPreview} />
        {whyNot !== null && (
          <p class="notice notice-bad" role="alert">
            {whyNot}
          </p>
        )}
        <div class="form">
          <ProofFields proof={asked} />
          <label>
            {dialog.reason}
            <input
              name="reason"
              maxLength={1024}
              value={reason}
              aria-describedby="reason-hint"
              onInput={(event) => {
                setReason(event.currentTarget.value)
              }}
            />
            <span id="reason-hint" class="hint">
              {dialog.reasonHint}
            </span>
          </label>
        </div>
        {failure !== null && (
          <>
            <Failure error={failure} />
            <p class="quiet">{dialog.safe}</p>
          </>
        )}
        <div class="dialog-buttons">
          <button type="button" autoFocus disabled={busy} onClick={onClose}>
            {manual.cancel}
          </button>
          <button
            type="submit"
            class="danger"
            aria-label={busy ? dialog.starting : `${manual.execute}: ${backups.restoreOf(printable(backup.backup_id))}`}
            disabled={busy || whyNot !== null || asked.isMissing}
          >
            {busy && <Spinner />}
            {busy ? dialog.starting : manual.execute}
          </button>
        </div>
      </form>
    </Modal>
  )
}

/** What the manual has the operator know before the yes (3.2, step 2): where it goes, and what it takes away. */
function Meaning({ backup, onPreview }: Pick<RestoreDialogProps, 'backup' | 'onPreview'>) {
  const { dialog } = texts()
  const ageMs = Date.now() + clockAheadMs.value - Date.parse(backup.created_at)
  return (
    <div class="meaning">
      <p>
        {dialog.target}: <b>{printable(backup.target)}</b>
      </p>
      <p>{ageMs < 0 ? dialog.future : dialog.lost(duration(ageMs))}</p>
      <p class="quiet">{dialog.local(localTime(backup.created_at))}</p>
      <button type="button" class="link" onClick={onPreview}>
        {dialog.previewFirst}
      </button>
    </div>
  )
}

/** Leads to the dialog of that backup. */
export function restoreAddress(id: string, target: string): string {
  return `${PATHS.backups}?restore=${encodeURIComponent(id)}&of=${encodeURIComponent(target)}`
}
