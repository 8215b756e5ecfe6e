import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isFresh, isFromAllowedTenant, readTeamsDelivery } from '../../../lib/chat/teams/delivery.ts'
import { readTeamsText } from '../../../lib/chat/teams/typed-text.ts'

const webhook = { id: '28:c9e8c047-2a74-40a2-b28a-b162d5f5327c', name: 'license' }
const ana = '11111111-2222-4333-8444-555555555555'

/** As Teams posts it, with what is not read. */
const activity = {
  type: 'message',
  id: '1485983408511',
  timestamp: '2026-11-24T09:00:00.437Z',
  localTimestamp: '2026-11-24T10:00:00.437+01:00',
  serviceUrl: 'https://smba.trafficmanager.net/emea/',
  channelId: 'msteams',
  from: { id: '29:1XJKJMvc5GBtc2JwZq0oj8tHZmzrQgFmB39ATiQWA85g', name: 'Ana Lima', aadObjectId: ana },
  conversation: {
    isGroup: true,
    id: '19:253b1f341670408fb6fe51050b6e5ceb@thread.tacv2;messageid=1485983194839',
    name: null,
    conversationType: 'channel',
    tenantId: '99999999-8888-4777-8666-555555555555',
  },
  recipient: null,
  textFormat: 'plain',
  attachmentLayout: null,
  membersAdded: [],
  topicName: null,
  text: '<at>license</at>&nbsp;user ana@example.com\n',
  attachments: [{ contentType: 'text/html', content: '<div>…</div>' }],
  entities: [
    { type: 'clientInfo', locale: 'en-GB', country: 'GB', platform: 'Web' },
    { type: 'mention', mentioned: webhook, text: '<at>license</at>' },
  ],
  channelData: {
    teamsChannelId: '19:253b1f341670408fb6fe51050b6e5ceb@thread.tacv2',
    teamsTeamId: '19:712c61d0ef384e5fa681ba90ca943398@thread.tacv2',
    channel: { id: '19:253b1f341670408fb6fe51050b6e5ceb@thread.tacv2' },
    team: { id: '19:712c61d0ef384e5fa681ba90ca943398@thread.tacv2' },
    tenant: { id: '99999999-8888-4777-8666-555555555555' },
  },
}
const sentAtMs = 1_795_510_800_437

const translated = (value: unknown) => readTeamsDelivery(Buffer.from(JSON.stringify(value)))

/** With what was said in it, as run-command reads it. */
function delivered(change: Readonly<Record<string, unknown>> = {}) {
  const result = translated({ ...activity, ...change })
  if ('refusal' in result) throw new Error(result.refusal.reason)
  const { delivery } = result
  return { ...delivery, ...readTeamsText(delivery.message) }
}

function expectRefused(value: unknown, status = 400) {
  expect(translated(value)).toEqual({ refusal: { status, reason: expect.any(String) } })
}

