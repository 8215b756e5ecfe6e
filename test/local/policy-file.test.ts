import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { policyFile } from '../../infra/local/policy-file.ts'

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
  const directory = mkdtempSync(join(tmpdir(), 'policy-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const { path } = policyFile(directory)
  const standard = JSON.parse(readFileSync(path, 'utf8'))
  const people = { ...standard.people, ...('people' in changed ? changed.people : {}) }
  writeFileSync(path, JSON.stringify({ ...standard, ...changed, people }))
  expect(() => policyFile(directory)).toThrow(sentence)
})
