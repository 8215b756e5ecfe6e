/** The page at the gateway's root, for a newcomer's browser. Everything it needs is served from here. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { SiteAnswer, SiteRequest } from '../gateway/site.ts'
import { browserCode } from './browser-code.ts'
import type { Session } from './session.ts'

const OWN = join(import.meta.dirname, 'browser')
const VIEWER = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))

const HTML = 'text/html; charset=utf-8'
const CSS = 'text/css; charset=utf-8'
const JS = 'text/javascript; charset=utf-8'

/** Whatever a message or a record says, the page loads and runs nothing but its own. */
const PAGE_POLICY =
  "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
/** swagger-ui draws its arrows from data URLs, and stands in a frame of the page. */
const REFERENCE_POLICY =
  "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

interface Served {
  readonly type: string
  readonly body: () => Promise<string | Buffer>
  readonly policy?: string
}

const own = (file: string) => () => readFile(join(OWN, file))
const viewers = (file: string) => () => readFile(join(VIEWER, file))

const files: Readonly<Record<string, Served>> = {
  '/__page/': { type: HTML, body: own('page.html'), policy: PAGE_POLICY },
  '/__page/page.js': { type: JS, body: () => browserCode('page') },
  '/__page/page.css': { type: CSS, body: own('page.css') },
  '/__page/chat.css': { type: CSS, body: own('chat.css') },
  '/__page/changes.css': { type: CSS, body: own('changes.css') },
  '/__page/icon.svg': { type: 'image/svg+xml', body: own('icon.svg') },
  '/__page/reference/': { type: HTML, body: own('reference.html'), policy: REFERENCE_POLICY },
  '/__page/reference/reference.js': { type: JS, body: () => browserCode('reference') },
  '/__page/reference/reference.css': { type: CSS, body: own('reference.css') },
  '/__page/reference/swagger-ui-bundle.js': { type: JS, body: viewers('swagger-ui-bundle.js') },
  '/__page/reference/swagger-ui.css': { type: CSS, body: viewers('swagger-ui.css') },
}

export interface PageOptions {
  readonly directory: Session['directory']
  readonly tokens: Session['tokens']
  /** Epoch milliseconds, by the laptop's clock. */
  readonly now: () => number
}

export function pageSite({ tokens, directory, now }: PageOptions) {
  /** @returns undefined for what is nothing of the page's. */
  return async ({ method, path }: SiteRequest): Promise<SiteAnswer | undefined> => {
    if (method !== 'GET') return undefined
    if (path === '/__page/session') {
      const session: Session = { tokens, directory, now: new Date(now()).toISOString() }
      return { status: 200, type: 'application/json; charset=utf-8', body: JSON.stringify(session) }
    }
    const served = Object.hasOwn(files, path) ? files[path] : undefined
    if (!served) return undefined
    const { type, body, policy } = served
    return {
      status: 200,
      type,
      body: await body(),
      headers:
        policy === undefined ? {} : { 'content-security-policy': policy, 'referrer-policy': 'no-referrer' },
    }
  }
}
