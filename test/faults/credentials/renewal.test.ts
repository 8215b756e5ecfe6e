/**
 * The access token from first use to replacement. There is no cache that containers share, on purpose: one
 * GetSecretValue a container is what the secret itself costs.
 */
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { describe, expect, it } from 'vitest'
import { getLicenseUser } from '../../../lib/operations/license/get-license-user.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { expectError } from '../../support/refusals.ts'
import { userIn } from '../../support/requests.ts'
import { world } from '../../support/world.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
const UNAVAILABLE = { status: 503, code: 'credentials.unavailable' }

async function started(options: Parameters<typeof world>[0] = {}) {
  const each = await world(options)
  const user = userIn(each)
  const container = each.reader(getLicenseUser)
  return {
    ...each,
    user,
    ask: async () => (await container(user.event)).status,
    askWhole: () => container(user.event),
    actions: () => each.awsActions(each.arns.readToken),
    statuses: () => each.org.requests().map(({ status }) => status),
  }
}

describe('the token of a container', () => {
  it('is read once, however many first calls come at once (H09, I19)', async () => {
    const { ask, actions, statuses } = await started()
    const answers = await Promise.all(Array.from({ length: 50 }, ask))
    expect(answers).toEqual(Array(50).fill(200))
    expect(actions()).toEqual(['GetSecretValue'])
    expect(statuses()).toHaveLength(50)
  })

  it('costs a warm call nothing: one request to Genesys and none to AWS or its login', async () => {
    const { ask, awsActions, org } = await started()
    await ask()
    await ask()
    expect(awsActions()).toEqual(['GetSecretValue'])
    expect(org.requests().map(({ path }) => path)).not.toContain('/oauth/token')
    expect(org.requests()).toHaveLength(2)
  })

  it('is read again 15 to 30 minutes ahead of its end, and not before (I16)', async () => {
    const { ask, actions, clock } = await started()
    await ask()
    clock.advance(24 * HOUR_MS - 30 * MINUTE_MS - 1)
    await ask()
    expect(actions()).toHaveLength(1)
    clock.advance(15 * MINUTE_MS + 1)
    expect(await ask()).toBe(200)
    expect(actions()).toHaveLength(2)
  })

  it('is read ahead at different times in different containers', async () => {
    const aheads = new Set<number>()
    for (const random of [0, 0.5]) {
      const { ask, actions, clock } = await started({ clock: fakeClock({ random: () => random }) })
      await ask()
      clock.advance(23.5 * HOUR_MS)
      while (actions().length === 1) {
        clock.advance(MINUTE_MS)
        await ask()
      }
      aheads.add(clock.nowMs())
    }
    expect(aheads.size).toBe(2)
  })

  it('still good is used when it cannot be read again, which is tried a minute or two later (I03, I18)', async () => {
    const { ask, actions, clock, aws } = await started()
    await ask()
    clock.advance(24 * HOUR_MS - 15 * MINUTE_MS)
    aws.fail('GetSecretValue', { type: 'AccessDeniedException', times: 99 })
    expect([await ask(), await ask()]).toEqual([200, 200])
    expect(actions()).toHaveLength(2)
    clock.advance(2 * MINUTE_MS)
    expect(await ask()).toBe(200)
    expect(actions()).toHaveLength(3)
  })

  it('no longer good is not used when it cannot be read again (I03)', async () => {
    const { askWhole, ask, clock, aws, org } = await started()
    await ask()
    clock.advance(24 * HOUR_MS)
    aws.fail('GetSecretValue', { type: 'AccessDeniedException', times: 99 })
    expectError(await askWhole(), UNAVAILABLE)
    expect(org.requests()).toHaveLength(1)
  })

  it('is another one after a long freeze: Genesys never sees the one that ended (I16, I21)', async () => {
    const { ask, clock, rotateNow, statuses } = await started()
    await ask()
    clock.advance(23 * HOUR_MS)
    await rotateNow()
    clock.advance(2 * HOUR_MS)
    expect(await ask()).toBe(200)
    expect(statuses()).not.toContain(401)
  })

  it('that ended while nothing rotated is rotated before Genesys is asked (I21)', async () => {
    const { ask, clock, actions, org } = await started()
    clock.advance(25 * HOUR_MS)
    expect(await ask()).toBe(200)
    expect(actions()).toContain('RotateSecret')
    expect(
      org
        .requests()
        .filter(({ path }) => path.includes('/users/'))
        .map(({ status }) => status),
    ).toEqual([200])
  })

  it('serves on after a rotation for as long as Genesys takes it (I09)', async () => {
    const { ask, clock, rotateNow, actions, statuses } = await started()
    await ask()
    clock.advance(12 * HOUR_MS)
    await rotateNow()
    const before = actions().length
    expect(await ask()).toBe(200)
    expect([statuses().includes(401), actions().length]).toEqual([false, before])
  })

  it('is the one staged AWSCURRENT: a rotation half done is not looked at (I08)', async () => {
    const { ask, client, arns, statuses } = await started()
    const SecretString = '{"accessToken":"half-done","expiresAt":"2026-11-16T12:00:00Z"}'
    const pending = { SecretId: arns.readToken, SecretString, VersionStages: ['AWSPENDING'] }
    await client.send(new PutSecretValueCommand(pending))
    expect(await ask()).toBe(200)
    expect(statuses()).toEqual([200])
  })
})
