/** 「報告書をコピー」: the template of the manual's 12.2, filled in, as the command line prints it. */

import { useState } from 'preact/hooks'

import { asCallFailed, callForText, type CallFailed } from '../server/client.ts'
import { pathOf } from '../server/follow.ts'
import { language, texts } from '../texts/language.ts'
import { Failure, Modal } from './parts.tsx'

export function ReportButton({ name }: { readonly name: string }) {
  const { result, close } = texts()
  const [report, setReport] = useState<string | null>(null)
  const [copied, setCopied] = useState(false)
  const [failure, setFailure] = useState<CallFailed | null>(null)

  const copy = async (): Promise<void> => {
    setFailure(null)
    setCopied(false)
    try {
      const text = await callForText(`${pathOf(name)}/report?format=text&lang=${language.value}`)
      setReport(text)
      // A page that came over plain HTTP from elsewhere has no clipboard: the report is copied by hand.
      const clipboard = navigator.clipboard as Clipboard | undefined
      if (clipboard === undefined) return
      await clipboard.writeText(text)
      setCopied(true)
    } catch (error) {
      if (!(error instanceof DOMException)) setFailure(asCallFailed(error))
    }
  }

  return (
    <>
      <button type="button" onClick={() => void copy()}>
        {result.report}
      </button>
      {failure !== null && <Failure error={failure} />}
      {report !== null && (
        <Modal
          labelledBy="report-title"
          class="report-dialog"
          onClose={() => {
            setReport(null)
          }}
        >
          <h2 id="report-title">{result.reportTitle}</h2>
          {copied && (
            <p class="notice notice-good" role="status">
              {result.reportCopied}
            </p>
          )}
          {/* Focusable: it scrolls, and it can be selected by the keyboard. */}
          <pre tabIndex={0}>{report}</pre>
          <div class="dialog-buttons">
            <button
              type="button"
              autoFocus
              onClick={() => {
                setReport(null)
              }}
            >
              {close}
            </button>
          </div>
        </Modal>
      )}
    </>
  )
}
