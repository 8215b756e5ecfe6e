import { useMe, zoneOf } from '../api/use-me.ts'
import { Field } from './field.tsx'
import { zoneNameOf } from './field-times.ts'

interface TypedTimeProps {
  readonly label: string
  readonly hint?: string
  readonly value: string
  readonly fault: string | undefined
  readonly isRequired?: boolean
  readonly onType: (value: string) => void
}

/** A day and a time by the clocks by which times are told to whoever fills it in, wherever their device is. */
export function TypedTimeField({ label, hint, value, fault, isRequired = false, onType }: TypedTimeProps) {
  const zone = `In the time of ${zoneNameOf(zoneOf(useMe()))}`
  return (
    <Field
      label={label}
      hint={hint === undefined ? zone : `${hint}. ${zone}`}
      type="datetime-local"
      value={value}
      fault={fault}
      isRequired={isRequired}
      onInput={({ currentTarget }) => onType(currentTarget.value)}
    />
  )
}
