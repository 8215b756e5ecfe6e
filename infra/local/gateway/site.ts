/**
 * What the local gateway serves beside the API and the page: what those ask who have no credentials. Only this
 * machine's own pages and programs are answered.
 */
import type { IncomingMessage } from 'node:http'
import { STAGE } from '../../constructs/names.ts'
import { originForm, splitUrl } from './event.ts'

export interface SiteRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly body: Buffer
}

export interface SiteAnswer {
  readonly status: number
  /** The media type. */
  readonly type: string
  readonly body: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
}

/** @returns undefined for what is nothing of the site's. */
export type Site = (request: SiteRequest) => Promise<SiteAnswer | undefined>

/**
 * What a form of another site can send is not JSON: a second lock behind that of every local server, since whoever gets
 * here is asked nothing more.
 */
export function isFormless({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' || (headers['content-type'] ?? '').startsWith('application/json')
}

/**
 * Where the page is that was asked for under another name of this machine, such as localhost: whoever signs in is sent back
 * to one address alone, and finds what the page kept for them there.
 */
export function otherSpelling(
  { method, url = '/', headers: { host = '' } }: IncomingMessage,
  origin: string,
): string | undefined {
  const isPage = method === 'GET' && ['/', `/${STAGE}`, `/${STAGE}/`].includes(splitUrl(url).rawPath)
  return isPage && new URL(`http://${host}`).origin !== origin ? `${origin}${originForm(url)}` : undefined
}
