/** An access token that Genesys answers with 401: a 401 was not processed, so one renewal and one more sending are safe. */
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { describe, expect, it } from 'vitest'
import type { Rotate } from '../../../infra/local/aws/secrets/rotation.ts'
import { getLicenseUser } from '../../../lib/operations/license/get-license-user.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { expectError } from '../../support/refusals.ts'
import { userIn } from '../../support/requests.ts'
import { world } from '../../support/world.ts'

const MINUTE_MS = 60_000
const UNAVAILABLE = { status: 503, code: 'credentials.unavailable' }

/** A container whose token is so old, and refused at its next use. */
async function refused(ageMs: number, options: Parameters<typeof world>[0] = {}) {
  const each = await world(options)
  const user = userIn(each)
  each.clock.advance(ageMs)
  each.org.addFaults([{ match: { path: user.path }, do: { revokeToken: true } }])
  const container = each.reader(getLicenseUser)
  return {
    ...each,
    user,
    ask: () => container(user.event),
    another: () => each.reader(getLicenseUser)(user.event),
    actions: () => each.awsActions(each.arns.readToken),
    count: (action: string) => each.awsActions(each.arns.readToken).filter((name) => name === action).length,
    statuses: () => each.org.requests().flatMap(({ path, status }) => (path === user.path ? [status] : [])),
    grants: () => each.org.requests().filter(({ path }) => path === '/oauth/token').length,
  }
}

/** A rotation function that waits, from now on, until it is let go. */
function gate() {
  let isClosed = false
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  const rotate = (real: Rotate): Rotate => {
    return async (event) => {
      if (isClosed) await opened
      return await real(event)
    }
  }
  return {
    rotate,
    open: () => open(),
    close: () => {
      isClosed = true
    },
  }
}

describe('a token that Genesys refuses', () => {
  it('though another has been rotated in is replaced by that, the request sent once more (I07)', async () => {
    const { ask, actions, statuses, rotateNow, org, user, clock } = await refused(0)
    org.clearFaults()
    await ask()
    clock.advance(60 * MINUTE_MS)
    await rotateNow()
    org.addFaults([{ match: { path: user.path }, do: { revokeToken: true } }])
    const before = actions().length
    expect((await ask()).status).toBe(200)
    expect(statuses()).toEqual([200, 401, 200])
    expect(actions().slice(before)).toEqual(['GetSecretValue'])
  })

  it('and is older than 10 minutes is rotated, waited for, and the request sent once more (I07)', async () => {
    const { ask, actions, statuses, count, logged } = await refused(11 * MINUTE_MS)
    expect(await ask()).toMatchObject({ status: 200 })
    expect(statuses()).toEqual([401, 200])
    expect(actions().slice(0, 3)).toEqual(['GetSecretValue', 'GetSecretValue', 'RotateSecret'])
    expect(count('RotateSecret')).toBe(1)
    expect(JSON.parse(logged.join(''))).toMatchObject({ UpstreamUnauthorized: 1, upstreamRequests: 2 })
  })

  it('and is younger than 10 minutes is a 503 with Retry-After, and nothing is rotated', async () => {
    const { ask, actions, statuses, logged } = await refused(9 * MINUTE_MS)
    const answer = await ask()
    expectError(answer, UNAVAILABLE)
    expect(answer.headers['retry-after']).toBe('60')
    expect(actions()).toEqual(['GetSecretValue', 'GetSecretValue'])
    expect(statuses()).toEqual([401])
    expect(logged.join('')).toContain('made less than 10 minutes ago was refused')
  })

  it('while a rotation is under way already waits for that one', async () => {
    const { rotate, close, open } = gate()
    const clock = fakeClock({ whileAsleep: async () => opening() })
    const { ask, aws, statuses, grants, rotateNow, count } = await refused(11 * MINUTE_MS, { rotate, clock })
    const opening = () => {
      open()
      return aws.idle()
    }
    close()
    const under = rotateNow()
    expect((await ask()).status).toBe(200)
    await under
    expect([statuses(), grants(), count('RotateSecret')]).toEqual([[401, 200], 1, 2])
  })

  it('and whose rotation takes too long is a 503 with Retry-After within the deadline', async () => {
    const { rotate, close, open } = gate()
    const { ask, clock, statuses, aws } = await refused(11 * MINUTE_MS, { rotate, clock: fakeClock() })
    close()
    const started = clock.monotonicMs()
    const answer = await ask()
    open()
    await aws.idle()
    expectError(answer, UNAVAILABLE)
    expect(answer.headers['retry-after']).toBe('5')
    expect(clock.monotonicMs() - started).toBeLessThanOrEqual(14_000)
    expect(statuses()).toEqual([401])
  })

  it.each([
    ['not be asked for', 'AccessDeniedException', 'AccessDeniedException'],
    ['not be started as rotation is off', 'InvalidRequestException', 'InvalidRequestException'],
  ])('and whose rotation may %s is a 503 with Retry-After', async (_, type, logs) => {
    const { ask, aws, logged } = await refused(11 * MINUTE_MS)
    aws.fail('RotateSecret', { type })
    const answer = await ask()
    expectError(answer, UNAVAILABLE)
    expect(answer.headers['retry-after']).toBe('30')
    expect(logged.join('')).toContain(logs)
  })

  it('and whose rotation fails is a 503 with Retry-After', async () => {
    const { ask, org, aws, arns } = await refused(11 * MINUTE_MS)
    org.addFaults([{ match: { path: '/oauth/token' }, times: 9, do: { status: 400, body: {} } }])
    expectError(await ask(), UNAVAILABLE)
    expect(aws.lastRotationError(arns.readToken)).toBeDefined()
  })

  it('like the one after it is a 502, without a loop', async () => {
    const { ask, org, user, statuses, count, logged } = await refused(11 * MINUTE_MS)
    org.addFaults([{ match: { path: user.path }, times: 99, do: { revokeToken: true } }])
    const answer = await ask()
    expectError(answer, { status: 502, code: 'upstream.unauthorized' })
    expect([statuses(), count('RotateSecret')]).toEqual([[401, 401], 1])
    expect(JSON.parse(logged.join(''))).toMatchObject({ UpstreamUnauthorized: 2 })
  })

  it('in the middle of other failures is still renewed once (H15)', async () => {
    const { ask, org, user, statuses } = await refused(11 * MINUTE_MS)
    org.clearFaults()
    org.addFaults([
      { match: { path: user.path }, do: { status: 503 } },
      { match: { path: user.path }, do: { revokeToken: true } },
      { match: { path: user.path }, do: { status: 502 } },
    ])
    expect((await ask()).status).toBe(200)
    expect(statuses()).toEqual([503, 401, 502, 200])
  })

  it('by 100 requests at once is read again once and rotated once (H09)', async () => {
    const { ask, count, grants } = await refused(11 * MINUTE_MS)
    const answers = await Promise.all(Array.from({ length: 100 }, ask))
    expect(answers.map(({ status }) => status)).toEqual(Array(100).fill(200))
    expect([count('RotateSecret'), grants()]).toEqual([1, 1])
    expect(count('GetSecretValue')).toBeLessThan(10)
  })

  it('in many containers at once is rotated once (H09, I19)', async () => {
    const { another, org, user, grants, client, arns } = await refused(11 * MINUTE_MS)
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arns.readToken }))
    const { accessToken } = JSON.parse(SecretString ?? '')
    await fetch(org.url + user.path, { headers: { authorization: `Bearer ${accessToken}` } })
    const answers = await Promise.all(Array.from({ length: 5 }, another))
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(200))
    expect(grants()).toBe(1)
  })
})
