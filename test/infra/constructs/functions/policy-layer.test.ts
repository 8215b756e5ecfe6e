import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Policy } from '../../../../lib/changes/model/policy.ts'
import { orgs } from '../../orgs/test-orgs.ts'
import { eventFunctionNames, flat, listOf, operationNames, Synthesized } from '../../synthesized.ts'

const stack = new Synthesized('jwt')

describe('the rules of the org file', () => {
  const layer = `<${stack.only('AWS::Lambda::LayerVersion').id}>`

  it('reach the functions as the file they read', () => {
    const content = Policy.parse(JSON.parse(readFileSync(stack.policyFile(), 'utf8')))
    expect(content).toEqual({ people: orgs.jwt.people, approvals: orgs.jwt.approvals })
  })

  it('have what the contract has of each license in one table, the older one included', () => {
    const { licenses } = Policy.parse(JSON.parse(readFileSync(new Synthesized('chat').policyFile(), 'utf8')))
    expect(licenses).toEqual({ ...orgs.chat.licenses, wallboardUser: { seats: 5 } })
  })

  it('are there too where the org file has none', () => {
    const without = new Synthesized('jwtPrivate').policyFile()
    expect(Policy.parse(JSON.parse(readFileSync(without, 'utf8')))).toEqual({ people: {}, approvals: [] })
  })

  it('are with the functions that record or apply changes, and with no other', () => {
    const having = stack
      .lambdaNames()
      .filter((name) => listOf(stack.lambda(name).properties['Layers']).map(flat).includes(layer))
    const recording = operationNames.filter(
      ({ operation }) => !['read', 'walk', 'local'].includes(operation.effect),
    )
    expect([...having].sort()).toEqual([...recording.map(({ name }) => name), ...eventFunctionNames].sort())
  })
})
