/** Group M: Teams' webhook over HTTP, with run-command, the ledger and the embedded org behind it. */
import { describe, expect, it } from 'vitest'
import { seenOfTeams, TeamsContent } from '../../../infra/local/chat/teams/adaptive-card.ts'
import { activityOf, chatOf, textOf, toTeams, untilSeen } from '../../support/chat.ts'
import { gatewayForTests, type RawAnswer } from '../../support/gateway.ts'

const stack = await gatewayForTests()
const chat = chatOf(stack)
const { teamsKey, people } = chat.forScripts
const ASKED = 'user ana@example.com'
const WISHED = 'grant wallboardUser to ana@example.com because of the pilot'

function said({ text }: RawAnswer): string {
  const { parts } = seenOfTeams(TeamsContent.parse(JSON.parse(text)))
  return parts
    .map((part) =>
      'text' in part ? part.text : part.kind === 'text' ? part.spans.map((span) => span.text).join('') : '',
    )
    .join('\n')
}
const posts = () =>
  stack.org.requests().filter(({ method, path }) => method === 'POST' && path.endsWith('/organization'))
    .length
const changes = async () => (await stack.stored.all()).filter(({ sk }) => sk === 'header')

describe('a message of the team', () => {
  it('is answered with a card in its own response (M01)', async () => {
    const answer = await toTeams(stack, activityOf(stack, ASKED))
    expect(answer.status).toBe(200)
    expect(said(answer)).toMatch(/^Ana Abebe\nlicenses: cloudCX2/)
  })

  it('with bytes beyond ASCII is verified over the bytes', async () => {
    expect(said(await toTeams(stack, activityOf(stack, 'user Chloé Costa')))).toMatch(/^Chloé Costa/)
  })

  it('that comes again is not begun again (M04)', async () => {
    const activity = activityOf(stack, WISHED)
    const first = await toTeams(stack, activity)
    const again = await toTeams(stack, activity)
    expect([first.status, again.status]).toEqual([200, 200])
    expect(said(first)).toContain('waits for an approver')
    expect(await changes()).toHaveLength(1)
  })

  it('that wishes only makes a request, which somebody else approves elsewhere (M11)', async () => {
    expect(said(await toTeams(stack, activityOf(stack, WISHED)))).toContain('waits for an approver')
    const [change] = await changes()
    // What the test before has asked for may be told only now.
    const [request] = await untilSeen(
      chat,
      'slack',
      'approver',
      (each) =>
        each.buttons.length > 0 &&
        JSON.stringify(each).includes(String(change?.['pk']).replace('change#', '')),
    )
    expect(posts()).toBe(0)
    await chat.press('approver', 'approve', request?.id)
    const [end] = await untilSeen(chat, 'teams', 'operator', (each) =>
      textOf(each).includes('done, and Genesys shows it'),
    )
    expect(end).toMatchObject({ channel: 'Licenses', from: 'license' })
    expect(posts()).toBe(1)
  })

  it('that takes longer than Teams waits is accepted, and answered in the channel (M12)', async () => {
    stack.org.addFaults([{ match: { path: '/api/v2/users/search' }, do: { delayMs: 600_000 } }])
    const answer = await toTeams(stack, activityOf(stack, ASKED))
    expect(said(answer)).toMatch(/^Accepted: this takes a little longer\nThe result comes to this channel/)
    stack.org.letGo()
    await untilSeen(chat, 'teams', 'operator', (each) => textOf(each).startsWith('Ana Abebe'))
  })
})

describe('a message', () => {
  it.each([
    ['of another key', 'HMAC AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='],
    ['with the scheme in small letters', 'hmac AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='],
    ['with a bearer token', 'Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='],
    ['whose signature is not base64', 'HMAC ???'],
    ['whose signature is empty', 'HMAC '],
    ['without any', null],
  ])('%s is refused with 401 and no words (M02)', async (_what, authorization) => {
    const { status, text } = await toTeams(stack, activityOf(stack, ASKED), authorization)
    expect([status, text]).toEqual([401, ''])
    expect(stack.org.requests()).toEqual([])
  })

  it.each([
    ['was written 302 s ago', (now: number) => ({ timestamp: new Date(now - 302_000).toISOString() }), 401],
    // Its age falls until it is looked at, which takes a while on a busy machine.
    ['is from 330 s ahead', (now: number) => ({ timestamp: new Date(now + 330_000).toISOString() }), 401],
    ['is of nobody in Entra ID', () => ({ from: { id: '29:1', name: 'local-operator' } }), 403],
    [
      'claims another team',
      () => ({ channelData: { ...channel(), team: { id: '19:other@thread.tacv2' } } }),
      403,
    ],
    [
      'is of another tenant',
      () => ({ channelData: { ...channel(), tenant: { id: OTHER } }, conversation: {} }),
      403,
    ],
  ])('that %s is refused (M05, M07, M09, M10)', async (_what, changed, status) => {
    const activity = activityOf(stack, ASKED, changed(stack.aws.now()))
    expect((await toTeams(stack, activity)).status).toBe(status)
    expect(stack.org.requests()).toEqual([])
  })

  it('that names no time may ask, and change nothing (M05)', async () => {
    expect(said(await toTeams(stack, activityOf(stack, ASKED, { timestamp: undefined })))).toContain(
      'Ana Abebe',
    )
    const wish = await toTeams(stack, activityOf(stack, WISHED, { timestamp: undefined }))
    expect(said(wish)).toContain('names no time at which it was written')
    expect(await changes()).toEqual([])
  })

  it('is from whoever its object id is, whatever name it bears (M07)', async () => {
    const from = { id: '29:1', name: 'local-operator', aadObjectId: people.viewer.teams }
    expect(said(await toTeams(stack, activityOf(stack, WISHED, { from })))).toContain('This is for operators')
    const stranger = { ...from, aadObjectId: OTHER }
    expect(said(await toTeams(stack, activityOf(stack, ASKED, { from: stranger })))).toContain(
      'does not know you',
    )
  })

  it('leaves neither the key nor its words in a log (I23, N23)', async () => {
    await toTeams(stack, activityOf(stack, WISHED))
    const all = stack.logged.join('\n')
    for (const secret of [teamsKey, 'ana@example.com', 'wallboardUser', 'pilot', 'Anybody']) {
      expect(all).not.toContain(secret)
    }
  })
})

const OTHER = '00000000-0000-4000-8000-0000000000ff'

function channel() {
  const { teamsChannel, teamsTeam, teamsTenant } = chat.forScripts
  return { channel: { id: teamsChannel }, team: { id: teamsTeam }, tenant: { id: teamsTenant } }
}
