/**
 * What swagger-ui leaves out for those who hear the page or use no pointer. It draws anew as it likes and knows nothing of
 * these attributes, so they are set whenever something has been drawn.
 */

type ValueOf = (each: Element) => string

/** A parameter's row has its name. */
const nameOfParameter: ValueOf = (each) =>
  each.closest('[data-param-name]')?.getAttribute('data-param-name') ?? 'Value'

const MENDING: readonly (readonly [selector: string, name: string, value: string | ValueOf])[] = [
  // The document's title is of the first level, and what follows would be of the third.
  ['h3.opblock-tag, .models h4', 'aria-level', '2'],
  ['.opblock h4', 'aria-level', '3'],
  ['.opblock h5', 'aria-level', '4'],
  ['textarea.body-param__text', 'aria-label', 'Request body'],
  ['.parameters select', 'aria-label', nameOfParameter],
  // What scrolls must be reached by keyboard.
  ['pre.microlight', 'tabindex', '0'],
  // All of a page is in regions, which have names: these have none, and are tables.
  ['.information-container', 'role', 'region'],
  ['.information-container', 'aria-label', 'About this API'],
  ['table.responses-table', 'role', 'table'],
]

/** @param root where swagger-ui draws. */
export function mend(root: Element): void {
  const mendAll = () => {
    for (const [selector, name, value] of MENDING) {
      for (const each of root.querySelectorAll(selector)) {
        const text = typeof value === 'string' ? value : value(each)
        if (each.getAttribute(name) !== text) each.setAttribute(name, text)
      }
    }
  }
  new MutationObserver(mendAll).observe(root, { childList: true, subtree: true })
  mendAll()
}
