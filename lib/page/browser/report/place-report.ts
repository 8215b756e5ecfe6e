/**
 * The report of a period within the page: its nodes, without what runs or looks elsewhere, in a tree of their own, where its
 * style reaches nothing else and the page's does not reach it. That style is this build's: the policy has no other.
 */
import { styleFor } from '../../../seats/page/style.ts'
import { hashOf } from '../shell/route.ts'

/** What a report has none of, and what would count for all of the page. */
const LEFT_OUT = 'title, script, style, link, meta, base, iframe, object, embed, form'

/** The page has a frame, colours and a heading already, and breaks words where it must: here that would tear figures apart. */
const WITHIN = `
:host{display:block;overflow-wrap:break-word}
.body{padding:0;background:none;max-width:none;font-size:.9375rem}
h1{display:none}
`

let sheet: CSSStyleSheet | undefined

function sheetOfReport(): CSSStyleSheet {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(styleFor({ root: ':host', body: '.body' }) + WITHIN)
  }
  return sheet
}

/**
 * @param text the whole document, as the API answers. Where another one stands already it is replaced.
 * @param timeTextOf writes a time, ISO 8601, as the page does.
 */
export function placeReport(place: HTMLElement, text: string, timeTextOf: (at: string) => string): void {
  const root = place.shadowRoot ?? place.attachShadow({ mode: 'open' })
  root.adoptedStyleSheets = [sheetOfReport()]
  // In a template nothing is applied or loaded yet: a document of its own would have its style refused by the policy.
  const template = document.createElement('template')
  template.innerHTML = text
  for (const each of template.content.querySelectorAll(LEFT_OUT)) each.remove()
  const shown = document.createElement('div')
  shown.className = 'body'
  // Its main is the page's already.
  for (const each of [...template.content.children])
    shown.append(...(each.localName === 'main' ? each.childNodes : [each]))
  linkPeopleAndChanges(shown)
  for (const time of shown.querySelectorAll('time')) {
    // Days stay as they are: they are UTC everywhere.
    if (time.dateTime.includes('T')) time.textContent = timeTextOf(time.dateTime)
  }
  shown.addEventListener('click', (event) => goWithin(root, event))
  root.replaceChildren(document.adoptNode(shown))
}

/** Who is behind an overage, and by which change, is a press away here. */
function linkPeopleAndChanges(shown: HTMLElement): void {
  for (const row of shown.querySelectorAll('.people tbody tr')) {
    const person = row.querySelector('th')
    const id = person?.querySelector('code')?.textContent
    const name = person?.firstChild
    if (id && name) linkTo(hashOf(['people', id]), name)
    const change = row.querySelector('td code')
    if (change?.textContent) linkTo(hashOf(['changes', change.textContent]), change)
  }
}

function linkTo(href: string, node: ChildNode): void {
  const link = document.createElement('a')
  link.href = href
  node.replaceWith(link)
  link.append(node)
}

/** The part behind the `#` is the page's, so what leads to a place within the report goes there by itself. */
function goWithin(root: ShadowRoot, event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest('a') : null
  const target = link?.getAttribute('href')?.match(/^#([^/].*)$/)?.[1]
  if (target === undefined) return
  event.preventDefault()
  const place = root.getElementById(target)
  place?.setAttribute('tabindex', '-1')
  place?.scrollIntoView()
  place?.focus({ preventScroll: true })
}
