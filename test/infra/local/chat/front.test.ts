/** What the page and `npm run chat` ask the gateway for, and whom it answers. */
import { describe, expect, it } from 'vitest'
import { chatOf } from '../../../support/chat.ts'
import { gatewayForTests, type RawAnswer, sendRaw } from '../../../support/gateway.ts'

const stack = await gatewayForTests()
const chat = chatOf(stack)
const json = ['Content-Type', 'application/json']

/** Exactly these headers, with the Host first. */
function ask(path: string, headers: readonly string[] = [], body?: string): Promise<RawAnswer> {
  return sendRaw(stack, {
    method: body === undefined ? 'GET' : 'POST',
    path,
    authorization: null,
    headers,
    ...(body === undefined ? {} : { body }),
  })
}

describe('the chats at the gateway', () => {
  it('say who is there', async () => {
    expect((await ask('/__chat/members')).json).toEqual({ people: chat.members.people })
  })

  it('type a line, show all that is answered once nothing is under way, and press a button', async () => {
    const said = await ask(
      '/__chat/say',
      json,
      '{"platform":"slack","as":"operator","line":"/license toggle wallboards off"}',
    )
    expect(said).toMatchObject({ status: 200, json: { id: expect.stringMatching(/^m\d+$/) } })
    const { json: seen } = await ask('/__chat/messages?platform=slack&as=operator&until=rest&waitMs=20000')
    expect(seen).toMatchObject({
      messages: [{}, {}, { buttons: [{ label: 'Confirm' }, { label: 'Cancel' }] }],
    })
    expect(await ask('/__chat/press', json, '{"as":"operator","label":"Cancel"}')).toMatchObject({
      status: 200,
    })
  })

  it('wait for what is new, and tell nothing of what buttons carry', async () => {
    const { version } = chat.seen('slack', 'viewer', 0)
    const waiting = ask(`/__chat/messages?platform=slack&as=viewer&since=${version}&waitMs=20000`)
    await chat.say('slack', 'viewer', '/license help')
    const { json: news } = await waiting
    expect(news).toMatchObject({ messages: [{ from: 'local-viewer' }] })
    expect(JSON.stringify(news)).not.toContain('digest')
  })

  it.each([
    ['GET', '/__chat/messages?platform=irc&as=operator', undefined, 400],
    ['GET', '/__chat/messages?platform=slack&as=nobody', undefined, 404],
    ['POST', '/__chat/say', '{"platform":"slack"}', 400],
    ['POST', '/__chat/say', 'no json', 400],
    ['POST', '/__chat/press', '{"as":"operator","label":"Approve"}', 404],
    ['GET', '/__chat/else', undefined, 404],
  ])('answer %s %s %j with %i and a sentence', async (_method, path, body, status) => {
    const answer = await ask(path, json, body)
    expect(answer).toMatchObject({ status, json: { message: expect.stringMatching(/\w/) } })
  })
})
