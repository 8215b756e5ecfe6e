/** Whatever was pressed is gone with what it stood in: focus goes on to what has come in its place. */
import { useEffect, useRef } from 'preact/hooks'

/** @param selector of what takes it, within the place. @param standing what it looks like by: as it comes to be another, buttons go. */
export function useTakenFocus<E extends HTMLElement>(selector: string, standing?: string) {
  const place = useRef<E>(null)
  useEffect(() => {
    if (document.activeElement === document.body) place.current?.querySelector<HTMLElement>(selector)?.focus()
  }, [standing])
  return place
}
