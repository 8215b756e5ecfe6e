import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { isPolicyEdited, policyFile } from '../../../infra/local/policy-file.ts'

function written() {
  const directory = mkdtempSync(join(tmpdir(), 'policy-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const { path } = policyFile(directory)
  const text = readFileSync(path, 'utf8')
  return { directory, path, text, standard: JSON.parse(text) }
}

it.each([
  [
    'an identity of two people',
    { people: { 'local-viewer': { role: 'viewer', jwt: ['local-approver'] } } },
    /jwt\.0 must not be/,
  ],
  [
    'a tool called as somebody is',
    { tools: { 'local-viewer': { jwt: ['x'] } } },
    /must not be named as one of people/,
  ],
  ['an owner whom nobody knows', { tools: { job: { jwt: ['x'], owners: ['nobody'] } } }, /owners\.0 must be/],
])('the laptop refuses %s in its policy, as synth does', (_, changed, sentence) => {
  const { directory, path, standard } = written()
  const people = { ...standard.people, ...('people' in changed ? changed.people : {}) }
  writeFileSync(path, JSON.stringify({ ...standard, ...changed, people }))
  expect(() => policyFile(directory)).toThrow(sentence)
})

const ben = { role: 'viewer', jwt: ['ben'] }

it.each([
  [
    'a time zone with a mark',
    { people: { ben: { ...ben, timeZone: 'Europe/\u200eBerlin' } } },
    /ben\.timeZone must be an IANA .*\(U\+200E\)/,
  ],
  [
    'a time zone that is none',
    { people: { ben: { ...ben, timeZone: 'Nowhere' } } },
    /ben\.timeZone must be an IANA/,
  ],
  [
    'a mail address with a mark',
    { people: { ben: { ...ben, email: 'ben@example.com\u200e' } } },
    /ben\.email must be .*\(U\+200E\)/,
  ],
  [
    'a mail address that is none',
    { people: { ben: { ...ben, email: 'ben' } } },
    /ben\.email must be a mail address/,
  ],
  [
    'an id with en dashes',
    { people: { ben: { ...ben, teams: ['00000000\u20130000\u20134000\u20138000\u20130000000000c9'] } } },
    /ben\.teams\.0 must be .* an en dash/,
  ],
  [
    'a channel that is none',
    { chat: { slack: { teams: ['T0LAPTOP'], approvals: 'here' } } },
    /chat\.slack\.approvals must be a Slack channel/,
  ],
  [
    'a license with a mark',
    { seats: { cloudCX3: 1, 'cloudCX3\u200e': 2 } },
    /seats\.cloudCX3\\u200E must be .*\(U\+200E\)/,
  ],
  [
    'two numbers of seats for one license',
    { seats: { CLOUDCX3: 1 } },
    /seats\.CLOUDCX3 must be left out: licenses has it too/,
  ],
  ['seats below zero', { seats: { cloudCX3: -1 } }, /seats\.cloudCX3 must be a whole number of seats/],
  [
    'a name with a mark',
    { people: { 'ro\u200ebin': ben } },
    /people\.ro\\u200Ebin must be named by .* character 3 .*\(U\+200E\)/,
  ],
  ['a field that is none', { persons: {} }, /persons is not a field of policy\.json/],
  ['no people', { people: undefined }, /people must be given, as a table/],
  ['40,000 empty rules', { approvals: Array.from({ length: 40_000 }, () => ({})) }, /\(and 39950 more\)$/],
])('the laptop refuses %s in its policy, in a sentence', (_, changed, sentence) => {
  const { directory, path, standard } = written()
  writeFileSync(path, JSON.stringify({ ...standard, ...changed }))
  expect(() => policyFile(directory)).toThrow(sentence)
})

it.each([
  [
    'a comma behind the last',
    (text: string) => text.replace(/\}$/, ',}'),
    /policy\.json is not valid JSON: at line 1, column \d+ there must be a name/,
  ],
  ['a byte order mark', (text: string) => `\ufeff${text}`, /column 1 there must be no byte order mark/],
  [
    'a key twice',
    (text: string) => text.replace('{', '{"licenses":{},'),
    /policy\.json has an object with the same key twice: licenses/,
  ],
])('the laptop refuses %s in its policy, with its file and its place', (_, damaged, sentence) => {
  const { directory, path, text } = written()
  writeFileSync(path, damaged(text))
  expect(() => policyFile(directory)).toThrow(sentence)
})

it('the laptop reads the older table of seats, and says what to write in its place', () => {
  const { directory, path, standard } = written()
  expect(policyFile(directory).advice).toBeUndefined()
  const { licenses: _, ...others } = standard
  writeFileSync(path, JSON.stringify({ ...others, seats: { cloudCX3: 100 } }))
  const { advice, policy } = policyFile(directory)
  expect(advice).toBe(
    `${path}: seats is read for one release more: write licenses: { cloudCX3: { seats: 100 } } in its place`,
  )
  expect(policy.licenses).toEqual({ cloudCX3: { seats: 100 } })
})

it('the laptop tells its own policy from one that somebody has written', () => {
  const { directory, path, standard } = written()
  expect(isPolicyEdited(directory)).toBe(false)
  writeFileSync(path, JSON.stringify({ ...standard, approvals: [] }))
  expect(isPolicyEdited(directory)).toBe(true)
})
