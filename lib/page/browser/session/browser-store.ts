/** What a browser keeps for the page: for the tab, or for all tabs. It may be set to keep nothing, and is full at some point. */

type Keeper = 'tab' | 'all-tabs'

export function readKept(keeper: Keeper, name: string): string | undefined {
  try {
    return storeOf(keeper).getItem(name) ?? undefined
  } catch {
    return undefined
  }
}

/** @returns whether it is kept. */
export function keepText(keeper: Keeper, name: string, text: string): boolean {
  try {
    storeOf(keeper).setItem(name, text)
    return true
  } catch {
    return false
  }
}

export function dropKept(keeper: Keeper, name: string): void {
  try {
    storeOf(keeper).removeItem(name)
  } catch {
    // What is not kept is gone already.
  }
}

/** @throws Error where the browser is set to keep nothing. */
function storeOf(keeper: Keeper): Storage {
  return keeper === 'tab' ? sessionStorage : localStorage
}
