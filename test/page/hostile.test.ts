/**
 * A hostile page in a real browser on the same machine, against each of the laptop's servers: whatever a page can send,
 * nothing is changed by it, and nothing that it could read comes back.
 */
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, describe, expect, it } from 'vitest'
import { TEAMS } from '../../infra/local/chat/places.ts'
import { secretNames } from '../../lib/credentials/secret-names.ts'
import { startBrowser } from '../support/browser.ts'
import { gatewayForTests } from '../support/gateway.ts'
import { startServer } from '../support/servers.ts'

const EVIL = 'evil.test'
const browser = await startBrowser([`--host-resolver-rules=MAP ${EVIL} 127.0.0.1`])
const stack = await gatewayForTests()
afterAll(async () => await browser.close())

interface Target {
  readonly path: string
  readonly body?: string
  /** What makes a browser ask first whether it may. */
  readonly headers?: Readonly<Record<string, string>>
}

const say = '{"platform":"slack","as":"approver","line":"/license toggle wallboards off"}'
const inAws = (target: string, body: object): Target => ({
  path: '/',
  body: JSON.stringify(body),
  headers: {
    'x-amz-target': target,
    'content-type': 'application/x-amz-json-1.0',
    // What was good for anybody before each run made a key of its own.
    authorization:
      'AWS4-HMAC-SHA256 Credential=local/20261128/us-east-1/x/aws4_request, SignedHeaders=host, Signature=0',
    'x-amz-date': '20261128T000000Z',
  },
})

/** Each server with what hurts most there. */
const servers: Readonly<Record<string, { readonly url: string; readonly targets: readonly Target[] }>> = {
  gateway: {
    url: stack.gateway,
    targets: [
      { path: '/' },
      { path: '/config.json' },
      { path: '/__issuer/jwks' },
      { path: '/__chat/messages?platform=slack&as=approver' },
      { path: '/__chat/say', body: say },
      { path: '/__chat/say', body: say, headers: { 'content-type': 'application/json' } },
    ],
  },
  org: {
    url: stack.orgUrl,
    targets: [
      { path: '/__org/clients' },
      { path: '/__org/reset', body: '' },
      { path: '/__org/faults', body: '[{"match":{"method":"POST"},"do":{"applyThenReset":true}}]' },
      { path: '/oauth/token', body: 'grant_type=client_credentials' },
    ],
  },
  aws: {
    url: stack.aws.url,
    targets: [
      { path: '/__aws/events' },
      { path: '/__aws/clock', body: '{"advanceSeconds":86400}' },
      {
        path: '/schedules/evil',
        body: '{"GroupName":"local","ScheduleExpression":"rate(1 minute)","FlexibleTimeWindow":{"Mode":"OFF"},"Target":{"Arn":"arn:aws:lambda:us-east-1:000000000000:function:fire-schedule","RoleArn":"arn:aws:iam::000000000000:role/x"}}',
      },
      { path: '/2015-03-31/functions/run-command/invocations', body: '{}' },
      inAws('secretsmanager.GetSecretValue', { SecretId: secretNames('local').readClient }),
      inAws('AWSEvents.PutEvents', {
        Entries: [
          {
            Source: 'local.command',
            DetailType: 'License Toggle Requested',
            Detail: '{"featureName":"f","enabled":true}',
          },
        ],
      }),
    ],
  },
  dynamo: {
    url: process.env['AWS_ENDPOINT_URL_DYNAMODB'] ?? '',
    targets: [
      inAws('DynamoDB_20120810.Scan', { TableName: 'ledger' }),
      inAws('DynamoDB_20120810.PutItem', {
        TableName: 'ledger',
        Item: { pk: { S: 'evil' }, sk: { S: 'evil' } },
      }),
    ],
  },
  chat: {
    url: process.env['CHAT_LOOPBACK_ORIGIN'] ?? '',
    targets: [{ path: new URL(TEAMS.incoming).pathname, body: '{"type":"message","attachments":[]}' }],
  },
}

/** Whatever there is to change. Who asked the stand-ins counts too: a request that is refused leaves no trace there. */
async function everything() {
  return {
    truth: stack.org.truth(),
    faults: stack.org.faults(),
    orgRequests: stack.org.requests(),
    awsRequests: stack.awsRequests().map(({ action }) => action),
    events: stack.aws.events(),
    // Two readings of one clock: less than a minute apart is none, on either side of zero.
    clockOffsetMinutes: Math.round(Math.abs(stack.aws.now() - Date.now()) / 60_000),
    ledger: await stack.stored.all(),
    messages: ['slack', 'teams'].map((platform) =>
      stack.chat?.seen(platform === 'slack' ? 'slack' : 'teams', 'approver', 0),
    ),
  }
}

/** What the page could read of all the answers that it got. */
async function attack(page: Page, url: string, targets: readonly Target[]): Promise<string[]> {
  await page.addScriptTag({ path: join(import.meta.dirname, 'attack.js') })
  const read: string[] = []
  for (const { path, body = '', headers = {} } of targets) {
    read.push(
      ...(await page.evaluate<string[]>(`attack(...${JSON.stringify([`${url}${path}`, body, headers])})`)),
    )
  }
  await stack.aws.idle()
  await page.close()
  return read
}

/** All servers look at a request in one way (test/infra/local/loopback.test.ts): the third name is for the one that people open. */
const NAMES = [
  ['on another port', '127.0.0.1'],
  ['of another site', EVIL],
  ['under another name of this machine', 'localhost'],
] as const

describe.each(Object.entries(servers))(
  'a hostile page against the laptop’s %s',
  (server, { url, targets }) => {
    it.each(server === 'gateway' ? NAMES : NAMES.slice(0, 2))(
      '%s changes nothing and reads nothing',
      async (_where, name) => {
        const served = await startServer((_request, response) => {
          response
            .setHeader('content-type', 'text/html')
            .end('<!doctype html><title>evil</title><body></body>')
        })
        const page = await browser.newPage()
        await page.goto(served.replace('127.0.0.1', name))
        const before = await everything()
        expect(await attack(page, url, targets)).toEqual([])
        expect(await everything()).toEqual(before)
      },
    )

    it('whose name has come to lead to that very server changes nothing and reads nothing', async () => {
      const rebound = url.replace('127.0.0.1', EVIL)
      const page = await browser.newPage()
      await page.goto(`${rebound}/`)
      expect(page.url()).toContain(EVIL)
      const before = await everything()
      for (const text of await attack(page, rebound, targets))
        expect(JSON.parse(text)).toMatchObject({ code: 'not.from.here' })
      expect(await everything()).toEqual(before)
    })
  },
)
