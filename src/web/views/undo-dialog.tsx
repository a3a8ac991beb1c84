/** The undo of the last restore (manual 7.2): what it takes back, what comes back and what is lost, before the yes. */

import { useState } from 'preact/hooks'

import { WARNING } from '../../domain/messages.ts'
import { humanSize } from '../../domain/size.ts'
import { duration, printable } from '../format.ts'
import { navigate, PATHS } from '../route.ts'
import { asCallFailed, call, clockAheadMs, RESOURCES, type CallFailed } from '../server/client.ts'
import type { Undo } from '../server/objects.ts'
import { rollBack } from '../server/restores.ts'
import { language, texts } from '../texts/language.ts'
import { useLoaded } from './load.ts'
import { Failure, Modal, Spinner, Time } from './parts.tsx'
import { ProofFields, useProof } from './proof.tsx'

export interface UndoDialogProps {
  readonly target: string
  readonly proof: string | null
  readonly onClose: () => void
}

export function UndoDialog({ target, proof, onClose }: UndoDialogProps) {
  const { undo: words, close } = texts()
  const path = `${RESOURCES}/targets/${encodeURIComponent(target)}/rollback`
  const { value, failure } = useLoaded(path, (signal) => call<Undo>(path, { signal }))
  if (value !== undefined) return <UndoForm undo={value} proof={proof} onClose={onClose} />
  if (failure === undefined) return null
  // Why not, and the way out: the server knows both.
  return (
    <Modal labelledBy="undo-title" onClose={onClose}>
      <h2 id="undo-title">{words.impossible}</h2>
      <Failure error={failure} />
      <div class="dialog-buttons">
        <button type="button" autoFocus onClick={onClose}>
          {close}
        </button>
      </div>
    </Modal>
  )
}

interface UndoFormProps {
  readonly undo: Undo
  readonly proof: string | null
  readonly onClose: () => void
}

function UndoForm({ undo, proof, onClose }: UndoFormProps) {
  const { undo: words, dialog } = texts()
  const manual = WARNING[language.value]
  const { target, undoes, ineffective, safetyBackup, replacedSince } = undo
  const [failure, setFailure] = useState<CallFailed | null>(null)
  const [busy, setBusy] = useState(false)
  const asked = useProof(safetyBackup.name, proof, `${PATHS.overview}?undo=${encodeURIComponent(target)}`)
  const sinceMs = Date.now() + clockAheadMs.value - Date.parse(undoes.endedAt)

  const execute = async (): Promise<void> => {
    if (!asked.isGiven()) return
    setBusy(true)
    setFailure(null)
    try {
      navigate(PATHS.request(await rollBack(undo, await asked.take())))
    } catch (error) {
      setBusy(false)
      if (!asked.refused(error)) setFailure(asCallFailed(error))
    }
  }

  return (
    <Modal labelledBy="undo-title" class="restore-dialog" {...(busy ? {} : { onClose })}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void execute()
        }}
      >
        <h2 id="undo-title">{words.title}</h2>
        <p>
          {dialog.target}: <b>{printable(target)}</b>
        </p>
        <div class="facts">
          <p>{words.undoes(printable(undoes.request), printable(undoes.backupId))}</p>
          <p>
            {words.at} <Time at={undoes.endedAt} />
          </p>
          <p>{words.comesBack(printable(safetyBackup.name), humanSize(safetyBackup.sizeBytes))}</p>
        </div>
        <div class="meaning">
          <p>{words.lost(duration(sinceMs))}</p>
          {!undoes.certain && <p>{words.uncertain}</p>}
          {ineffective.map(({ request, result }) => (
            <p key={request}>{words.ineffective(printable(request), result)}</p>
          ))}
          {replacedSince && <p>{words.replaced}</p>}
        </div>
        <p class="question">{words.question}</p>
        <div class="form">
          <ProofFields proof={asked} />
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
          <button type="submit" class="danger" disabled={busy || asked.isMissing}>
            {busy && <Spinner />}
            {busy ? dialog.starting : words.execute}
          </button>
        </div>
      </form>
    </Modal>
  )
}
