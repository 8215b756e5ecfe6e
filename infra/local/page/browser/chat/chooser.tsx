/** A row of which one is chosen, made of real radio buttons. */

interface ChooserProps {
  readonly name: string
  readonly label: string
  readonly value: string
  readonly options: readonly {
    readonly value: string
    readonly label: string
    /** More of it, for who points at it. */
    readonly title?: string | undefined
  }[]
  readonly onChoose: (value: string) => void
}

export function Chooser({ name, label, value, options, onChoose }: ChooserProps) {
  return (
    <fieldset class="chooser">
      <legend>{label}</legend>
      {options.map((each) => (
        <label key={each.value} title={each.title}>
          <input
            type="radio"
            name={name}
            value={each.value}
            checked={each.value === value}
            onChange={() => onChoose(each.value)}
          />
          <span>{each.label}</span>
        </label>
      ))}
    </fieldset>
  )
}
