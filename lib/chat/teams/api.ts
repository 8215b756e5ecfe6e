/** What is sent to Teams: cards, to the incoming URLs of its channels. */
import type { Transport } from '../../transport/transport.ts'

/** One post, milliseconds. */
const TIMEOUT_MS = 5_000

export interface TeamsApiOptions {
  readonly transport: Transport
  /** On the laptop no message leaves the machine, whatever host a workflow's URL names. */
  readonly loopbackOrigin: string | undefined
}

export interface TeamsApi {
  /** @returns whether Teams took it. @throws TransportError */
  post(incomingUrl: string, message: unknown): Promise<boolean>
}

export function teamsApi({ transport, loopbackOrigin }: TeamsApiOptions): TeamsApi {
  return {
    async post(incomingUrl, message) {
      const { origin, pathname, search } = new URL(incomingUrl)
      const { status } = await transport({
        method: 'POST',
        origin: loopbackOrigin ?? origin,
        path: pathname + search,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(message),
        timeoutMs: TIMEOUT_MS,
        freshConnection: true,
      })
      return status >= 200 && status < 300
    },
  }
}
