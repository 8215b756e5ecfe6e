import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { policyFile } from '../../infra/local/policy-file.ts'
import { gatewayForTests } from '../support/gateway.ts'
import { sendExample, stateOf } from './sent-examples.ts'

const directory = mkdtempSync(join(tmpdir(), 'gateway-'))
const { path, policy } = policyFile(directory)
writeFileSync(path, JSON.stringify({ ...policy, approvals: [{ licenses: ['*'] }] }))
const stack = await gatewayForTests({ directory })
const send = (id: string) => sendExample(stack, id)

describe('the examples of the document, where a second person must approve', () => {
  it('plan a change, approve it and take it back', async () => {
    expect(stateOf(await send('createChange'))).toBe('AWAITING_APPROVAL')
    expect(stateOf(await send('approveChange'))).toBe('APPLIED')
    expect(stateOf(await send('undoChange'))).toBe('AWAITING_APPROVAL')
  })

  it('can be rejected instead', async () => {
    await send('createChange')
    const rejected = await send('rejectChange')
    expect(rejected.json).toMatchObject({ state: 'REJECTED', approval: { reason: 'Not during the freeze' } })
  })
})
