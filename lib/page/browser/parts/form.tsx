/** Fields that are sent together. What is wrong with them is gone to, wherever on the screen it stands. */
import type { ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'

interface FormProps {
  /** Sends it, unless it finds something wrong. Not called while it is busy. */
  readonly onSubmit: () => unknown
  readonly isBusy?: boolean
  readonly class?: string
  readonly children: ComponentChildren
}

export function Form({ onSubmit, isBusy = false, children, ...rest }: FormProps) {
  const form = useRef<HTMLFormElement>(null)

  async function submit(): Promise<void> {
    // The form itself may go, once the rest is what is wrong.
    const around = form.current?.parentElement
    await onSubmit()
    // Once what is wrong is drawn.
    requestAnimationFrame(() => goToFault(around))
  }

  return (
    <form
      {...rest}
      ref={form}
      onSubmit={(event) => {
        event.preventDefault()
        if (!isBusy) void submit()
      }}
    >
      {children}
    </form>
  )
}

/** A field that is wrong has focus; what is told of all of them is seen, and whoever pressed can press again. */
export function goToFault(within: Element | null | undefined): void {
  const told = (selector: string) =>
    [...(within?.querySelectorAll(selector) ?? [])].find((each) => each.textContent !== '')
  const fault = told('.fault')
  if (fault === undefined) {
    told('[role=alert]')?.scrollIntoView({ block: 'nearest' })
    return
  }
  const about = within?.querySelector(`[aria-describedby~="${fault.id}"]`)
  const field = about?.matches('fieldset') ? about.querySelector('input, select') : about
  if (field instanceof HTMLElement) field.focus()
}