describe('a message in Teams', () => {
  it('is delivered with who, where, when and what, and with nothing that says where to call (M06)', () => {
    const delivery = delivered()
    expect(delivery).toEqual({
      platform: 'teams',
      deliveryId: expect.stringMatching(/^teams-[0-9a-z]{20}$/),
      activityId: '1485983408511',
      tenantId: '99999999-8888-4777-8666-555555555555',
      teamId: '19:712c61d0ef384e5fa681ba90ca943398@thread.tacv2',
      channelId: '19:253b1f341670408fb6fe51050b6e5ceb@thread.tacv2',
      userId: ana,
      message: {
        html: activity.text,
        mentions: [{ id: webhook.id, text: '<at>license</at>' }],
        ownId: undefined,
      },
      text: 'user ana@example.com',
      sentAtMs,
    })
    expect(delivered({ serviceUrl: 'http://169.254.169.254/' })).toEqual(delivery)
    expect(delivered({ serviceUrl: 7 })).toEqual(delivery)
  })

  it('has the same id when it comes again, and another one in another channel (M04)', () => {
    const { deliveryId } = delivered()
    expect(delivered({ text: 'x' }).deliveryId).toBe(deliveryId)
    expect(delivered({ id: '1485983408512' }).deliveryId).not.toBe(deliveryId)
    const channelData = { ...activity.channelData, channel: { id: '19:other@thread.tacv2' } }
    expect(delivered({ channelData }).deliveryId).not.toBe(deliveryId)
  })

  it('is of the person that the object id names, whatever name is shown (M07)', () => {
    const from = { ...activity.from, name: 'The Approver', aadObjectId: ana.toUpperCase() }
    expect(delivered({ from })).toEqual(delivered())
  })

  it.each([undefined, null, '', 'Ana Lima', `${ana}0`])(
    'of a person with the object id %s is refused (M07)',
    (aadObjectId) => {
      expectRefused({ ...activity, from: { ...activity.from, aadObjectId } }, 403)
    },
  )

  const { channelData, conversation } = activity
  it('takes tenant and channel from the conversation where the channel data lack them', () => {
    const bare = { ...channelData, tenant: undefined, channel: undefined }
    expect(delivered({ channelData: bare })).toEqual(delivered())
  })

  it.each([
    ['another type', { type: 'messageReaction' }],
    ['no type', { type: undefined }],
    ['no id', { id: undefined }],
    ['an id with a line end', { id: '1\n2' }],
    ['no text', { text: undefined }],
    ['a text longer than Teams sends', { text: 'a'.repeat(28_001) }],
    ['no person', { from: undefined }],
    ['no channel data', { channelData: undefined }],
    ['no team', { channelData: { ...channelData, team: undefined } }],
    [
      'no tenant',
      { channelData: { ...channelData, tenant: null }, conversation: { ...conversation, tenantId: null } },
    ],
    ['a tenant that is no UUID', { channelData: { ...channelData, tenant: { id: 'example.com' } } }],
    ['two tenants', { conversation: { ...conversation, tenantId: ana } }],
    ['no channel', { channelData: { ...channelData, channel: null }, conversation: null }],
  ])('with %s is refused', (_name, change) => {
    expectRefused({ ...activity, ...change })
  })

  it.each([
    ['no JSON', Buffer.from('{')],
    ['no UTF-8', Uint8Array.from([0xff])],
    ['nothing', new Uint8Array()],
    ['a byte order mark', Buffer.from(`\ufeff${JSON.stringify(activity)}`)],
    ['a way to its prototype', Buffer.from(JSON.stringify(activity).replace('{', '{"__proto__":{},'))],
    ['its sender twice', Buffer.from(JSON.stringify(activity).replace('{', '{"from":{},'))],
  ])('of %s is refused', (_name, rawBody) => {
    expect(readTeamsDelivery(rawBody)).toEqual({ refusal: { status: 400, reason: expect.any(String) } })
  })
})

describe('the time in the body', () => {
  it.each([
    [-300_001, false],
    [-300_000, true],
    [0, true],
    [299_000, true],
    [300_000, true],
    [300_001, false],
    [86_400_000, false],
  ])('with our clock %s ms ahead of it is fresh: %s (M04)', (aheadMs, fresh) => {
    expect(isFresh(delivered(), sentAtMs + aheadMs)).toBe(fresh)
  })

  it.each([
    undefined,
    null,
    '',
    'yesterday',
    '2026-11-24',
    '2026-11-24T09:00:00',
    '2026-13-45T09:00:00Z',
    1_795_510_800_437,
  ])('that is %s is never fresh (M05)', (timestamp) => {
    const delivery = delivered({ timestamp })
    expect(delivery.sentAtMs).toBeUndefined()
    expect(isFresh(delivery, sentAtMs)).toBe(false)
    expect(isFresh(delivery, 0)).toBe(false)
  })

  it.each(['2026-11-24T10:00:00.437+01:00', '2026-11-24T09:00:00.4370000Z'])(
    'may be written %s',
    (timestamp) => {
      expect(delivered({ timestamp }).sentAtMs).toBe(sentAtMs)
    },
  )
})

