import { describe, expect, it } from 'vitest'
import type { Actor } from '../../../lib/changes/model/change.ts'
import { approvalReasons, identifyActor, isSamePerson, Policy } from '../../../lib/changes/model/policy.ts'
import { adviceOnSeats, termsOf } from '../../../lib/license-terms.ts'

const ROLE = 'arn:aws:iam::111122223333:role/operators'
const SESSION = 'arn:aws:sts::111122223333:assumed-role/operators/ana'
const policy: Policy = {
  approvals: [],
  people: {
    ana: { role: 'operator', iam: [SESSION], jwt: ['ana'], slack: ['U1'] },
    bot: { role: 'operator', iam: [ROLE], teams: ['a1'] },
  },
}

describe('who somebody is', () => {
  it.each([
    ['jwt', 'ana', 'ana'],
    ['slack', 'U1', 'ana'],
    ['teams', 'a1', 'bot'],
    ['iam', SESSION, 'ana'],
    ['iam', SESSION.replace(/ana$/, 'i-0abc'), 'bot'],
    ['iam', ROLE, 'bot'],
    ['iam', SESSION.replace('111122223333', '444455556666'), undefined],
    ['slack', 'ana', undefined],
    ['jwt', 'U1', undefined],
    ['event', 'ana', undefined],
    ['schedule', 'ana', undefined],
  ] as const)('%s %s is %s', (kind, id, person) => {
    expect(identifyActor(policy, { kind, id }).person).toBe(person)
  })

  it.each([
    ['event', 'workforce.planning', 'planner'],
    ['event', 'ana', undefined],
    ['event', 'planner', undefined],
    ['jwt', 'planner-job', 'planner'],
    ['slack', 'planner-job', undefined],
    ['iam', 'arn:aws:sts::111122223333:assumed-role/planner/x', 'planner'],
    ['schedule', 'planner-job', undefined],
    // Somebody's own identity comes first.
    ['jwt', 'ana', undefined],
  ] as const)('%s %s is the tool %s', (kind, id, tool) => {
    const tools = {
      planner: {
        eventSources: ['workforce.planning'],
        jwt: ['planner-job', 'ana'],
        iam: ['arn:aws:iam::111122223333:role/planner'],
      },
    }
    expect(identifyActor({ ...policy, tools }, { kind, id }).tool).toBe(tool)
  })

  it('is the same person by any of their identities, and by the same identity of nobody known', () => {
    const ana = identifyActor(policy, { kind: 'jwt', id: 'ana' })
    const [again, bot] = [
      identifyActor(policy, { kind: 'slack', id: 'U1' }),
      identifyActor(policy, { kind: 'iam', id: ROLE }),
    ]
    const stranger: Actor = { kind: 'jwt', id: 'eve' }
    expect([isSamePerson(ana, again), isSamePerson(stranger, { ...stranger })]).toEqual([true, true])
    expect([
      isSamePerson(ana, bot),
      isSamePerson(ana, stranger),
      isSamePerson(stranger, { kind: 'slack', id: 'eve' }),
    ]).toEqual([false, false, false])
  })
})

