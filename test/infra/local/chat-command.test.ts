/** `npm run chat`, as its own process against a running local gateway. */
import { describe, expect, it } from 'vitest'
import { writeRunFile } from '../../../infra/local/run-file.ts'
import type { Change } from '../../../lib/changes/answers/change-schemas.ts'
import { BATCH_PATH } from '../../support/changes/change-orders.ts'
import { command } from '../../support/command.ts'
import { gatewayForTests, sendRaw } from '../../support/gateway.ts'
import { temporaryDirectory } from './start-process.ts'

const stack = await gatewayForTests({ org: { toggles: 'legacy', users: 600 } })
const { run } = stack
writeRunFile(stack.directory, run)

const typed = (...args: readonly string[]) =>
  command('infra/local/chat/main.ts', [...args, '--data', stack.directory], {})
const posts = () =>
  stack.org.requests().filter(({ method, path }) => method === 'POST' && path.endsWith('/organization'))
    .length

describe('the chat command', () => {
  it('shows a reply as the person sees it', async () => {
    expect(await typed('/license user ana@example.com')).toEqual({
      code: 0,
      stderr: '',
      stdout: `local-operator in #licenses, only visible to you
/license user ana@example.com

license in #licenses, only visible to you
On it.

license in #licenses
Ana Abebe
  licenses  cloudCX2
  e-mail    ana@example.com
id 92ca2f0e-9b3c-4493-999f-aae61f48d350

`,
    })
  })

  it('presses a button of the reply, in any case', async () => {
    const { code, stdout } = await typed(
      '/license grant wallboardUser to ana@example.com',
      '--press',
      'CONFIRM',
    )
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /\[Confirm\] \[Cancel\]\n\npressed \[CONFIRM\]\n\nlicense in #licenses\n✅ .*done, and Genesys shows it/,
    )
    expect(stack.org.truth().users[stack.org.people(1)[0]?.id ?? '']).toContain('wallboardUser')
  })

  it('presses a button of an earlier message, as whoever sees it', async () => {
    await typed('/license grant cxCloudSN to ben@example.com', '--press', 'confirm')
    const nobody = await typed('--press', 'approve')
    expect([nobody.code, nobody.stderr]).toEqual([1, 'There is no button approve in what this person sees\n'])
    const { stdout } = await typed('--press', 'approve', '--as', 'U0APPROVER')
    expect(stdout).toMatch(/^license in #license-approvals\n❓ Ana Abebe asks: [\s\S]*pressed \[approve\]/)
    expect(stdout).toContain('done, and Genesys shows it')
    expect(posts()).toBe(1)
  })

  it('waits for no list that is under way, which may take hours', async () => {
    const lacking = Object.entries(stack.org.truth().users).flatMap(([id, held]) =>
      held.includes('wallboardUser') ? [] : [id],
    )
    const post = async (path: string, body: object) => {
      const headers = ['Idempotency-Key', crypto.randomUUID(), 'Content-Type', 'application/json']
      const { json } = await sendRaw(stack, {
        method: 'POST',
        path,
        role: 'operator',
        headers,
        body: JSON.stringify(body),
      })
      return json as Change
    }
    const assignments = [{ licenseId: 'wallboardUser', userIdsAdd: lacking, userIdsRemove: [] }]
    const { id, digest } = await post('/v1/changes', { kind: 'assignments', assignments })
    // Until its part is answered its turn is under way.
    stack.org.addFaults([{ match: { method: 'POST', path: BATCH_PATH }, do: { delayMs: 600_000 } }])
    await post(`/v1/changes/${id}/apply`, { digest })
    let isTurnOver = false
    const turn = stack.aws.idle().then(() => {
      isTurnOver = true
    })
    await sendRaw(stack, {
      path: '/__chat/messages?platform=slack&as=operator&until=rest&waitMs=20000',
      authorization: null,
    })
    expect(isTurnOver).toBe(false)
    stack.org.letGo()
    await turn
  })

  it('speaks in Teams, where there are no buttons', async () => {
    const { code, stdout } = await typed('grant wallboardUser to ana@example.com', '--teams')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^local-operator in Licenses\n@license grant [\s\S]*waits for an approver/)
    expect(stdout).not.toContain('[')
  })

  it('shows what Slack itself says', async () => {
    const { stdout } = await typed('license help')
    expect(stdout).toContain('Slack in #licenses, only visible to you\nOnly lines that begin with /license')
  })

  it('prints nothing that a terminal would obey', async () => {
    const { stdout } = await typed('/license user \u001b[2Jx')
    expect(stdout).toContain('/license user  [2Jx')
    expect(stdout).not.toContain('\u001b')
  })

  it.each([
    ['nothing', [], 'Say what is typed, or which button is pressed'],
    ['an empty line', [''], 'There is nothing to type in an empty line'],
    ['two lines', ['/license', 'help'], 'Put what is typed between quotes'],
    ['a button in Teams', ['--teams', '--press', 'confirm'], 'There are no buttons in Teams'],
    ['an option nobody knows', ['--who'], "Unknown option '--who'"],
  ])('with %s says how it is used', async (_what, args, sentence) => {
    const ended = await typed(...args)
    expect([ended.code, ended.stdout]).toEqual([2, ''])
    expect(ended.stderr).toContain(sentence)
    expect(ended.stderr).toMatch(/; --help says how it is used\n$/)
  })

  it('says who there is where nobody is called so', async () => {
    const { code, stderr } = await typed('/license help', '--as', 'U0NOBODY')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^There is nobody called U0NOBODY .* local-operator \(U0OPERATOR, operator\)/)
  })

  it('says so where no gateway runs, none any more, or one without a chat', async () => {
    const directory = temporaryDirectory()
    const there = () => command('infra/local/chat/main.ts', ['/license help', '--data', directory], {})
    expect((await there()).stderr).toMatch(/^No gateway runs on .*: start one with npm start/)
    writeRunFile(directory, { ...run, gateway: 'http://127.0.0.1:1' })
    expect((await there()).stderr).toMatch(/^Nothing answers at http:\/\/127\.0\.0\.1:1;/)
    const { chat: _none, ...before } = run
    writeRunFile(directory, before)
    expect((await there()).stderr).toMatch(/before a real Genesys org, where there is no chat/)
  })
})
