/**
 * The laptop's identity provider, under the gateway's own origin: a real one (oidc-provider) with three people, one click
 * each. In come what a browser and its page ask of an issuer, out go tokens that the authorizer takes as it takes those of
 * run.json. What it knows is in memory: after a restart people sign in again.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { ISSUER_PATH } from '../identity.ts'
import type { IssuerOptions } from './provider.ts'

/** What of a server is the issuer's, as it stands under a path of it. */
export interface Mounted {
  readonly isAsked: (path: string) => boolean
  readonly listener: RequestListener
  /** The one spelling of its address that it knows. */
  readonly origin: string
}

/** The provider is loaded when it is first asked: it takes 0.2 s and 45 MB, and most starts never ask it. */
export function localIssuer(options: IssuerOptions): Mounted {
  let listening: Promise<RequestListener> | undefined
  const load = async () => {
    const { providerListener } = await import('./provider.ts')
    return providerListener(options)
  }
  const answer = async (message: IncomingMessage, response: ServerResponse) => {
    listening ??= load()
    const listener = await listening
    // As express leaves it to whatever is mounted under a path.
    const originalUrl = message.url ?? ''
    Object.assign(message, { originalUrl, url: originalUrl.slice(ISSUER_PATH.length) })
    listener(message, response)
  }
  return {
    origin: new URL(options.gateway).origin,
    isAsked: (path) => path.startsWith(`${ISSUER_PATH}/`),
    listener(message, response) {
      answer(message, response).catch((error: unknown) => {
        console.error(error)
        response.destroy()
      })
    },
  }
}
