/** `npm run change`, as its own process beside the whole stack. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { RefusedByGateway } from '../../../infra/change/ask.ts'
import { progressOn } from '../../../infra/change/follow.ts'
import { changeOptions } from '../../../infra/change/options.ts'
import { gatewayOf } from '../../../infra/change/place.ts'
import { changeCommand } from '../../../infra/change/run-change.ts'
import { linesOfEnd } from '../../../infra/change/tell-end.ts'
import { linesOfPlan } from '../../../infra/change/tell-plan.ts'
import { findUndo } from '../../../infra/change/undone.ts'
import { writeRunFile } from '../../../infra/local/run-file.ts'
import { UsageError } from '../../../infra/local/usage.ts'
import { Change } from '../../../lib/changes/answers/change-schemas.ts'
import { gatewayResponses } from '../../../lib/http/gateway-responses.ts'
import { createChange } from '../../../lib/operations/changes/create-change.ts'
import { beginCommand, command } from '../../support/command.ts'
import { gatewayForTests, sendRaw } from '../../support/gateway.ts'
import { postsOf } from '../../support/requests.ts'

const MAIN = 'infra/change/main.ts'

const stack = await gatewayForTests({ org: { users: 620 } })
const { directory, org } = stack
writeRunFile(directory, stack.run)

/** A file of that name in the stack's directory. */
function fileOf(name: string, rows: readonly (readonly [user: string, license: string, action: string])[]) {
  const file = join(directory, name)
  writeFileSync(file, ['user,license,action', ...rows.map((row) => row.join(','))].join('\n'))
  return file
}

/** In this process: what a process of its own adds is looked at once, below. */
async function run(...args: string[]) {
  const { out, err, printed } = streams()
  const options = changeOptions([...args, '--data', directory])
  const code = await changeCommand(options, { variables: {}, directory, out, err })
    .run()
    .catch((error: unknown) => {
      err.write(`${error instanceof Error ? error.message : String(error)}\n`)
      return error instanceof UsageError ? 2 : 1
    })
  return { code, stdout: printed.out, stderr: printed.err }
}

function streams() {
  const printed = { out: '', err: '' }
  const into = (name: keyof typeof printed) => ({
    write: (text: string | Uint8Array) => {
      printed[name] += Buffer.from(text)
    },
  })
  return { out: into('out'), err: into('err'), printed }
}

const [{ id: someone } = { id: '' }] = org.people(1)
const everybody = (license: string) => org.people(620).map(({ id }) => [id, license, 'add'] as const)

async function askGateway(method: string, path: string, role: 'operator' | 'approver', body?: object) {
  const headers = [
    'Idempotency-Key',
    `${method}-${path.replaceAll('/', '.')}`,
    'Content-Type',
    'application/json',
  ]
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  return await sendRaw(stack, { method, path, role, ...(method === 'GET' ? {} : { headers }), ...sent })
}

async function changesOnRecord(): Promise<
  readonly { id: string; state: string; digest: string; isReleased: boolean }[]
> {
  return Object((await askGateway('GET', '/v1/changes', 'operator')).json).entities
}

/** Lists in a state, made of a change on record: what they come to takes an hour. */
async function listsLike(file: string, state: string) {
  await run('plan', fileOf(file, [[someone, 'gc2WEMupgrade', 'add']]))
  const [{ id } = { id: '' }] = await changesOnRecord()
  const { json } = await askGateway('GET', `/v1/changes/${id}`, 'operator')
  return (each: object, progress: object = {}) => {
    const list = { parts: 2, begun: 1, underWay: 0, outcomes: {}, requests: 3, ...progress }
    return z.parse(Change, { ...Object(json), state, list, ...each })
  }
}

