/** A row of which one is chosen, made of real radio buttons. */
import { element } from '../dom.ts'

export interface ChooserOption {
  readonly value: string
  readonly label: string
  /** More of it, for who points at it. */
  readonly title?: string
}

export function chooser(
  fieldset: HTMLFieldSetElement,
  options: readonly ChooserOption[],
  chosen: string,
  onChosen: (value: string) => void,
): void {
  fieldset.querySelectorAll('label').forEach((label) => {
    label.remove()
  })
  for (const { value, label, title = '' } of options) {
    const radio = element('input', { type: 'radio', name: fieldset.id, value })
    radio.checked = value === chosen
    radio.addEventListener('change', () => onChosen(value))
    fieldset.append(element('label', { title }, radio, element('span', {}, label)))
  }
}
