import { onTestFinished } from 'vitest'
import type { OAuthClient } from '../../../../infra/local/org/access/clients.ts'
import { type Org, type OrgOptions, startOrg } from '../../../../infra/local/org/server.ts'

/** Starts an org that ends with the test. */
export async function orgForTest(options?: OrgOptions): Promise<Org> {
  const org = await startOrg(options)
  onTestFinished(org.close)
  return org
}

/** The answer to a token request. */
export function requestToken(org: Org, { clientId, clientSecret }: OAuthClient): Promise<Response> {
  return fetch(`${org.url}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
}

/** A caller with a token of its own: `path` comes after `root`, a `body` goes out as JSON. */
export async function callerOf(org: Org, client: OAuthClient = org.clients.writer, root = '/api/v2/license') {
  const answer = Object(await (await requestToken(org, client)).json())
  const authorization = `Bearer ${answer.access_token}`
  async function call(method: string, path: string, body?: unknown) {
    const response = await fetch(`${org.url}${root}${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      json: text === '' ? undefined : JSON.parse(text),
    }
  }
  return {
    authorization,
    get: (path: string) => call('GET', path),
    post: (path: string, body?: unknown) => call('POST', path, body),
    call,
  }
}

/** Who of an org is the first, and what they hold. */
export function firstPerson(org: Org) {
  const [{ id } = { id: '' }] = org.people(1)
  return { id, licenses: () => org.truth().users[id] }
}
