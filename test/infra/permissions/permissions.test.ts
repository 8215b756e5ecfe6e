/** What each function's code asks of AWS, and what the synthesized policies say to it and to all that comes near it. */
import { beforeAll, describe, expect, it } from 'vitest'
import { callsOf } from './calls.ts'
import { type Command, carriedCommands } from './carried-commands.ts'
import { Deployed } from './deployed.ts'
import { judge, type Principal } from './evaluate.ts'
import { neighboursOf } from './neighbours.ts'
import { type Request, requestsOf } from './requests.ts'

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
})
