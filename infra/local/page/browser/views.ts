/** Which part of the page shows: the address says it, so that it can be linked to and gone back from. */
import { byId } from './dom.ts'

const VIEWS = ['chat', 'changes', 'api'] as const
export type View = (typeof VIEWS)[number]

/** As the styles have it: one part at a time. */
const NARROW = '(width < 920px)'

/**
 * @param onShown told of each view when it is shown, the first included.
 * @returns goes to a view, which shows when this has returned.
 */
export function views(onShown: (view: View) => void): (view: View) => void {
  const links = [...byId('views', HTMLElement).querySelectorAll('a')]

  const narrow = matchMedia(NARROW)
  const shown = () => VIEWS.find((each) => each === location.hash.slice(1)) ?? 'chat'

  function show(): void {
    const view = shown()
    document.body.dataset['view'] = view
    mark(view)
    onShown(view)
  }

  /** Where there is room, chat and changes show together, and one link stands for both. */
  function mark(view: View): void {
    const current = view === 'changes' && !narrow.matches ? 'chat' : view
    for (const link of links) {
      if (link.hash === `#${current}`) link.setAttribute('aria-current', 'page')
      else link.removeAttribute('aria-current')
    }
  }

  addEventListener('hashchange', show)
  narrow.addEventListener('change', () => mark(shown()))
  show()
  return (view) => {
    location.hash = view
    // The event comes later, and what is not shown cannot be focused.
    show()
  }
}
