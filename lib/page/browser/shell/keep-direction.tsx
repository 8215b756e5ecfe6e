/**
 * Names come from elsewhere, and stand in sentences, those of the gateway too, of which nothing tells where the name is.
 * Whatever is written from right to left stands in a `<bdi>` of its own, wherever it is shown, so that what is around it
 * stays where it is; what turns letters around is shown as what it is.
 */
import { type ComponentChildren, Fragment, options } from 'preact'

/** What opens or ends another direction of writing: no name needs it to be read. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g

/** What a name in such letters is one run with. A comma is between two names. */
const RUN =
  /((?:[\p{sc=Hebrew}\p{sc=Arabic}\p{sc=Syriac}\p{sc=Thaana}\p{sc=Nko}\p{sc=Adlam}][\p{M}\p{Zs}\-.'’"]*)*[\p{sc=Hebrew}\p{sc=Arabic}\p{sc=Syriac}\p{sc=Thaana}\p{sc=Nko}\p{sc=Adlam}]\p{M}*)/u

/** Whose text is text alone, and has no elements in it. */
const TEXT_ALONE = ['option', 'title', 'textarea', 'bdi']

/** `a<U+202E>b`, as the gateway has it in its own sentences. */
export function withTurnsShown(text: string): string {
  return text.replace(TURNING, (char) => `<U+${char.charCodeAt(0).toString(16).toUpperCase()}>`)
}

/** Once, before anything is drawn. */
export function keepDirection(): void {
  const before = options.vnode
  options.vnode = (vnode) => {
    const { type, props } = vnode
    if (typeof type === 'string' || type === Fragment)
      props.children = isolateNames(
        props.children,
        TEXT_ALONE.some((each) => each === type),
      )
    before?.(vnode)
  }
}

function isolateNames(children: ComponentChildren, isTextAlone: boolean): ComponentChildren {
  if (Array.isArray(children)) return children.map((each) => isolateNames(each, isTextAlone))
  if (typeof children !== 'string') return children
  const shown = withTurnsShown(children)
  if (isTextAlone || !RUN.test(shown)) return shown
  // By one group in parentheses, each other part is a run.
  return shown.split(RUN).map((part, place) => (place % 2 === 1 ? <bdi key={place}>{part}</bdi> : part))
}
