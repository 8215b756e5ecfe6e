/** Group L: Slack's webhook over HTTP, with the bus, run-command, the ledger and the embedded org behind it. */
import { beforeEach, describe, expect, it } from 'vitest'
import { CHAT_DELIVERED } from '../../../lib/chat/webhook/queued.ts'
import { chatOf, commandForm, slackProof, textOf, toSlack, untilSeen } from '../../support/chat.ts'
import { gatewayForTests } from '../../support/gateway.ts'

const stack = await gatewayForTests({ org: { toggles: 'legacy' } })
const chat = chatOf(stack)
const { people, slackSigningSecret } = chat.forScripts

const ASKED = 'user ana@example.com'
const WISHED = 'grant wallboardUser to ana@example.com because of the pilot'

let eventsBefore = 0
beforeEach(() => {
  eventsBefore = stack.aws.events().length
})

const delivered = () =>
  stack.aws
    .events()
    .slice(eventsBefore)
    .filter((event) => event['detail-type'] === CHAT_DELIVERED)
const posts = () =>
  stack.org.requests().filter(({ method, path }) => method === 'POST' && path.endsWith('/organization'))
    .length
const newest = () => chat.seen('slack', 'operator', 0).version

/** Types as the operator, and waits for the reply, not its acknowledgement. */
async function typed(line: string, as = 'operator') {
  const id = await chat.say('slack', as, `/license ${line}`)
  const [reply] = await untilSeen(
    chat,
    'slack',
    as,
    (each) => each.answers === id && textOf(each) !== 'On it.',
  )
  if (!reply) throw new Error('no reply came')
  return reply
}

describe('a command', () => {
  it('is acknowledged when its event is on the bus, and answered after that (L01)', async () => {
    const { status, text } = await toSlack(stack, { body: commandForm(stack, ASKED) })
    expect([status, JSON.parse(text)]).toEqual([200, { response_type: 'ephemeral', text: 'On it.' }])
    expect(delivered()).toHaveLength(1)
    const [said] = await untilSeen(chat, 'slack', 'operator', (each) => textOf(each).includes('Ana Abebe'))
    expect(said).toMatchObject({ channel: '#licenses', from: 'license' })
  })

  it('is not acknowledged where the bus does not take it: the person sees an error (L26)', async () => {
    stack.aws.fail('PutEvents', { type: 'InternalFailure', entry: 0 })
    const { status, text } = await toSlack(stack, { body: commandForm(stack, ASKED) })
    expect([status, text]).toEqual([200, expect.stringContaining('nothing was done')])
    expect(delivered()).toEqual([])
  })

  it('with bytes beyond ASCII is verified over the bytes (L11)', async () => {
    const { status } = await toSlack(stack, { body: commandForm(stack, 'user Chloé Costa') })
    expect(status).toBe(200)
    await untilSeen(chat, 'slack', 'operator', (each) => textOf(each).includes('chloe@example.com'))
    // Not UTF-8 at all, and signed all the same: the signature is right, the form is not.
    const bytes = Buffer.concat([Buffer.from(commandForm(stack, ASKED)), Buffer.from([0xff, 0xfe])])
    expect((await toSlack(stack, { body: bytes })).status).toBe(400)
  })

  // The age of one grows until it is looked at, which takes a while on a busy machine: that side has room for it.
  it.each([-270, 299])('of %i s is taken (L05)', async (offSeconds) => {
    expect((await toSlack(stack, { body: commandForm(stack, ASKED), offSeconds })).status).toBe(200)
  })

  it.each([-302, 330])('of %i s is refused, whichever side of now (L05, L06)', async (offSeconds) => {
    expect((await toSlack(stack, { body: commandForm(stack, ASKED), offSeconds })).status).toBe(401)
    expect(delivered()).toEqual([])
  })
})

