import type { ButtonHTMLAttributes } from 'preact'

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `primary` once in a place at most: what most people came for. */
  readonly look?: 'plain' | 'primary' | 'danger' | 'quiet'
  /** It has been pressed, and there is no answer yet. It keeps its focus. */
  readonly isBusy?: boolean
}

export function Button({ look = 'plain', isBusy = false, onClick, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      class={`button ${look}`}
      aria-busy={isBusy}
      {...(isBusy && { 'aria-disabled': true })}
      onClick={(event) => {
        if (isBusy) event.preventDefault()
        else onClick?.(event)
      }}
    >
      {children}
    </button>
  )
}
