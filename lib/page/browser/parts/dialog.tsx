/** What must be answered before anything else: focus stays within, and goes back to where it came from. */
import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { LiveRegion } from '../shell/tell-aloud.tsx'

interface DialogProps {
  readonly title: string
  /** Escape, the way back, or a press outside. */
  readonly onClose: () => void
  readonly children: ComponentChildren
  /** A drawer stands at the side, for what is looked at for longer. */
  readonly look?: 'dialog' | 'drawer'
}

export function Dialog({ title, onClose, children, look = 'dialog' }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const isPressedOutside = useRef(false)
  const id = useId()
  useLayoutEffect(() => {
    const shown = dialog.current
    const before = document.activeElement
    shown?.showModal()
    // To what is to be filled in, else to what it is about.
    const first =
      shown?.querySelector<HTMLElement>(':is(input, select, textarea)') ?? shown?.querySelector('h2')
    first?.focus()
    return () => {
      shown?.close()
      if (before instanceof HTMLElement && before !== document.body) before.focus()
    }
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does the same as a press outside.
    <dialog
      ref={dialog}
      class={look}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onMouseDown={({ target }) => {
        isPressedOutside.current = target === dialog.current
      }}
      onClick={({ target }) => {
        // Whoever marks what they typed may let go outside.
        if (target === dialog.current && isPressedOutside.current) onClose()
      }}
    >
      <div class="dialog-body">
        <div class="dialog-head">
          <h2 id={id} tabIndex={-1}>
            {title}
          </h2>
          <button type="button" class="button quiet" aria-label="Close" onClick={onClose}>
            <span aria-hidden="true">✕</span>
          </button>
        </div>
        {children}
        <LiveRegion />
      </div>
    </dialog>
  )
}