describe('whoever is not Slack', () => {
  const body = commandForm(stack, WISHED)
  const { timestamp, signature } = slackProof(stack, { body })
  const hex = signature.slice(3)
  const proof = (given: string) => ['X-Slack-Request-Timestamp', timestamp, 'X-Slack-Signature', given]

  it.each([
    ['in upper case', proof(`v0=${hex.toUpperCase()}`)],
    ['of another version', proof(`v1=${hex}`)],
    ['without its version', proof(hex)],
    ['that is empty', proof('v0=')],
    ['cut short', proof(signature.slice(0, -2))],
    ['of 8 kB', proof(`v0=${hex.repeat(128)}`)],
    ['that is missing', ['X-Slack-Request-Timestamp', timestamp]],
    ['without a timestamp', ['X-Slack-Signature', signature]],
    ['twice', [...proof(signature), 'X-Slack-Signature', signature]],
    ['with its timestamp twice', [...proof(signature), 'X-Slack-Request-Timestamp', timestamp]],
    [
      'with a timestamp that is no number',
      ['X-Slack-Request-Timestamp', `${timestamp}e0`, 'X-Slack-Signature', signature],
    ],
    ['of another secret', proof(slackProof(stack, { body, secret: 'f'.repeat(32) }).signature)],
    ['of another body', proof(slackProof(stack, { body: `${body}&x=1` }).signature)],
  ])('is refused with a signature %s (L03, L04)', async (_what, given) => {
    const { status, text } = await toSlack(stack, { body, proof: given })
    expect([status, text]).toEqual([401, ''])
    expect(delivered()).toEqual([])
  })

  it('is refused with an old token, an unsigned challenge, or a retry header (L10, L14, L15)', async () => {
    const unsigned = { proof: [] }
    const challenge = JSON.stringify({ type: 'url_verification', challenge: 'x' })
    for (const request of [
      { body: `${body}&token=gIkuvaNzQIHg97ATvDxqgjtO`, ...unsigned },
      { body: challenge, ...unsigned },
      { body, ...unsigned, headers: ['X-Slack-Retry-Num', '1'] },
    ]) {
      expect((await toSlack(stack, request)).status).toBe(401)
    }
    expect(delivered()).toEqual([])
  })

  it('is answered its certificate check, unsigned, and nothing else (L13)', async () => {
    const { status, text } = await toSlack(stack, { body: 'ssl_check=1&token=x', proof: [] })
    expect([status, text]).toEqual([200, ''])
    expect(stack.awsRequests()).toEqual([])
  })
})

describe('a signed request', () => {
  it.each([
    ['workspace', { team_id: 'T0OTHER' }],
    ['workspace, whatever its app', { team_id: 'T0OTHER', api_app_id: undefined }],
    ['workspace, which is missing', { team_id: undefined }, 400],
  ])('of another %s is refused (L16)', async (_what, changed, status = 403) => {
    expect((await toSlack(stack, { body: commandForm(stack, ASKED, changed) })).status).toBe(status)
    expect(delivered()).toEqual([])
  })

  it.each([
    ['no JSON', 'payload=%7B'],
    ['there twice', 'payload=%7B%7D&payload=%7B%7D'],
    ['about __proto__', `payload=${encodeURIComponent('{"__proto__":{"type":"block_actions"}}')}`],
    ['of a form of its own', `payload=${encodeURIComponent('{"type":"view_submission"}')}`],
    ['missing, and no command either', 'team_id=T0LAPTOP'],
  ])('whose payload is %s is refused, and nothing is queued (L21)', async (_what, body) => {
    expect((await toSlack(stack, { body })).status).toBe(400)
    expect(delivered()).toEqual([])
  })

  it.each([
    'https://hooks.slack.com.evil.example/commands/1',
    'https://evil.example/hooks.slack.com',
    'http://hooks.slack.com/commands/1',
    'https://hooks.slack.com@evil.example/',
    'http://169.254.169.254/latest/meta-data',
    'http://127.0.0.1:1/',
  ])('that wants its reply at %s is refused (L24)', async (response_url) => {
    expect((await toSlack(stack, { body: commandForm(stack, ASKED, { response_url }) })).status).toBe(400)
    expect(delivered()).toEqual([])
  })

  it('that comes again, as a retry or not, is acknowledged and answered once (L08, L09)', async () => {
    const body = commandForm(stack, 'user ben@example.com')
    const before = newest()
    const again = [[], ['X-Slack-Retry-Num', '1'], ['X-Slack-Retry-Num', '2'], ['X-Slack-Retry-Num', '3']]
    for (const headers of again) expect((await toSlack(stack, { body, headers })).status).toBe(200)
    await untilSeen(chat, 'slack', 'operator', (each) => textOf(each).includes('Ben Blanc'))
    await stack.aws.idle()
    const answers = chat.seen('slack', 'operator', before).messages
    expect(answers.map(textOf).filter((text) => text.includes('Ben Blanc'))).toHaveLength(1)
    expect(delivered()).toHaveLength(4)
  })
})

