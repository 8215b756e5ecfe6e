/** A thing to fill in, with its name, whether it must be, what is wrong with it, and a hint. */
import type { ComponentChildren, TargetedEvent, TargetedKeyboardEvent } from 'preact'
import { useId, useState } from 'preact/hooks'

interface Around {
  readonly label: string
  readonly hint?: string
  /** Without it nothing is sent. All else may be left empty, which goes without saying. */
  readonly isRequired?: boolean
  /** A sentence; announced where it appears. */
  readonly fault?: string | undefined
}

interface FieldProps extends Around {
  readonly name?: string
  readonly type?: 'text' | 'search' | 'datetime-local' | 'date' | 'time'
  readonly value?: string
  readonly defaultValue?: string
  readonly maxLength?: number
  readonly inputMode?: 'numeric' | 'search'
  readonly onInput?: (event: TargetedEvent<HTMLInputElement, InputEvent>) => void
  readonly onKeyDown?: (event: TargetedKeyboardEvent<HTMLInputElement>) => void
}

/** Of four digits, so that whoever has typed them is at what comes next: browsers take years of six. */
const LAST_DAY = '9999-12-31'

const HALF_TYPED = 'It is half typed: fill in all of it, or empty it.'

export function Field({ label, hint, fault: told, isRequired, type, onInput, ...rest }: FieldProps) {
  const id = useId()
  // A browser gives what is half typed as nothing at all, and keeps the form from being sent.
  const [isHalfTyped, setHalfTyped] = useState(false)
  const fault = isHalfTyped ? HALF_TYPED : told
  const given = {
    ...rest,
    id,
    'aria-required': isRequired,
    'aria-invalid': fault !== undefined,
    'aria-describedby': `${id}-hint ${id}-fault`,
    autoComplete: 'off',
    onInput(event: TargetedEvent<HTMLInputElement, InputEvent>) {
      setHalfTyped(false)
      onInput?.(event)
    },
    onKeyUp({ currentTarget }: TargetedKeyboardEvent<HTMLInputElement>) {
      // Emptied again it is no other value than before, which no input tells of.
      if (isHalfTyped) setHalfTyped(currentTarget.validity.badInput)
    },
    onInvalid(event: TargetedEvent<HTMLInputElement>) {
      // Its own bubble goes by itself, and no screen reader finds it again.
      event.preventDefault()
      setHalfTyped(true)
      event.currentTarget.focus()
    },
  } as const
  return (
    <Labelled id={id} label={label} hint={hint} fault={fault} isRequired={isRequired}>
      {type === 'datetime-local' ? (
        <input type="datetime-local" max={`${LAST_DAY}T23:59`} {...given} />
      ) : type === 'date' ? (
        <input type="date" max={LAST_DAY} {...given} />
      ) : type === 'time' ? (
        <input type="time" {...given} />
      ) : type === 'search' ? (
        <input type="search" {...given} />
      ) : (
        <input type="text" {...given} />
      )}
    </Labelled>
  )
}

interface LongFieldProps extends Around {
  readonly value: string
  readonly onInput: (event: TargetedEvent<HTMLTextAreaElement, InputEvent>) => void
}

/** For many lines, which are not broken. */
export function LongField({ label, hint, fault, isRequired, ...rest }: LongFieldProps) {
  const id = useId()
  return (
    <Labelled id={id} label={label} hint={hint} fault={fault} isRequired={isRequired}>
      <textarea
        {...rest}
        id={id}
        rows={8}
        wrap="off"
        spellcheck={false}
        aria-required={isRequired}
        aria-invalid={fault !== undefined}
        aria-describedby={`${id}-hint ${id}-fault`}
      />
    </Labelled>
  )
}

interface ChoiceProps extends Around {
  readonly name?: string
  readonly options: readonly (readonly [value: string, label: string])[]
  readonly value: string
  readonly onChange: (event: TargetedEvent<HTMLSelectElement>) => void
}

export function Choice({ label, hint, fault, isRequired, options, value, ...rest }: ChoiceProps) {
  const id = useId()
  return (
    <Labelled id={id} label={label} hint={hint} fault={fault} isRequired={isRequired}>
      <select
        {...rest}
        id={id}
        aria-required={isRequired}
        aria-invalid={fault !== undefined}
        aria-describedby={`${id}-hint ${id}-fault`}
      >
        {options.map(([each, name]) => (
          <option key={each} value={each} selected={each === value}>
            {name}
          </option>
        ))}
      </select>
    </Labelled>
  )
}

function Labelled({
  id,
  label,
  hint,
  fault,
  isRequired,
  children,
}: Pick<Around, 'label' | 'fault'> & {
  readonly id: string
  readonly hint: string | undefined
  readonly isRequired: boolean | undefined
  readonly children: ComponentChildren
}) {
  return (
    <div class="field">
      <label for={id} class={isRequired ? 'required' : undefined}>
        {label}
      </label>
      {children}
      <span id={`${id}-hint`} class="note">
        {hint}
      </span>
      <span id={`${id}-fault`} class="fault" role="alert">
        {fault}
      </span>
    </div>
  )
}
