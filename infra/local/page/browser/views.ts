/** Which part of the page shows: the address says it, so that it can be linked to and gone back from. */
import { byId } from './dom.ts'

const VIEWS = ['chat', 'changes', 'api'] as const
export type View = (typeof VIEWS)[number]

/**
 * @param onShown told of each view when it is shown, the first included.
 * @returns goes to a view, which shows when this has returned.
 */
export function views(onShown: (view: View) => void): (view: View) => void {
  const links = [...byId('views', HTMLElement).querySelectorAll('a')]

  function show(): void {
    const wanted = location.hash.slice(1)
    const view = VIEWS.find((each) => each === wanted) ?? 'chat'
    document.body.dataset['view'] = view
    for (const link of links) {
      if (link.hash === `#${view}`) link.setAttribute('aria-current', 'page')
      else link.removeAttribute('aria-current')
    }
    onShown(view)
  }

  addEventListener('hashchange', show)
  show()
  return (view) => {
    location.hash = view
    // The event comes later, and what is not shown cannot be focused.
    show()
  }
}