describe('a wish', () => {
  it('is one POST to Genesys, however often Confirm is pressed or delivered (L08)', async () => {
    const plan = await typed(WISHED)
    expect(posts()).toBe(0)
    const presses = await Promise.all([1, 2, 3].map(() => chat.press('operator', 'confirm', plan.id)))
    await untilSeen(
      chat,
      'slack',
      'operator',
      ({ id, buttons }) => id === plan.id && !buttons.some(({ label }) => label === 'Confirm'),
    )
    await stack.aws.idle()
    expect(presses).toHaveLength(3)
    expect(posts()).toBe(1)
    const [ana] = stack.org.people(1)
    expect(stack.org.truth().users[ana?.id ?? '']).toContain('wallboardUser')
  })

  it('whose reply Slack no longer takes is carried out once, and told another way (L25)', async () => {
    const plan = await typed(WISHED)
    chat.refuse('response_url', 'expired_url')
    const before = newest()
    await chat.press('operator', 'confirm', plan.id)
    const [told] = await untilSeen(
      chat,
      'slack',
      'operator',
      (each) => each.version > before && textOf(each).includes('done'),
    )
    expect(told?.channel).toBe('#licenses')
    await stack.aws.idle()
    expect(posts()).toBe(1)
  })

  it('is told to the person where Slack takes it nowhere else (L25, L29)', async () => {
    const plan = await typed(WISHED)
    chat.refuse('response_url', 'expired_url')
    chat.refuse('chat.postMessage', 'not_in_channel')
    await chat.press('operator', 'confirm', plan.id)
    const [told] = await untilSeen(
      chat,
      'slack',
      'operator',
      (each) => each.channel === 'license' && textOf(each).includes('done'),
    )
    expect(told?.isPrivate).toBe(true)
    expect(posts()).toBe(1)
  })

  it('whose reply Slack takes nowhere at all is carried out once, and its loss is logged (L29)', async () => {
    const plan = await typed(WISHED)
    chat.refuse('response_url', 'expired_url')
    chat.refuse('chat.postMessage', 'account_inactive', 9)
    await chat.press('operator', 'confirm', plan.id)
    await stack.aws.idle()
    expect(posts()).toBe(1)
    expect(stack.aws.deadLetters()).toEqual([])
    const [lost, ...more] = stack.logged.filter((line) => line.includes('chat.undelivered'))
    expect(more).toEqual([])
    expect(JSON.parse(lost ?? '')).toMatchObject({
      level: 'ERROR',
      isLost: true,
      tried: [
        'the response URL: NotTaken: expired_url',
        'the channel: NotTaken: account_inactive',
        'the person: NotTaken: account_inactive',
      ],
    })
  })

  it('with markup in its words is shown as it was typed, a backtick aside, and as nothing else (L23)', async () => {
    const reason = '<!channel> <@U1> <https://evil.example|here> *bold* `code` &amp; _x_'
    const { parts } = await typed(`toggle wallboards on because ${reason}`)
    // Slack has no escape for what is bold or code, so such words are shown as code, and a backtick would end it.
    const shown = { text: reason.replaceAll('`', '´'), style: 'code' }
    expect(parts.flatMap((part) => (part.kind === 'fields' ? part.fields : []))).toContainEqual({
      name: 'because',
      value: [shown],
    })
  })
})

describe('what is logged', () => {
  it('has neither secrets nor what was typed nor addresses (I23, N23)', async () => {
    await typed(ASKED)
    await typed(WISHED)
    await typed(WISHED, 'viewer')
    await toSlack(stack, { body: commandForm(stack, ASKED), offSeconds: 900 })
    const all = stack.logged.join('\n')
    expect(all).toContain('chat.refused')
    for (const secret of [
      slackSigningSecret,
      'xoxb-',
      'ana@example.com',
      'pilot',
      'wallboardUser',
      'Ana Abebe',
    ]) {
      expect(all).not.toContain(secret)
    }
    expect(all).toContain(people.viewer.slack)
  })
})