describe('what was said', () => {
  const mention = (text: string, mentioned: object) => ({ type: 'mention', text, mentioned })
  const own = mention('<at>license</at>', webhook)
  const said = (text: string, entities: unknown = [own]) => {
    const { text: heard, unclear } = delivered({ text, entities })
    return unclear === undefined ? heard : { unclear }
  }

  it.each([
    ['<at>license</at> help', 'help'],
    ['<p><at>license</at>&nbsp;who&nbsp;<b>cloudCX3</b></p>', 'who cloudCX3'],
    ['<at id="0">license</at>\u00a0help\r\n', 'help'],
    ['help <at>license</at>', 'help'],
    [
      '<at>license</at> toggle x on because R&amp;D &lt;b&gt; &#39;now&#x27; &amp;lt;',
      "toggle x on because R&D <b> 'now' &lt;",
    ],
    ['<at>license</at> user <a href="mailto:ana@example.com">ana@example.com</a>', 'user ana@example.com'],
    ['<at>license</at>', ''],
    ['cloud<b>CX3</b>', 'cloudCX3'],
    ['c<i>lou</i>d<span style="font-weight:bold">CX</span>3', 'cloudCX3'],
    ['who<br>cloudCX3', 'who cloudCX3'],
    ['<div>who</div><div>cloudCX3</div>', 'who cloudCX3'],
    ['<ul><li>who</li><li>cloudCX3</li></ul>', 'who cloudCX3'],
    ['<p>a<p>b<hr/>c<table><tr><td>d<td>e</table>f', 'a b c d e f'],
    ['Ren&eacute; &ndash; Zo&euml;&hellip; &rsquo;t &zwnj;Hooft&#8203;', 'René – Zoë… ’t \u200cHooft\u200b'],
    ['a &lt;at&gt;b&lt;/at&gt; &amp;amp;', 'a <at>b</at> &amp;'],
    ['a<!-- b -->c<script>d</script>', 'ac'],
    ['1 < 2 & 3 > 2 &nosuch;', '1 < 2 & 3 > 2 &nosuch;'],
    // What stands for no character, and what nobody sees, is the grammar's to tell.
    ['&#9999999; &#x110000;', '\ufffd \ufffd'],
    ['a\u202eb\u200bc\u0000', 'a\u202eb\u200bc'],
  ])('%s is heard as %j', (text, heard) => {
    expect(said(text)).toBe(heard)
  })

  it.each([
    ['grant <s>cloudCX2</s> cloudCX3', 'grant cloudCX3', 'cloudCX2'],
    ['who cloud<del>CX2</del>CX3', 'who cloudCX3', 'CX2'],
    [
      'who <strike>cloud<b>CX2</b></strike><span style="text-decoration: line-through">!</span>x',
      'who x',
      'cloudCX2!',
    ],
    ['<s>all of it</s>', '', 'all of it'],
    [`who x<s>${'y'.repeat(200)}</s>`, 'who x', `${'y'.repeat(42)}… (158 more)`],
  ])('has what is struck out apart: %s', (text, heard, struck) => {
    expect(delivered({ text, entities: [own] })).toMatchObject({ text: heard, struck })
  })

  it('has nobody in it who is struck out', () => {
    const bob = mention('<at>Bob</at>', { id: '29:bob', aadObjectId: ana })
    const { text, struck } = delivered({ text: 'user x <s><at>Bob</at></s>', entities: [own, bob] })
    expect([text, struck]).toEqual(['user x', '@Bob'])
  })

  it('has one person of whose name Teams makes two mentions', () => {
    const parts = ['Ana', 'Maria', 'Lima'].map((name) =>
      mention(`<at>${name}</at>`, { id: '29:1', aadObjectId: ana }),
    )
    for (const between of ['&nbsp;', ' ', '', '<span> </span>']) {
      const name = parts.map(({ text }) => text).join(between)
      expect(said(`<at>license</at> grant x to ${name}, b@example.com`, [own, ...parts])).toBe(
        `grant x to @{${ana}} , b@example.com`,
      )
    }
  })

  it('has the name whole of one person whom Teams does not tell, in two mentions', () => {
    const parts = ['Ana', 'Lima'].map((name) => mention(`<at>${name}</at>`, { id: '29:1' }))
    expect(said('<at>license</at> user <at>Ana</at> <at>Lima</at>', [own, ...parts])).toEqual({
      unclear: 'Teams does not say who @Ana Lima is. Name people by e-mail instead.',
    })
  })

  it('knows a mention by its name where the text has more in its tag', () => {
    const bob = mention('<at>Bob</at>', { id: '29:bob', aadObjectId: ana })
    expect(said('<at id="0">license</at> user <at id="1">Bob</at>', [own, bob])).toBe(`user @{${ana}}`)
  })

  it.each([
    '<at>a</at>',
    '<at>',
    '</at>',
    '<b>',
    '<b></i>',
    '<',
    '<a ',
    '<a b="',
    '&',
    '&#x',
    '&lt;',
    '<s>',
    '<s>a</s>',
    '<p>',
    '<!--',
    '\u200e',
    'a<at>a</at> ',
  ])('is read in little time, however often it has %s', (piece) => {
    const text = piece.repeat(28_000 / piece.length)
    const entities = Array.from({ length: 500 }, () =>
      mention('<at>a</at>', { id: '29:1', aadObjectId: ana }),
    )
    let least = Number.POSITIVE_INFINITY
    for (let tried = 0; tried < 3 && least > 150; tried++) {
      const before = process.cpuUsage()
      delivered({ text, entities })
      const { user, system } = process.cpuUsage(before)
      least = Math.min(least, (user + system) / 1_000)
    }
    expect(least).toBeLessThan(150)
  })

  it("has the webhook's name taken off where no list says whose it is", () => {
    expect(said('<at>license</at> help', undefined)).toBe('help')
    expect(said('<at>license</at> help', [mention('<at>license</at>', { id: 'x' })])).toBe('help')
    const recipient = { id: '29:webhook' }
    const { text } = delivered({
      text: 'help <at>w</at>',
      entities: [mention('<at>w</at>', recipient)],
      recipient,
    })
    expect(text).toBe('help')
  })

  it('has a person mentioned by object id, never by name (M07)', () => {
    const bob = mention('<at>bob@example.com because I say so</at>', {
      id: '29:bob',
      aadObjectId: ana.toUpperCase(),
    })
    expect(said(`<at>license</at> grant x to ${bob.text}, ana@example.com`, [own, bob])).toBe(
      `grant x to @{${ana}} , ana@example.com`,
    )
  })

  it('tells two people of one name apart by their order', () => {
    const one = mention('<at>Ana</at>', { id: '29:1', aadObjectId: ana })
    const other = mention('<at>Ana</at>', { id: '29:2', aadObjectId: ana.replace('1', '2') })
    expect(said('<at>license</at> grant x to <at>Ana</at> <at>Ana</at>', [own, one, other])).toBe(
      `grant x to @{${ana}} @{${ana.replace('1', '2')}}`,
    )
  })

  it.each([
    ['without an object id', [own, mention('<at>Ana for 1h</at>', { id: '29:1', name: 'Ana for 1h' })]],
    ['with one that is none', [own, mention('<at>Ana for 1h</at>', { id: '29:1', aadObjectId: 'x' })]],
    ['that the list does not have', [own]],
  ])('of a person %s is answered and not guessed (M07)', (_name, entities) => {
    expect(said('<at>license</at> grant x to <at>Ana for 1h</at>', entities)).toEqual({
      unclear: 'Teams does not say who @Ana for 1h is. Name people by e-mail instead.',
    })
  })
})