describe('the rules about approval', () => {
  const pair = (licenseId: string, userId: string) => ({ licenseId, userId, desired: true })
  const reasons = (approvals: Policy['approvals'], ...targets: ReturnType<typeof pair>[]) =>
    approvalReasons({ ...policy, approvals }, 'assignments', targets, new Map())

  it('a rule that names nothing asks for nothing', () => {
    expect(reasons([{}], pair('cloudCX1', 'a'))).toEqual([])
  })

  it('all parts of a rule must fit, and each rule is for itself', () => {
    const both = { licenses: ['cloudCX3'], peopleOver: 1 }
    const [one, two] = [pair('cloudCX3', 'a'), pair('cloudCX3', 'b')]
    expect([reasons([both], one).length, reasons([both], one, two).length]).toEqual([0, 1])
    expect(reasons([{ licenses: ['*'] }, both], one, two)).toHaveLength(2)
  })

  it('name licenses and toggles in any case', () => {
    expect(reasons([{ licenses: ['CLOUDcx3'] }], pair('cloudCX3', 'a'))).toEqual([
      'A second person must approve changes of the license cloudCX3',
    ])
    const toggle = { featureName: 'AGENTASSIST', desired: true }
    expect(
      approvalReasons(
        { ...policy, approvals: [{ toggles: ['agentAssist'] }] },
        'toggle',
        [toggle],
        new Map(),
      ),
    ).toHaveLength(1)
  })

  it('name no more than five licenses', () => {
    const targets = Array.from({ length: 9 }, (_, index) => pair(`license${index}`, 'a'))
    const [sentence = ''] = reasons([{ licenses: ['*'] }], ...targets)
    expect(sentence).toBe(
      'A second person must approve changes of the license license0, license1, license2, license3, license4',
    )
  })

  it('a toggle is not about people', () => {
    const toggle = { featureName: 'agentAssist', desired: true }
    expect(
      approvalReasons({ ...policy, approvals: [{ peopleOver: 0 }] }, 'toggle', [toggle], new Map()),
    ).toEqual([])
  })
})

it.each([
  ['a rule with a name that is misspelt', { approvals: [{ license: ['*'] }], people: {} }],
  ['a number of people below none', { approvals: [{ peopleOver: -1 }], people: {} }],
  ['a role that there is not', { approvals: [], people: { ana: { role: 'admin' } } }],
  ['a person without a name', { approvals: [], people: { '': { role: 'viewer' } } }],
  ['no people', { approvals: [] }],
  ['a license that no license is called', { approvals: [{ licenses: ['cloud\u200eCX3'] }], people: {} }],
  ['a toggle with another dash than it has', { approvals: [{ toggles: ['wem\u2013new'] }], people: {} }],
  ['a license of two numbers', { approvals: [], licenses: { a: { seats: 1 } }, seats: { A: 2 }, people: {} }],
  ['a license of which nothing is said', { approvals: [], licenses: { a: {} }, people: {} }],
  ['seats of what is no license', { approvals: [], seats: { 'cloud\u200eCX3': 1 }, people: {} }],
  ['somebody who can be nobody', { approvals: [], people: { ana: { role: 'viewer', jwt: ['a\u200eb'] } } }],
  ['a tool with a field that there is not', { approvals: [], people: {}, tools: { a: { slack: ['U1'] } } }],
])('a policy with %s is refused', (_, input) => {
  expect(Policy.safeParse(input).success).toBe(false)
})

it('a policy means what can be seen of it', () => {
  const { data } = Policy.safeParse({
    approvals: [{ licenses: ['\u200ecloudCX3\u200f'] }],
    seats: { 'cloudCX3\u200e': 5 },
    people: { ana: { role: 'viewer', jwt: ['ana\u2060'] } },
  })
  expect(data).toEqual({
    approvals: [{ licenses: ['cloudCX3'] }],
    licenses: { cloudCX3: { seats: 5 } },
    people: { ana: { role: 'viewer', jwt: ['ana'] } },
  })
})

it('what a policy says of a license is found by its id in any case, the older table included', () => {
  const { data } = Policy.safeParse({
    approvals: [],
    licenses: { cloudCX3: { charges: ['Genesys Cloud CX 3 Named'] } },
    seats: { wallboardUser: 7 },
    people: {},
  })
  expect(data && termsOf(data, 'CLOUDcx3')).toEqual({ charges: ['Genesys Cloud CX 3 Named'] })
  expect(data && termsOf(data, 'wallboarduser')).toEqual({ seats: 7 })
  expect(data && termsOf(data, 'cloudCX2')).toBeUndefined()
})

it('the older table of seats is answered by what to write in its place', () => {
  expect(adviceOnSeats({ seats: { cloudCX3: 250, 'a-b': 1 } })).toBe(
    'seats is read for one release more: write licenses: { cloudCX3: { seats: 250 }, "a-b": { seats: 1 } } in its place',
  )
  expect(adviceOnSeats({})).toBeUndefined()
})