describe('npm run change', () => {
  it('tells every bad row with its line and how many there are, plans nothing, and plans the file once it is mended', async () => {
    const [first, second] = everybody('wallboardUser')
    if (!first || !second) throw new Error('the org has people')
    const bad = fileOf('bad.csv', [
      first,
      [second[0], 'wallbordUser', 'add'],
      [second[0], 'wallbordUsers', 'add'],
    ])
    const { code, stdout, stderr } = await run('plan', bad)
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr.split('\n').slice(0, 2)).toEqual([
      expect.stringMatching(/^line 3: license is unknown: .*did you mean wallboardUser\?$/),
      expect.stringMatching(/^line 4: license /),
    ])
    expect(stderr).toContain('2 of 3 rows cannot be planned, so nothing is')
    expect(await changesOnRecord()).toEqual([])

    const planned = await run('plan', fileOf('bad.csv', [first, second]))
    expect([planned.code, planned.stderr]).toEqual([0, ''])
    const [change] = await changesOnRecord()
    expect(planned.stdout).toContain(
      'changes 2 people; 2 pairs of a license and a person to change, none as desired already',
    )
    expect(planned.stdout).toMatch(/^license +give +take +as is\nwallboardUser +2 +0 +0$/m)
    expect(planned.stdout).toContain(`npm run change -- apply ${change?.id} --data ${directory}`)
    expect(planned.stdout).toContain(`\n  ${first[0]}: wallboardUser no -> yes\n`)

    const many = everybody('cxCloudSF')
    const { stdout: large } = await run('plan', fileOf('many-rows.csv', [...many, ...many.slice(0, 3)]))
    expect(large).toContain('3 rows more said the same as another, and count once')
    const lacking = Object.values(org.truth().users).filter(
      (held) => !/cloudCX[123]/.test(held.join()),
    ).length
    // By person, as chat and the page say it.
    const found =
      /^found: (?:[^,\n]+, ){4}\S+ and (at least )?(\d+) more would lack cloudCX1, which cxCloudSF needs\.$/m.exec(
        large,
      )
    expect(lacking).toBeGreaterThan(5)
    expect(Number(found?.[2])).toBe(Math.min(lacking, 100) - 5)
    expect(large).toContain(' people more\n')
    expect(postsOf(stack)).toEqual([])
  })

  it('leaves a list running when it is interrupted, finds it again by the file, ends with what became of it, and its results handed in again do nothing', async () => {
    const list = fileOf('list.csv', everybody('wallboardUser'))
    const before = org.truth().users
    const held = Object.values(before).filter((licenses) => licenses.includes('wallboardUser')).length
    const begun = beginCommand(MAIN, ['apply', list, '--reason', 'A new site', '--data', directory], {})
    await begun.printed(/of 8 parts/)
    begun.interrupt()
    const interrupted = await begun.ended
    expect(interrupted.code).toBe(130)
    const [change] = await changesOnRecord()
    expect(change?.state).toBe('RUNNING')
    expect(interrupted.stderr).toContain(
      `${change?.id} goes on without this command: npm run change -- watch ${change?.id} --data ${directory}`,
    )

    const again = await run('apply', list, '--reason', 'A new site')
    expect(again.code).toBe(0)
    expect(again.stdout).toContain(`${change?.id} is APPLIED: done, and Genesys shows it`)
    expect(again.stdout).toMatch(new RegExp(`^applied +${620 - held} .*\nunchanged +${held} `, 'm'))
    expect(await changesOnRecord()).toHaveLength(1)
    expect(Object.values(org.truth().users).every((licenses) => licenses.includes('wallboardUser'))).toBe(
      true,
    )
    const posts = postsOf(stack).length

    const results = join(directory, 'results.csv')
    const kept = await run('results', list, '--reason', 'A new site', '--out', results)
    expect([kept.code, kept.stdout, kept.stderr]).toEqual([0, `620 rows in ${results}\n`, ''])
    expect(statSync(results).mode & 0o777).toBe(0o600)
    expect(readFileSync(results, 'utf8').trimEnd().split('\n')).toHaveLength(621)
    const unchanged = await run('results', String(change?.id), '--outcome', 'unchanged')
    expect(unchanged.stdout.trimEnd().split('\n')).toHaveLength(1 + held)
    const none = await run('results', list, '--reason', 'A new site', '--outcome', 'conflict')
    expect([none.code, none.stderr]).toEqual([0, `No row of ${change?.id} has the outcome conflict.\n`])
    const handedIn = await run('apply', results)
    expect(handedIn.code).toBe(0)
    // Where its parts take longer than one look, the progress line is told.
    expect(handedIn.stderr).toMatch(/^(?:\d+ of 620 pairs; .*\n)*$/)
    expect(handedIn.stdout).toMatch(/ is NOOP: .*\noutcome +pairs\nunchanged +620 /)
    expect(postsOf(stack)).toHaveLength(posts)
  })

  it('plans without asking anybody, says who must approve once it is applied and ends with another code, and goes on watching from there', async () => {
    const file = fileOf('approved.csv', [[someone, 'cxCloudSN', 'add']])
    const planned = await run('plan', file)
    expect([planned.code, planned.stderr]).toEqual([0, ''])
    expect(planned.stdout).toContain(
      'Nobody was asked yet: that asks an approver, because: A second person must approve changes of the license cxCloudSN\n',
    )
    expect(await changesOnRecord()).toMatchObject([{ state: 'PLANNED' }])
    const asked = await run('apply', file)
    expect([asked.code, asked.stderr]).toEqual([3, ''])
    const [change] = await changesOnRecord()
    expect(asked.stdout).toContain('An approver who is not Ana Abebe')
    expect(asked.stdout).toContain('It is carried out then, whether anybody watches or not')
    const { id = '', digest = '' } = change ?? {}
    expect(asked.stdout).toContain(`${stack.gateway}/v1/changes/${id}/approve`)
    const watching = run('watch', file)
    expect(await askGateway('POST', `/v1/changes/${id}/approve`, 'approver', { digest })).toMatchObject({
      status: 200,
    })
    const { code, stdout } = await watching
    expect([code, stdout.split('\n')[0]]).toEqual([0, `${id} is APPLIED: done, and Genesys shows it`])
  })

  it('asks for the count of people where a license is taken from many, and says how it is given', async () => {
    const holders = Object.entries(org.truth().users).filter(([, licenses]) => licenses.includes('cloudCX1'))
    const file = fileOf(
      'many.csv',
      holders.slice(0, 30).map(([id]) => [id, 'cloudCX1', 'remove'] as const),
    )
    const asked = await run('apply', file)
    expect(asked.code).toBe(1)
    expect(asked.stdout).toContain('ATTENTION: takes cloudCX1 from 30 people')
    const [change] = await changesOnRecord()
    const finish = `npm run change -- apply ${change?.id} --confirm-people N --data ${directory}`
    expect(asked.stderr).toContain(finish)
    expect((await run('plan', file)).stdout).toContain(finish)
    const wrong = await run('apply', file, '--confirm-people', '29')
    expect([wrong.code, wrong.stderr]).toEqual([
      1,
      expect.stringContaining('(409 change.people.unconfirmed)'),
    ])
    expect(postsOf(stack)).toEqual([])
    expect((await run('apply', file, '--confirm-people', '30')).code).toBe(0)
  })

  it('ends with 1 where it was not applied, with what to do next, and plans the file anew when it is told to', async () => {
    const file = fileOf('later.csv', [[someone, 'gc1WEMupgrade', 'add']])
    const later = ['--not-before', '2030-01-01T09:00:00Z']
    const applying = run('apply', file, ...later)
    await expect.poll(async () => (await changesOnRecord())[0]?.isReleased).toBe(true)
    const [{ id } = { id: '' }] = await changesOnRecord()
    await askGateway('POST', `/v1/changes/${id}/cancel`, 'operator')
    const { code, stdout, stderr } = await applying
    expect(code).toBe(1)
    expect(stderr).toContain('until 2030-01-01 09:00 UTC')
    expect(stdout).toContain(`${id} is CANCELLED: was called off`)
    expect(stderr).toContain(
      `curl -s -X POST -H @${directory}/operator.header -H "Idempotency-Key: retry-${id}-$(date +%s)" ${stack.gateway}/v1/changes/${id}/retry`,
    )
    const again = await run('plan', file, ...later)
    expect([again.code, again.stderr]).toEqual([
      1,
      expect.stringContaining('--again plans it as a change of its own'),
    ])
    expect(await run('plan', file, ...later, '--again')).toMatchObject({ code: 0, stderr: '' })
    expect(await changesOnRecord()).toHaveLength(2)
  })

  it('ends with 1 where what it applied has been undone since, and with 0 once that was undone too', async () => {
    const file = fileOf('undone.csv', [[someone, 'gc1WEMupgrade', 'add']])
    await run('apply', file)
    const undo = async (id: string) =>
      String(Object((await askGateway('POST', `/v1/changes/${id}/undo`, 'operator')).json).id)
    const [{ id } = { id: '' }] = await changesOnRecord()
    const undone = await undo(id)
    const again = await run('apply', file)
    expect([again.code, again.stdout]).toEqual([
      1,
      expect.stringContaining(`${id} was APPLIED, and has been UNDONE since by ${undone}, which is APPLIED`),
    ])
    expect((await run('watch', id)).code).toBe(1)
    await undo(undone)
    expect((await run('apply', file)).code).toBe(0)
  })

  it('ends with 1 where Genesys refuses, names the results and the retry, and applies what that plans by its id', async () => {
    const file = fileOf('refused.csv', [[someone, 'gc1WEMupgrade', 'add']])
    const fault = { match: { method: 'POST', path: '/api/v2/license/organization' }, do: { status: 400 } }
    await fetch(`${stack.run.org}/__org/faults`, { method: 'POST', body: JSON.stringify([fault]) })
    const { code, stdout, stderr } = await run('apply', file)
    expect([code, postsOf(stack).length]).toEqual([1, 1])
    const [{ id } = { id: '' }] = await changesOnRecord()
    expect(stdout).toMatch(new RegExp(`^${id} is FAILED: failed\noutcome +pairs\nnot.applied +1 `, 'm'))
    expect(stderr).toContain(`npm run change -- results ${id} --outcome not.applied --data ${directory}`)
    const retried = await askGateway('POST', `/v1/changes/${id}/retry`, 'operator')
    const again = await run('apply', Object(retried.json).id)
    expect([again.code, again.stderr]).toEqual([0, ''])
    expect(org.truth().users[someone]).toContain('gc1WEMupgrade')
  })

  it.each(['watch', 'results'])(
    '%s of a file that was never handed in with these options puts nothing on record and says so',
    async (command) => {
      const file = fileOf(`${command}.csv`, [[someone, 'gc2WEMupgrade', 'add']])
      const never = {
        code: 1,
        stdout: '',
        stderr: expect.stringContaining(`${file} was never handed in from here with these options`),
      }
      expect(await run(command, file)).toMatchObject(never)
      await run('apply', file, '--reason', 'A new site')
      expect(await run(command, file)).toMatchObject(never)
      expect(await changesOnRecord()).toHaveLength(1)
      expect(await run(command, file, '--reason', 'A new site')).toMatchObject({ code: 0, stderr: '' })
    },
  )

  it('asks a deployed API with the token of its environment, which no argument has', async () => {
    const file = fileOf('deployed.csv', [[someone, 'gc2WEMupgrade', 'add']])
    const args = ['plan', file, '--url', `${stack.gateway}/`]
    const variables = { LICENSE_GATEWAY_TOKEN: stack.tokens.operator }
    const { code, stdout } = await command(MAIN, args, variables, directory)
    expect(code).toBe(0)
    expect(stdout).toMatch(new RegExp(`apply \\S+ --url ${stack.gateway}$`, 'm'))
    expect(() => gatewayOf({ url: stack.gateway }, {})).toThrow(UsageError)
    expect(() => gatewayOf({ url: stack.gateway }, {})).toThrow('takes signed requests and no tokens')
    const { status, code: why, message } = gatewayResponses.badSignature
    expect(new RefusedByGateway(status, JSON.stringify({ code: why, message })).message).toContain(
      'takes signed requests and no tokens: use curl --aws-sigv4',
    )
    expect(await command(MAIN, args, { LICENSE_GATEWAY_TOKEN: stack.tokens.viewer })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('(403 not.authorized)'),
    })
  })

  it('finds by the list itself what takes it back, unless that was undone too', async () => {
    const listed = await listsLike('taken-back.csv', 'APPLIED')
    const undo = listed({ id: '1'.repeat(20) })
    const undone = listed({ id: '2'.repeat(20), undoneBy: undo.id })
    const seen = new Map([undo, undone].map((each) => [`/v1/changes/${each.id}`, each]))
    const ask = async ({ path }: { path: string }) => {
      const answer = seen.get(path) ?? { entities: [] }
      return { bytes: Buffer.from(JSON.stringify(answer)), isReplay: false }
    }
    expect(await findUndo(ask, listed({ undoneBy: undo.id }))).toMatchObject({ id: undo.id })
    expect(await findUndo(ask, listed({ revert: { changeId: undo.id } }))).toMatchObject({ id: undo.id })
    expect(await findUndo(ask, listed({ undoneBy: undone.id }))).toBeUndefined()
    expect(await findUndo(ask, listed({}))).toBeUndefined()
    const calledOff = listed({ id: '3'.repeat(20), state: 'PARTIAL' })
    expect(linesOfEnd(listed({ undoneBy: calledOff.id }), new Map(), { undo: calledOff })[0]).toContain(
      `has been UNDONE IN PART since by ${calledOff.id}, which is PARTIAL`,
    )
  })

  it('says of a list that cannot go on since when and why, and that nobody need do anything', async () => {
    const listed = await listsLike('failing.csv', 'RUNNING')
    const { err, printed } = streams()
    const failingSince = '2026-11-20T18:00:00.000Z'
    const waits = { why: 'minute.used', says: 'All lists wait until 18:01' }
    progressOn(err).show(listed({ waits }, { failingSince }))
    expect(printed.err).toContain('; All lists wait until 18:01\n')
    expect(printed.err).toContain(
      'the next cannot be begun since 2026-11-20 18:00 UTC, and is tried again by itself',
    )
  })

  it('shows before and after of the first people by name, and seats beside what is open', async () => {
    const planned = await run('plan', fileOf('seats.csv', [[someone, 'cloudCX3', 'add']]))
    const [id = ''] = planned.stdout.split(':')
    const { json } = await askGateway('GET', `/v1/changes/${id}`, 'operator')
    const seats = [
      { licenseId: 'cloudCX3', seats: 100, taken: 98, after: 99, open: 240, unknown: 2, isOver: true },
    ]
    const change = z.parse(Change, { ...Object(json), findings: { ...Object(json).findings, seats } })
    const row = { userId: someone, userName: 'Ana Abebe', desired: true, outcome: 'not.sent' } as const
    const rows = [
      { ...row, licenseId: 'cloudCX3', before: false },
      { ...row, licenseId: 'wallboardUser' },
      { ...row, licenseId: 'agentAssistLicense', before: true },
    ]
    const lines = linesOfPlan(change, rows)
    expect(lines.find((line) => line.startsWith('cloudCX3'))).toMatch(/ 100 +98 +99 +240$/)
    expect(lines).toContain('  Ana Abebe: cloudCX3 no -> yes, wallboardUser not known -> yes')
    expect(lines).toContain(
      'ATTENTION: cloudCX3 would be over its seats: 99 of 100, and 240 by changes that are open',
    )
    expect(lines).toContain('of 2 people it is not known whether they hold cloudCX3')
  })

  it('says how a list is paused though its gateway is gone', () => {
    const directory = mkdtempSync(join(tmpdir(), 'it is gone-'))
    writeRunFile(directory, stack.run)
    const gateway = gatewayOf({ directory }, {})
    gateway.find()
    rmSync(directory, { recursive: true })
    const line = gateway.lineFor('operator', '/v1/changes/8arnggh2q0w2tzprphs7/pause')
    expect(line).toContain(`${stack.gateway}/v1/changes/8arnggh2q0w2tzprphs7/pause`)
    expect(line).toContain(`-H '@${directory}/operator.header'`)
  })

  it('has an option for whatever goes along with a file, but that it is looked at first, which it always is', () => {
    for (const name of Object.keys(createChange.query ?? {}).filter((each) => each !== 'isDraft')) {
      const option = name.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`)
      const value =
        { onConflict: 'abort', reason: 'late', revertAfter: 'PT8H' }[name] ?? '2030-01-01T09:00:00Z'
      expect(changeOptions(['plan', 'list.csv', `--${option}`, value]).order).toEqual({ [name]: value })
    }
  })

  it.each([
    ['plan'],
    ['give list.csv'],
    ['plan list.csv another.csv'],
    ['plan 8arnggh2q0w2tzprphs7'],
    ['watch list.csv --again'],
    ['apply 8arnggh2q0w2tzprphs7 --reason late'],
    ['plan list.csv --confirm-people 3'],
    ['apply list.csv --confirm-people many'],
    ['results list.csv --outcome good'],
    ['results list.csv --out='],
    ['results list.csv --out results.xlsx'],
    ['plan list.csv --on-conflict maybe'],
    ['plan list.csv --revert-after 8h'],
    ['plan list.csv --revert-after PT8H --revert-at 2027-01-01T00:00:00Z'],
    ['apply list.csv --not-before yesterday'],
    ['plan list.csv --url http://licenses.example.com'],
    ['plan list.csv --url https://token@licenses.example.com'],
    ['plan list.csv --url https://licenses.example.com --data .local'],
  ])('says what is typed wrong in one line, and where to see how it is used: %s', (typed) => {
    expect(() => changeOptions(typed.split(' '))).toThrow(UsageError)
    expect(() => changeOptions(typed.split(' '))).toThrow(/^[^\n]*; --help says how it is used$/)
  })

  it('says of a file that is not there, and of one that it cannot write, what is wrong', async () => {
    const missing = join(directory, 'missing.csv')
    expect(await run('plan', missing)).toMatchObject({
      code: 2,
      stderr: `${missing} cannot be read: it is not there, and is no id of a change\n`,
    })
    expect(await run('plan', directory)).toMatchObject({
      code: 2,
      stderr: `${directory} cannot be read: it is a directory\n`,
    })
    const file = fileOf('small.csv', [[someone, 'gc2WEMupgrade', 'add']])
    expect(await run('plan', file, '--revert-at', '2020-01-01T00:00:00Z')).toMatchObject({
      code: 1,
      stderr: '--revert-at must be in the future, and after --not-before (400 bad.request)\n',
    })
    await run('plan', file)
    const out = join(directory, 'no/results.csv')
    expect(await run('results', file, '--out', out)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`${out} cannot be written: its directory is not there`),
    })
    expect(existsSync(out)).toBe(false)
    const handedIn = readFileSync(file, 'utf8')
    expect(await run('results', file, '--out', file)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`--out ${file} is there already, and nothing is written over it`),
    })
    expect(readFileSync(file, 'utf8')).toBe(handedIn)
    const none = join(directory, 'none.csv')
    const { code, stdout } = await run('results', file, '--outcome', 'applied', '--out', none)
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^No row of \S+ has the outcome applied: .*none.csv has its header alone.\n$/),
    ])
    expect(readFileSync(none, 'utf8').trimEnd().split('\n')).toHaveLength(1)
  })
})