describe('where a message comes from', () => {
  const delivery = delivered()
  const allowed = { tenants: [delivery.tenantId], teamId: delivery.teamId }

  it('is allowed for a tenant of the list, in any case of its letters', () => {
    expect(isFromAllowedTenant(delivery, allowed)).toBe(true)
    const tenantId = 'ABCDEF00-8888-4777-8666-555555555555'
    const shouted = delivered({
      conversation: null,
      channelData: { ...activity.channelData, tenant: { id: tenantId } },
    })
    expect(isFromAllowedTenant(shouted, { ...allowed, tenants: [tenantId] })).toBe(true)
  })

  it('is refused for a tenant that is not on the list (M09)', () => {
    expect(isFromAllowedTenant(delivery, { ...allowed, tenants: [] })).toBe(false)
    expect(isFromAllowedTenant(delivery, { ...allowed, tenants: [ana] })).toBe(false)
  })

  it("is refused where another team's key signed it (M10)", () => {
    expect(isFromAllowedTenant(delivery, { ...allowed, teamId: '19:other@thread.tacv2' })).toBe(false)
  })
})

it('whatever the bytes, there is a delivery or a refusal and never an exception', () => {
  const nearly = fc.record(Object.fromEntries(Object.keys(activity).map((name) => [name, fc.anything()])), {
    requiredKeys: [],
  })
  const markup = fc.string({ unit: fc.constantFrom('<at>', '</at>', '<', '>', '&', '#x', 'a', ';', '1') })
  const bodies = fc.oneof(
    fc.uint8Array(),
    fc.json().map((json) => Buffer.from(json)),
    fc
      .tuple(nearly, markup)
      .map(([change, text]) => Buffer.from(JSON.stringify({ ...activity, ...change, text }, plain))),
    fc
      .tuple(markup, fc.anything())
      .map(([text, entity]) => Buffer.from(JSON.stringify({ ...activity, text, entities: [entity] }, plain))),
  )
  fc.assert(
    fc.property(bodies, (rawBody) => {
      const result = readTeamsDelivery(rawBody)
      expect(Object.keys(result)).toEqual([expect.stringMatching(/^(delivery|refusal)$/)])
      if ('delivery' in result) expect(readTeamsText(result.delivery.message).text).not.toMatch(/[\p{Cc}]/u)
    }),
    { numRuns: 1_000 },
  )
})

/** JSON has no numbers so large that they have a type of their own. */
function plain(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
