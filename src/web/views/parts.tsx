/** Small parts that several views share. */

import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'

import { localTime, printable, utc } from '../format.ts'
import { navigate } from '../route.ts'
import type { CallFailed } from '../server/client.ts'
import { said } from '../server/said.ts'
import { texts } from '../texts/language.ts'

export type Tone = 'good' | 'bad' | 'busy' | 'warn' | 'quiet'

export function Badge({ tone, children }: { readonly tone: Tone; readonly children: ComponentChildren }) {
  return <span class={`badge badge-${tone}`}>{children}</span>
}

/** UTC, as ids and the manual have it, and the local time beneath. */
export function Time({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} class="time">
      <span class="nobreak">{utc(at)} UTC</span> <span class="quiet nobreak">{localTime(at)}</span>
    </time>
  )
}

interface LinkProps {
  readonly to: string
  readonly class?: string
  readonly current?: boolean
  readonly label?: string
  readonly children: ComponentChildren
}

/** Within the page, without loading it anew; with a modifier key as the browser does. */
export function Link({ to, current = false, label, children, ...rest }: LinkProps) {
  return (
    <a
      href={to}
      class={rest.class}
      aria-label={label}
      aria-current={current ? 'page' : undefined}
      onClick={(event) => {
        if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
        event.preventDefault()
        navigate(to)
      }}
    >
      {children}
    </a>
  )
}

/** A failed call with what to do next. */
export function Failure({ error, onRetry }: { readonly error: CallFailed; readonly onRetry?: () => void }) {
  const { retry, nextStep, unreachable } = texts()
  return (
    <div class="notice notice-bad" role="alert">
      <p>{error.status === 0 ? unreachable : printable(said(error.message))}</p>
      {error.hint !== null && (
        <p>
          <strong>{nextStep}: </strong>
          {printable(said(error.hint))}
        </p>
      )}
      {onRetry !== undefined && (
        <button type="button" onClick={onRetry}>
          {retry}
        </button>
      )}
    </div>
  )
}

export function Spinner() {
  return <span class="spinner" aria-hidden="true" />
}

interface ModalProps {
  readonly labelledBy: string
  readonly class?: string
  /** Escape, and whatever else the browser closes a dialog by; absent: it stays. */
  readonly onClose?: () => void
  readonly children: ComponentChildren
}

/** A native dialog above everything else: the browser keeps the focus in it, and gives it back afterwards. */
export function Modal({ labelledBy, onClose, children, ...rest }: ModalProps) {
  const element = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const dialog = element.current
    const opener = document.activeElement
    if (dialog !== null && !dialog.open) dialog.showModal()
    return () => {
      dialog?.close()
      // The browser gives the focus back only where the dialog is still in the document.
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus()
    }
  }, [])
  return (
    <dialog
      ref={element}
      class={rest.class}
      aria-labelledby={labelledBy}
      onCancel={(event) => {
        event.preventDefault()
        onClose?.()
      }}
    >
      {children}
    </dialog>
  )
}

/** The title of a view: it has the focus when the view is opened, so that a screen reader begins there. */
export function Title({ children }: { readonly children: string }) {
  const element = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    element.current?.focus({ preventScroll: true })
  }, [])
  useEffect(() => {
    document.title = `${children} - ${texts().product}`
  }, [children])
  return (
    <h1 ref={element} tabIndex={-1}>
      {children}
    </h1>
  )
}
