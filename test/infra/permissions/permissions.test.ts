/** What each function's code asks of AWS, and what the synthesized policies say to it and to all that comes near it. */
import { beforeAll, describe, expect, it } from 'vitest'
import { callsOf } from './calls.ts'
import { type Command, carriedCommands } from './carried-commands.ts'
import { Deployed } from './deployed.ts'
import { judge, type Principal } from './evaluate.ts'
import { neighboursOf } from './neighbours.ts'
import { type Request, requestsOf } from './requests.ts'
import { ACCOUNT } from './resource-names.ts'
import { serviceCallsOf } from './services.ts'
import { variablesOf } from './told.ts'
import { usesOf } from './uses.ts'

let carried: ReadonlyMap<string, ReadonlySet<Command>>
beforeAll(async () => {
  carried = await carriedCommands()
})

/** As text, for a list of them that can be read. */
function toldOf({ action, resource, context }: Request): string {
  return `${action} ${resource} ${JSON.stringify(context)}`
}

describe.each(['chat', 'slack'] as const)('the stack of %s', (kind) => {
  const deployed = new Deployed(kind)
  const r = requestsOf(deployed)
  const neighbours = neighboursOf(deployed, r)

  it.each(deployed.stack.lambdaNames())('lets %s make the calls of its code, and no others', (name) => {
    const principal: Principal = { kind: 'role', id: deployed.roleArnOf(name) }
    const isAllowed = (each: Request) => judge(deployed.policies, { principal, ...each }) === 'allowed'
    const calls = callsOf(name, carried.get(name) ?? new Set(), deployed, r)
    expect(calls.filter((each) => !isAllowed(each)).map(toldOf)).toEqual([])
    const made = new Set(calls.map(toldOf))
    expect(
      neighbours
        .filter(isAllowed)
        .map(toldOf)
        .filter((each) => !made.has(each)),
    ).toEqual([])
  })

  it('tells each function the names of what it uses, as its role has them', () => {
    for (const name of deployed.stack.lambdaNames()) {
      const told = deployed.environmentOf(name)
      for (const [variable, value] of variablesOf(usesOf(name), deployed))
        expect(told.get(variable), `${variable} of ${name}`).toBe(value)
    }
  })

  it('lets services of AWS do what its resources have them do, and nobody else in their place', () => {
    const refused: string[] = []
    const letIn: string[] = []
    for (const { title, call, neighbours: others } of serviceCallsOf(deployed)) {
      if (judge(deployed.policies, call) === 'denied') refused.push(title)
      for (const other of others)
        if (judge(deployed.policies, other) === 'allowed') letIn.push(`${title}: ${toldOf(other)}`)
    }
    expect({ refused, letIn }).toEqual({ refused: [], letIn: [] })
  })

  it('lets schedules call fire-schedule, put what they cannot deliver, and nothing else', () => {
    const principal: Principal = { kind: 'role', id: deployed.scheduleRole() }
    expect(
      neighbours
        .filter((each) => judge(deployed.policies, { principal, ...each }) === 'allowed')
        .map(({ action, resource }) => [action, resource]),
    ).toEqual([
      ['sqs:SendMessage', r.queue],
      ['lambda:InvokeFunction', deployed.functionArn('fire-schedule')],
    ])
  })
})

describe('a tool that the org file names', () => {
  const deployed = new Deployed('chat')
  const r = requestsOf(deployed)
  const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`
  /** Somebody of the account who may put anything on the bus. */
  const puts = (name: string, source: string) => {
    const own = [{ Effect: 'Allow', Action: 'events:PutEvents', Resource: r.bus }]
    const policies = { ...deployed.policies, ofRoles: new Map([[role(name), own]]) }
    const request = r.events(r.bus, [source, 'anybody'], ['License Toggle Requested'])
    return judge(policies, { principal: { kind: 'role', id: role(name) }, ...request })
  }

  it('alone puts events of its sources', () => {
    expect(puts('planner', 'workforce.planning')).toBe('allowed')
    expect(puts('somebody', 'workforce.planning')).toBe('denied')
    expect(puts('planner-2', 'workforce.night')).toBe('denied')
    expect(puts('somebody', 'elsewhere')).toBe('allowed')
  })
})
