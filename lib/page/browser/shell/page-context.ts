/** What every part of the page can ask for. */
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Api } from '../api/call-api.ts'
import type { PageConfig } from '../session/page-config.ts'
import type { SignIn } from '../session/sign-in.ts'

export interface PageTools {
  readonly api: Api
  readonly config: PageConfig
  readonly signIn: SignIn
}

export const PageContext = createContext<PageTools | undefined>(undefined)

/** @throws Error outside of a page. */
export function usePage(): PageTools {
  const tools = useContext(PageContext)
  if (tools === undefined) throw new Error('This part of the page stands outside of it.')
  return tools
}
