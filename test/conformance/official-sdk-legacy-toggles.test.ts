/** The official SDK where toggles still switch, as upstream had them until July 2023. */
import { describe, expect, it } from 'vitest'
import { gatewayForTests, sendRaw } from '../support/gateway.ts'
import { postsOf } from '../support/requests.ts'
import { sdkAs } from '../support/sdk.ts'

const stack = await gatewayForTests({ org: { toggles: 'legacy', users: 3 } })
const { org } = stack

/** A repeat within that is the same request; beyond it, another. Milliseconds. */
const REPEAT_WINDOW_MS = 120_000

describe.each(Object.keys(org.truth().toggles))('postLicenseToggle of %s', (name) => {
  const before = org.truth()
  const was = before.toggles[name] ?? false
  const { api } = sdkAs(stack, 'operator')
  const expectIs = async (enabled: boolean) => {
    expect(await api.getLicenseToggle(name)).toEqual({ featureName: name, enabled })
    expect(org.truth()).toEqual({ ...before, toggles: { ...before.toggles, [name]: enabled } })
  }

  it('switches it, and later back, as reads see it', async () => {
    for (const enabled of [!was, was]) {
      expect(await api.postLicenseToggle(name)).toEqual({ featureName: name, enabled })
      await expectIs(enabled)
      await stack.aws.advance(REPEAT_WINDOW_MS)
    }
    expect(postsOf(stack)).toHaveLength(2)
  })

  it('sent again by a client that did not see the answer switches it once, and says that it is a repeat', async () => {
    const first = await api.postLicenseToggle(name)
    expect(await api.postLicenseToggle(name)).toEqual(first)
    const third = await sendRaw(stack, {
      method: 'POST',
      path: `/api/v2/license/toggles/${name}`,
      role: 'operator',
    })
    expect([third.status, third.json, third.headers['idempotent-replayed']]).toEqual([200, first, 'true'])
    await expectIs(!was)
    expect(postsOf(stack)).toHaveLength(1)
  })
})

it('a toggle switched where the answer is lost is told as it reads, and the SDK sees no error', async () => {
  const path = '/api/v2/license/toggles/wallboards'
  org.addFaults([{ match: { method: 'POST', path }, do: { applyThenReset: true } }])
  const { api } = sdkAs(stack, 'operator')
  const enabled = !org.truth().toggles['wallboards']
  expect(await api.postLicenseToggle('wallboards')).toEqual({ featureName: 'wallboards', enabled })
  expect(org.truth().toggles['wallboards']).toBe(enabled)
  expect(postsOf(stack)).toHaveLength(1)
})

it('a toggle switched by two callers is switched twice', async () => {
  const was = org.truth().toggles['wallboards']
  await sdkAs(stack, 'operator').api.postLicenseToggle('wallboards')
  const answer = await sdkAs(stack, 'approver').api.postLicenseToggle('wallboards')
  expect(answer).toEqual({ featureName: 'wallboards', enabled: was })
  expect(postsOf(stack)).toHaveLength(2)
})
