/**
 * A hostile page in a real browser on the same machine, against each of the laptop's servers: whatever a page can send,
 * nothing is changed by it, and nothing that it could read comes back.
 */
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
      { path: '/__page/session' },
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
    clockOffsetMinutes: Math.round((stack.aws.now() - Date.now()) / 60_000),
    ledger: await stack.stored.all(),
    messages: ['slack', 'teams'].map((platform) =>
      stack.chat?.seen(platform === 'slack' ? 'slack' : 'teams', 'approver', 0),
    ),
  }
}

/** Sends a target in every way that a page has, and answers with what the page could read. */
async function attack(page: Page, url: string, { path, body, headers }: Target): Promise<string[]> {
  return await page.evaluate(
    async ([at, content, withHeaders]) => {
      const read: string[] = []
      const tries: RequestInit[] = [
        { method: 'GET', mode: 'no-cors' },
        { method: 'GET' },
        { method: 'GET', credentials: 'include' },
        { method: 'GET', referrerPolicy: 'no-referrer' },
        { method: 'POST', mode: 'no-cors', body: content },
        { method: 'POST', mode: 'no-cors', body: content, referrerPolicy: 'no-referrer' },
        { method: 'POST', mode: 'no-cors', body: new URLSearchParams(content) },
        { method: 'POST', body: content },
        { method: 'POST', body: content, headers: withHeaders },
        { method: 'PUT', body: content, headers: withHeaders },
        { method: 'DELETE' },
      ]
      for (const init of tries) {
        const answer = await fetch(at, init).catch(() => undefined)
        const text = await answer?.text().catch(() => '')
        if (text) read.push(text)
      }
      navigator.sendBeacon(at, content)
      const loaded = (element: HTMLElement) =>
        new Promise((resolve) => {
          element.onload = resolve
          element.onerror = resolve
          document.body.append(element)
        })
      for (const name of ['img', 'script'] as const)
        await loaded(Object.assign(document.createElement(name), { src: at }))
      const frame = document.createElement('iframe')
      frame.name = `frame-${Math.random()}`
      document.body.append(frame)
      for (const enctype of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
        const form = Object.assign(document.createElement('form'), { action: at, method: 'POST', enctype })
        form.target = frame.name
        // As text/plain it goes out as NAME=VALUE, with the whole body as the name.
        form.append(Object.assign(document.createElement('input'), { name: content, value: '' }))
        document.body.append(form)
        const done = new Promise((resolve) => {
          frame.onload = resolve
        })
        form.submit()
        await done
      }
      return read
    },
    [`${url}${path}`, body ?? '', headers ?? {}] as const,
  )
}

describe.each(Object.entries(servers))(
  'a hostile page against the laptop’s %s',
  (_name, { url, targets }) => {
    it.each([
      ['on another port', '127.0.0.1'],
      ['under another name of this machine', 'localhost'],
      ['of another site', EVIL],
    ])('%s changes nothing and reads nothing', async (_where, name) => {
      const served = await startServer((_request, response) => {
        response.setHeader('content-type', 'text/html').end('<!doctype html><title>evil</title><body></body>')
      })
      const page = await browser.newPage()
      await page.goto(served.replace('127.0.0.1', name))
      const before = await everything()
      const read: string[] = []
      for (const target of targets) read.push(...(await attack(page, url, target)))
      await stack.aws.idle()
      await page.close()
      expect(read).toEqual([])
      expect(await everything()).toEqual(before)
    })

    it('whose name has come to lead to that very server changes nothing and reads nothing', async () => {
      const rebound = url.replace('127.0.0.1', EVIL)
      const page = await browser.newPage()
      await page.goto(`${rebound}/`)
      expect(await page.evaluate(() => location.host)).toContain(EVIL)
      const before = await everything()
      const read: string[] = []
      for (const target of targets) read.push(...(await attack(page, rebound, target)))
      await stack.aws.idle()
      await page.close()
      for (const text of read) expect(JSON.parse(text)).toMatchObject({ code: 'not.from.here' })
      expect(await everything()).toEqual(before)
    })
  },
)
