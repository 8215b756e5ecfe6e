import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  isFromAllowedWorkspace,
  readSlackDelivery,
  type SlackDelivery,
} from '../../../lib/chat/slack/delivery.ts'
import { isSslCheck } from '../../../lib/chat/slack/form.ts'
import { action, command, formBody, formType, payloadBody, press } from './forms.ts'

const reception = { fingerprint: '0123456789abcdefghjk' }

const translated = (body: Uint8Array, type: string | undefined = formType) =>
  readSlackDelivery(body, type, reception)

function delivered(body: Uint8Array): SlackDelivery {
  const result = translated(body)
  if ('refusal' in result) throw new Error(result.refusal.reason)
  return result.delivery
}

function expectRefused(body: Uint8Array, type?: string) {
  expect(translated(body, type)).toEqual({ refusal: { status: 400, reason: expect.any(String) } })
}

describe('a slash command', () => {
  it('is delivered with who, where and what', () => {
    expect(delivered(formBody(command))).toEqual({
      platform: 'slack',
      kind: 'command',
      deliveryId: expect.stringMatching(/^slack-[0-9a-z]{20}$/),
      teamId: 'T1DC2JH3J',
      enterpriseId: 'E0001',
      appId: 'A123456',
      userId: 'U2147483697',
      channelId: 'C2147483705',
      command: '/license',
      text: 'user ana@example.com',
      responseUrl: command.response_url,
      triggerId: command.trigger_id,
    })
  })

  it('without arguments, enterprise and app is delivered', () => {
    const delivery = delivered(
      formBody({ ...command, text: '', enterprise_id: undefined, api_app_id: undefined }),
    )
    expect(delivery).toMatchObject({ kind: 'command', text: '' })
    expect(delivery.enterpriseId).toBeUndefined()
  })

  it('keeps letters beyond ASCII as they are (L11)', () => {
    expect(delivered(formBody({ ...command, text: 'user José Ünal 王' }))).toMatchObject({
      text: 'user José Ünal 王',
    })
  })

  it('is read as it was typed, mentions by their ids and nothing typed becoming one', () => {
    const text = 'grant x to <@U1|ana> because R&amp;D &lt;@U2&gt; &amp;lt; &quot;'
    expect(delivered(formBody({ ...command, text }))).toMatchObject({
      text: 'grant x to @{U1} because R&D <@U2> &lt; &quot;',
    })
  })

  it('has the same id when it comes again, and another one than the next command', () => {
    const { deliveryId } = delivered(formBody(command))
    expect(delivered(formBody({ ...command })).deliveryId).toBe(deliveryId)
    expect(delivered(formBody({ ...command, trigger_id: '1.2.3' })).deliveryId).not.toBe(deliveryId)
  })

  it.each([undefined, '', 'not one', 'x'.repeat(300)])(
    'has the id of its signature where its trigger id is %s',
    (trigger_id) => {
      expect(delivered(formBody({ ...command, trigger_id })).deliveryId).toBe('slack-0123456789abcdefghjk')
    },
  )

  it.each(['team_id', 'user_id', 'channel_id', 'command', 'response_url'])(
    'without %s is refused',
    (name) => {
      expectRefused(formBody({ ...command, [name]: undefined }))
      expectRefused(formBody({ ...command, [name]: '' }))
      expectRefused(formBody({ ...command, [name]: 'a b\n' }))
    },
  )

  it.each([
    'team_id',
    'enterprise_id',
    'api_app_id',
    'user_id',
    'channel_id',
    'command',
    'text',
    'response_url',
    'trigger_id',
  ])('with %s twice is refused', (name) => {
    const again = new URLSearchParams([
      [name, Object.entries(command).find(([each]) => each === name)?.[1] ?? ''],
    ])
    expectRefused(Buffer.concat([formBody(command), Buffer.from(`&${again}`)]))
  })

  it('with a text of more than a person can type is refused', () => {
    expect(delivered(formBody({ ...command, text: 'a'.repeat(12_000) }))).toMatchObject({ kind: 'command' })
    expectRefused(formBody({ ...command, text: 'a'.repeat(12_001) }))
  })

  it.each([undefined, '', 'application/json', 'text/plain', `${formType}; charset=latin1`, `${formType}x`])(
    'of the media type %s is refused',
    (type) => {
      expect(readSlackDelivery(formBody(command), type, reception)).toHaveProperty('refusal')
    },
  )

  it('with its charset named is delivered', () => {
    expect(translated(formBody(command), `${formType}; charset=UTF-8`)).toHaveProperty('delivery')
  })

  it('of bytes that are no UTF-8 is refused', () => {
    expectRefused(Buffer.concat([formBody(command), Uint8Array.from([0x26, 0xff])]))
  })

  it('with no more than the old token is refused (L15)', () => {
    expectRefused(formBody({ token: command.token }))
  })
})

