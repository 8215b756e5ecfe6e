import { expect, it } from 'vitest'
import { errorPage, signInPage } from '../../../../infra/local/issuer/pages.ts'
import { signInPeople } from '../../../../infra/local/issuer/people.ts'
import type { Policy } from '../../../../lib/changes/model/policy.ts'

it('people are called as the directory calls them, else as policy.json does, and are three whoever is in it', () => {
  const people: Policy['people'] = {
    ana: { role: 'operator', jwt: ['local-operator'], email: 'ana@example.com' },
    'Zed & Co': { role: 'approver', jwt: ['other', 'local-approver'], email: 'zed@example.net' },
    more: { role: 'approver', jwt: ['someone'] },
  }
  expect(signInPeople({ people })).toEqual([
    { subject: 'local-viewer', role: 'viewer', name: 'local-viewer' },
    { subject: 'local-operator', role: 'operator', name: 'Ana Abebe', email: 'ana@example.com' },
    { subject: 'local-approver', role: 'approver', name: 'Zed & Co', email: 'zed@example.net' },
  ])
})

it('what a name or an error says is text', () => {
  const name = '<img src=x onerror=alert(1)>'
  const page = signInPage([{ subject: 'x', role: 'viewer', name }], '/__issuer/sign-in/1')
  const error = errorPage({ gateway: 'http://127.0.0.1:1', error: name, description: name })
  for (const html of [page, error]) {
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;')
    expect(html).not.toContain('<img')
  }
})
