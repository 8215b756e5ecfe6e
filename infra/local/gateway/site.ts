/**
 * What the local gateway serves beside the API: pages, and what they ask. They have no credentials, so only this
 * machine's own pages and programs are answered.
 */
import type { IncomingMessage } from 'node:http'

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

/** Several as one: the first that has an answer gives it. */
export function siteOf(...sites: readonly Site[]): Site {
  return async (request) => {
    for (const site of sites) {
      const answered = await site(request)
      if (answered) return answered
    }
    return undefined
  }
}

/** Another site's name that leads to this machine is no reason to answer its pages. */
const OWN_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/

/**
 * A page of another origin can send what a form can send, and its browser says so: a body that is not JSON, another
 * origin, or that the request crosses sites.
 */
export function isFromHere({ method, headers }: IncomingMessage): boolean {
  const { host = '', origin, 'content-type': type = '', 'sec-fetch-site': site = 'none' } = headers
  if (!OWN_HOST.test(host)) return false
  if (origin !== undefined && origin !== `http://${host}`) return false
  if (method !== 'GET' && !type.startsWith('application/json')) return false
  return site === 'none' || site === 'same-origin'
}
