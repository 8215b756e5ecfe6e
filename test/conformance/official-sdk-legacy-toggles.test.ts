/** The official SDK where toggles still switch, as upstream had them until July 2023. */
import { expect, it } from 'vitest'
import { gatewayForTests } from '../support/gateway.ts'
import { sdkAs } from '../support/sdk.ts'

const stack = await gatewayForTests({ org: { toggles: 'legacy', users: 3 } })
const { org } = stack

it.each(Object.keys(org.truth().toggles))(
  'postLicenseToggle of %s switches it and back, as reads see it',
  async (name) => {
    const before = org.truth()
    const { api } = sdkAs(stack, 'operator')
    for (const enabled of [!before.toggles[name], before.toggles[name]]) {
      expect(await api.postLicenseToggle(name)).toEqual({ featureName: name, enabled })
      expect(await api.getLicenseToggle(name)).toEqual({ featureName: name, enabled })
      expect(org.truth()).toEqual({ ...before, toggles: { ...before.toggles, [name]: enabled } })
    }
    expect(org.requests().filter(({ method }) => method === 'POST')).toHaveLength(2)
  },
)
