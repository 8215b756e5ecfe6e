/**
 * What swagger-ui leaves out for those who hear the page or use no pointer. It draws anew as it likes and knows nothing of
 * these attributes, so they are set whenever something has been drawn.
 */

const MENDING: readonly (readonly [selector: string, name: string, value: string])[] = [
  // The document's title is of the first level, and what follows would be of the third.
  ['h3.opblock-tag, .models h4', 'aria-level', '2'],
  ['.opblock h4', 'aria-level', '3'],
  ['.opblock h5', 'aria-level', '4'],
  ['textarea.body-param__text', 'aria-label', 'Request body'],
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
        if (each.getAttribute(name) !== value) each.setAttribute(name, value)
      }
    }
  }
  new MutationObserver(mendAll).observe(root, { childList: true, subtree: true })
  mendAll()
}
