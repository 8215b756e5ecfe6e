/** What the API does not say yet, as it will: who one is, what may be done about a change, and a user by id. */
import type { BrowserContext, Route } from 'playwright-core'
import type { Change } from '../../../lib/changes/answers/change-schemas.ts'
import { offerDecisions } from '../../../lib/changes/answers/offer-decisions.ts'
import type { UserListing } from '../../../lib/people/user.ts'
import type { Role } from '../../../lib/roles.ts'
import type { TestStack } from '../../support/gateway.ts'

/** Only where the gateway itself does not answer so. @param roleNow of whoever is signed in. */
export async function standInForApi(
  context: BrowserContext,
  { gateway, tokens }: TestStack,
  roleNow: () => Role,
): Promise<void> {
  const person = () => `local-${roleNow()}`
  await context.route(`${gateway}/v1/me`, async (route) => {
    const response = await route.fetch()
    if (response.status() !== 404) return await route.fulfill({ response })
    await route.fulfill({ json: { id: person(), kind: 'jwt', person: person(), role: roleNow() } })
  })
  const withOffers = (change: Change) => {
    const actor = { kind: 'jwt', id: person(), person: person() } as const
    const { impact } = change
    const needs = impact?.massRemovals === undefined ? {} : { needs: { confirmPeople: impact.people } }
    return { offers: offerDecisions(change, { role: roleNow(), actor }, Date.now()), ...needs, ...change }
  }
  await context.route(new RegExp(`^${gateway}/v1/changes/[0-9a-z]{20}$`), async (route: Route) => {
    const response = await route.fetch()
    if (!response.ok()) return await route.fulfill({ response })
    await route.fulfill({ json: withOffers(await response.json()) })
  })
  await context.route(
    ({ href, searchParams }) =>
      href.startsWith(`${gateway}/v1/users?`) && ['search', 'state'].some((name) => searchParams.has(name)),
    async (route) => {
      const own = await route.fetch()
      if (own.status() !== 400) return await route.fulfill({ response: own })
      const { searchParams } = new URL(route.request().url())
      const search = searchParams.get('search')?.toLowerCase() ?? ''
      const [license, state] = [searchParams.get('license'), searchParams.get('state')]
      const response = await fetch(`${gateway}/v1/users?limit=100`, {
        headers: { authorization: `Bearer ${tokens.viewer}` },
      })
      const { entities, ...dated } = (await response.json()) as UserListing
      const found = entities.filter(
        ({ id, name = '', email = '', ...each }) =>
          (name.toLowerCase().includes(search) || [email, id].some((text) => text.startsWith(search))) &&
          (license === null || each.licenses.includes(license)) &&
          (state === null || each.state === state),
      )
      const limit = Number(searchParams.get('limit') ?? 25)
      await route.fulfill({
        status: response.status,
        json: {
          ...dated,
          entities: found.slice(0, limit),
          ...(found.length > limit ? { next: 'more' } : {}),
        },
      })
    },
  )
}
