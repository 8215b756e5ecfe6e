/** A thing to fill in, with its name, what is wrong with it, and a hint. */
import type { ComponentChildren, TargetedEvent, TargetedKeyboardEvent } from 'preact'
import { useId } from 'preact/hooks'

interface Around {
  readonly label: string
  readonly hint?: string
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
  readonly pattern?: string
  readonly required?: boolean
  readonly onInput?: (event: TargetedEvent<HTMLInputElement, InputEvent>) => void
  readonly onKeyDown?: (event: TargetedKeyboardEvent<HTMLInputElement>) => void
}

/** Of four digits, so that whoever has typed them is at what comes next: browsers take years of six. */
const LAST_DAY = '9999-12-31'

export function Field({ label, hint, fault, type, ...rest }: FieldProps) {
  const id = useId()
  const given = {
    ...rest,
    id,
    'aria-invalid': fault !== undefined,
    'aria-describedby': `${id}-hint ${id}-fault`,
    autoComplete: 'off',
  } as const
  return (
    <Labelled id={id} label={label} hint={hint} fault={fault}>
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
export function LongField({ label, hint, fault, ...rest }: LongFieldProps) {
  const id = useId()
  return (
    <Labelled id={id} label={label} hint={hint} fault={fault}>
      <textarea
        {...rest}
        id={id}
        rows={8}
        wrap="off"
        spellcheck={false}
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

export function Choice({ label, hint, fault, options, value, ...rest }: ChoiceProps) {
  const id = useId()
  return (
    <Labelled id={id} label={label} hint={hint} fault={fault}>
      <select
        {...rest}
        id={id}
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
  children,
}: Omit<Around, 'hint'> & {
  readonly id: string
  readonly hint?: string | undefined
  readonly children: ComponentChildren
}) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
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
