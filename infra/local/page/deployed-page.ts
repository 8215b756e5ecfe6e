/** The page as the stack has it, and the chats: the very function, on what the very build makes of it when it is first asked for. */
import { join } from 'node:path'
import type { StreamedHandler } from '../../../lib/http/streamed.ts'
import { PAGE_CLIENT } from '../identity.ts'

/** What the page asks for at sign-in. */
const SCOPES = ['openid', 'profile', 'email', 'offline_access']

/** The page that deploys, with one view more. */
const ENTRY = join(import.meta.dirname, 'browser/main.tsx')

/** Where its files are put. @param directory of the run's state. */
const builtIn = (directory: string) => join(directory, 'page')

/** What its function is told, as the stack has it of the org file's `page`. */
export function pageEnvironment(directory: string) {
  return {
    PAGE_CLIENT_ID: PAGE_CLIENT,
    PAGE_SCOPES: JSON.stringify(SCOPES),
    PAGE_DIRECTORY: builtIn(directory),
  }
}

/** @returns what serves the page. Most starts never ask for it, and to build it takes a second. */
export function deployedPage(
  directory: string,
  load: () => Promise<StreamedHandler>,
): () => Promise<StreamedHandler> {
  let made: Promise<StreamedHandler> | undefined
  const make = async () => {
    const { buildPage } = await import('../../build/page.ts')
    await buildPage({ entry: ENTRY, outDir: builtIn(directory) })
    return await load()
  }
  return () => {
    made ??= make().catch((error: unknown) => {
      // Whoever is at work on it mends it, and asks again.
      made = undefined
      throw error
    })
    return made
  }
}
