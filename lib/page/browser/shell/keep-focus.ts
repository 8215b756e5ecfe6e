/**
 * Whoever goes by keyboard, or hears the page, is somewhere on it at all times. Where what has focus goes away (the button
 * that was pressed, the row that somebody else decided, the last page of a list), focus goes on to what has come in its
 * place, else to the nearest heading or field around it.
 */

/** Where nobody does anything by pressing once too often. All of the view is no place: its heading is. */
const PLACES = ':is(h1, h2, h3, h4, input, select, textarea, [tabindex="-1"]):not(main)'
const CONTROLS = ':is(a[href], button)'

/** Once, for as long as the page is there. */
export function keepFocus(): void {
  let held: Element | undefined
  /** What it stands in, the nearest first: once it is gone nothing tells any more. */
  let around: readonly Element[] = []

  document.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof Element)) return
    held = target
    around = [...ancestorsOf(target)]
  })
  document.addEventListener('focusout', ({ target }) => {
    // Whoever presses beside everything has left it; what is removed is not there any more by then.
    queueMicrotask(() => {
      if (held === target && held?.isConnected && document.activeElement !== held) held = undefined
    })
  })
  new MutationObserver((records) => {
    if (held === undefined || held.isConnected) return
    held = undefined
    // The part itself knew better.
    if (document.activeElement !== null && document.activeElement !== document.body) return
    const place = placeFor(around, records)
    if (place && !place.matches(`input, select, textarea, ${CONTROLS}`)) place.tabIndex = -1
    place?.focus()
  }).observe(document.body, { childList: true, subtree: true })
}

function placeFor(around: readonly Element[], records: readonly MutationRecord[]): HTMLElement | undefined {
  const dialog = [...document.querySelectorAll('dialog[open]')].at(-1)
  const there = around.filter((each) => each.isConnected && (dialog?.contains(each) ?? true))
  const [nearest] = there
  const come = records
    .filter(({ target }) => target === nearest)
    .flatMap(({ addedNodes }) => [...addedNodes])
    .filter((node) => node instanceof Element && node.isConnected)
  for (const each of come) {
    // A button beside others is another button than the one that was pressed; what came as a whole may be gone on with.
    const place = firstIn(each, PLACES) ?? firstIn(each, CONTROLS)
    if (place) return place
  }
  for (const each of there) {
    const place = firstIn(each, PLACES)
    if (place) return place
  }
  return firstIn(dialog ?? document.body, PLACES)
}

function firstIn(within: Node, selector: string): HTMLElement | undefined {
  if (!(within instanceof Element)) return undefined
  const found = [...(within.matches(PLACES) ? [within] : []), ...within.querySelectorAll(selector)]
  return found.find(
    (each): each is HTMLElement =>
      each instanceof HTMLElement &&
      each.checkVisibility({ visibilityProperty: true }) &&
      !each.matches(':disabled'),
  )
}

function* ancestorsOf(element: Element): Generator<Element> {
  for (let each = element.parentElement; each !== null; each = each.parentElement) yield each
}