describe('a button', () => {
  it('is delivered with its action and its message', () => {
    expect(delivered(payloadBody(press))).toEqual({
      platform: 'slack',
      kind: 'press',
      deliveryId: expect.stringMatching(/^slack-[0-9a-z]{20}$/),
      teamId: 'T1DC2JH3J',
      enterpriseId: 'E0001',
      appId: 'A123456',
      userId: 'U2147483697',
      userTeamId: 'T1DC2JH3J',
      userEnterpriseId: 'E0001',
      channelId: 'C2147483705',
      messageTs: '1548261231.000200',
      responseUrl: press.response_url,
      triggerId: press.trigger_id,
      action,
    })
  })

  it('of a message that one person sees is delivered by its container', () => {
    const { message, channel, ...rest } = press
    expect(delivered(payloadBody(rest))).toMatchObject({
      channelId: channel.id,
      messageTs: message.ts,
    })
  })

  it('of an app that is installed for the enterprise is delivered for the team of the person', () => {
    expect(delivered(payloadBody({ ...press, team: null }))).toMatchObject({ teamId: 'T1DC2JH3J' })
  })

  const withValue = (value: unknown) => ({ ...press, actions: [{ ...press.actions[0], value }] })
  const sound = JSON.stringify(action)
  it.each([
    ['nothing', undefined],
    ['no text', 7],
    ['no JSON', 'apply'],
    ['a list', '[]'],
    ['nothing it does', JSON.stringify({ ...action, do: undefined })],
    ['something nobody can do', JSON.stringify({ ...action, do: 'delete' })],
    ['no id of a change', JSON.stringify({ ...action, changeId: '../../x' })],
    ['half a digest', JSON.stringify({ ...action, digest: 'a'.repeat(32) })],
    ['one field too many', JSON.stringify({ ...action, role: 'approver' })],
    ['a way to its prototype', sound.replace('{', '{"__proto__":{"do":"approve"},')],
    ['its digest twice', sound.replace('{', `{"digest":"${'b'.repeat(64)}",`)],
    ['more than Slack carries', `${' '.repeat(2_001)}${sound}`],
  ])('that carries %s is refused', (_name, value) => {
    expectRefused(payloadBody(withValue(value)))
  })

  it.each([
    ['no button', { ...press, actions: [] }],
    ['two buttons', { ...press, actions: [...press.actions, ...press.actions] }],
    ['no person', { ...press, user: null }],
    ['no team', { ...press, team: null, user: { id: 'U1' } }],
    ['no channel', { ...press, channel: null, container: null }],
    ['another kind of press', { ...press, type: 'view_submission' }],
    ['a list', []],
    ['null', null],
  ])('with %s is refused', (_name, payload) => {
    expectRefused(payloadBody(payload))
  })

  it('is refused where its payload is missing, twice, no JSON or reaches for a prototype (L21)', () => {
    const json = JSON.stringify(press)
    expectRefused(formBody({ token: 'x' }))
    expectRefused(formBody({ payload: '' }))
    expectRefused(Buffer.concat([payloadBody(press), Buffer.from('&'), payloadBody(press)]))
    expectRefused(formBody({ payload: json.slice(1) }))
    expectRefused(formBody({ payload: json.replace('{', '{"__proto__":{"type":"x"},') }))
    expectRefused(formBody({ payload: json.replace('{', '{"constructor":{},') }))
    expectRefused(formBody({ payload: json.replace('{', '{"type":"block_actions",') }))
    expectRefused(formBody({ payload: '['.repeat(100_000) }))
    expectRefused(formBody({ ...command, payload: json }))
  })
})

describe('a response URL', () => {
  const replyTo = (response_url: string, loopbackOrigin?: string) =>
    'delivery' in
    readSlackDelivery(formBody({ ...command, response_url }), formType, {
      ...reception,
      ...(loopbackOrigin === undefined ? {} : { loopbackOrigin }),
    })

  it.each([
    'http://hooks.slack.com/commands/1',
    'https://hooks.slack.com',
    'https://hooks.slack.com.example.com/commands/1',
    'https://hooks.slack.com:443/commands/1',
    'https://hooks.slack.com:8443/commands/1',
    'https://hooks.slack.com@example.com/commands/1',
    'https://user:secret@hooks.slack.com/commands/1',
    'https://HOOKS.slack.com/commands/1',
    'https://slack.com/commands/1',
    'https://example.com/https://hooks.slack.com/',
    'https:\\\\hooks.slack.com\\commands',
    'https://hooks.slack.com/\\@example.com',
    'https://hooks.slack.com/commands/1\r\nhost: example.com',
    ' https://hooks.slack.com/commands/1',
    '//hooks.slack.com/commands/1',
    'https://169.254.169.254/latest/meta-data/',
    'http://127.0.0.1:4010/',
    'file:///etc/passwd',
    `https://hooks.slack.com/${'a'.repeat(3_000)}`,
  ])('%s is refused, and so is never called (L24)', (url) => {
    expect(replyTo(url)).toBe(false)
  })

  it("may be the stand-in's on the laptop, and no other (L24)", () => {
    const origin = 'http://127.0.0.1:4010'
    expect(replyTo(`${origin}/slack/1`, origin)).toBe(true)
    expect(replyTo(command.response_url, origin)).toBe(true)
    expect(replyTo('http://127.0.0.1:40100/slack/1', origin)).toBe(false)
    expect(replyTo('http://127.0.0.1:4010@example.com/', origin)).toBe(false)
    expect(replyTo('http://example.com/slack/1', 'http://example.com')).toBe(false)
  })
})

describe("Slack's look at the certificate", () => {
  it('is known apart, unsigned as it is (L13)', () => {
    expect(isSslCheck(formBody({ ssl_check: '1', token: 'x' }), formType)).toBe(true)
  })

  it.each([
    ['a command', formBody(command)],
    ['a command that speaks of it', formBody({ ...command, text: 'ssl_check=1' })],
    ['another value', formBody({ ssl_check: '0' })],
    ['one among much else', formBody({ ssl_check: '1', token: 'x'.repeat(500) })],
    ['it twice', `${formBody({ ssl_check: '1' })}&ssl_check=1`],
    ['nothing', new Uint8Array()],
    ['no UTF-8', Uint8Array.from([0xff])],
  ])('is not %s', (_name, body) => {
    expect(isSslCheck(Buffer.from(body), formType)).toBe(false)
  })
})

it('a challenge for the address is no delivery (L14)', () => {
  const challenge = Buffer.from(JSON.stringify({ type: 'url_verification', challenge: 'x' }))
  expectRefused(challenge, 'application/json')
  expectRefused(challenge)
  expectRefused(payloadBody({ type: 'url_verification', challenge: 'x' }))
})

describe('where a delivery comes from', () => {
  const delivery = delivered(formBody(command))
  const lists = { teams: ['T1DC2JH3J'], enterprises: ['E0001'], apps: ['A123456'] }

  it('is allowed where every list has it (L16)', () => {
    expect(isFromAllowedWorkspace(delivery, lists)).toBe(true)
    expect(isFromAllowedWorkspace(delivery, { teams: ['T0', 'T1DC2JH3J'] })).toBe(true)
  })

  it.each([
    ['its team', { teams: ['T1DC2JH3'] }],
    ['any team', { teams: [] }],
    ['its enterprise', { enterprises: ['E0002'] }],
    ['its app', { apps: ['A1'] }],
  ])('is refused where the list does not have %s (L16)', (_name, change) => {
    expect(isFromAllowedWorkspace(delivery, { ...lists, ...change })).toBe(false)
  })

  it.each([
    ['of one of the teams', { userTeamId: 'T1DC2JH3J' }, true],
    ['of another team of an enterprise on the list', { userTeamId: 'T999', userEnterpriseId: 'E0001' }, true],
    ['of no single team of an enterprise on the list', { userTeamId: 'E0001' }, true],
    ['of another team', { userTeamId: 'T999' }, false],
    ['of another team and enterprise', { userTeamId: 'T999', userEnterpriseId: 'E0999' }, false],
  ])('of a user %s', (_name, user, isOurs) => {
    expect(isFromAllowedWorkspace({ ...delivery, ...user }, lists)).toBe(isOurs)
  })

  it('of a user of another team is refused where no enterprise is listed', () => {
    const foreign = { ...delivery, userTeamId: 'T999', userEnterpriseId: 'E0001' }
    expect(isFromAllowedWorkspace(foreign, { teams: lists.teams })).toBe(false)
  })

  it('is refused where a list is given for what it does not name (L16)', () => {
    const { enterpriseId: _enterprise, appId: _app, ...bare } = delivery
    expect(isFromAllowedWorkspace(bare, lists)).toBe(false)
    expect(isFromAllowedWorkspace(bare, { teams: lists.teams })).toBe(true)
  })
})

it('whatever the bytes, there is a delivery or a refusal and never an exception', () => {
  const types = fc.constantFrom(formType, 'application/json', undefined)
  const nearly = fc.record(
    Object.fromEntries(
      [...Object.keys(command), 'payload'].map((name) => [name, fc.string({ unit: 'binary' })]),
    ),
    { requiredKeys: [] },
  )
  const bodies = fc.oneof(
    fc.uint8Array(),
    nearly.map(formBody),
    fc.json().map((payload) => formBody({ payload })),
    fc.anything().map((value) => payloadBody({ ...press, actions: [{ value }] })),
  )
  fc.assert(
    fc.property(bodies, types, (body, type) => {
      expect(Object.keys(readSlackDelivery(body, type, reception))).toEqual([
        expect.stringMatching(/^(delivery|refusal)$/),
      ])
      expect(isSslCheck(body, type)).toBe(false)
    }),
    { numRuns: 1_000 },
  )
})
