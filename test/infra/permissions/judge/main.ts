/**
 * `npm run judge:iam`: the calls of every function, of the services and all their neighbours, judged by the evaluator of the
 * tests and by a second one that others wrote. Prints what each said, and ends with 1 where they disagree, or where a call
 * is denied or a neighbour allowed.
 */
import { parsedArgs, runCommand } from '../../../../infra/local/usage.ts'
import { callsOf } from '../calls.ts'
import { carriedCommands } from '../carried-commands.ts'
import { Deployed } from '../deployed.ts'
import { type Call, judge } from '../evaluate.ts'
import { neighboursOf } from '../neighbours.ts'
import { requestsOf } from '../requests.ts'
import { serviceCallsOf } from '../services.ts'
import { simulatorOf } from './simulator.ts'

/** Everything at once: both chats, and a bus with a policy of its own. */
const KIND = 'chat'

interface Asked {
  readonly who: string
  readonly calls: readonly Call[]
  readonly neighbours: readonly Call[]
}

await runCommand(async () => {
  parsedArgs(
    { args: process.argv.slice(2), options: {} },
    'npm run judge:iam\njudges the calls of every function by the tests’ evaluator and by iam-simulate',
  )
  const simulate = await simulatorOf(console.error)
  const deployed = new Deployed(KIND)
  const faults: string[] = []
  console.log(
    `${'who'.padEnd(34)}${'calls'.padStart(8)}${'neighbours'.padStart(12)}   the tests' judge, then iam-simulate`,
  )
  for (const { who, calls, neighbours } of await askedOf(deployed)) {
    const counts = { ours: [0, 0], theirs: [0, 0] }
    for (const [index, list] of [calls, neighbours].entries()) {
      for (const call of list) {
        const [ours, theirs] = [judge(deployed.policies, call), await simulate(deployed.policies, call)]
        counts.ours[index] = (counts.ours[index] ?? 0) + Number(ours === 'allowed')
        counts.theirs[index] = (counts.theirs[index] ?? 0) + Number(theirs === 'allowed')
        const wanted = index === 0 ? 'allowed' : 'denied'
        if (ours === wanted && theirs === wanted) continue
        faults.push(
          `${who}: ${call.action} on ${call.resource} with ${JSON.stringify(call.context)} is to be ${wanted}; the tests' judge says ${ours}, iam-simulate ${theirs}`,
        )
      }
    }
    const said = ([yes, no]: readonly number[]) => `${yes} and ${no} allowed`
    console.log(
      `${who.padEnd(34)}${String(calls.length).padStart(8)}${String(neighbours.length).padStart(12)}   ${said(counts.ours)}, ${said(counts.theirs)}`,
    )
  }
  for (const fault of faults) console.error(fault)
  console.log(faults.length === 0 ? 'Both judges agree.' : `${faults.length} faults.`)
  if (faults.length > 0) process.exitCode = 1
})

async function askedOf(deployed: Deployed): Promise<readonly Asked[]> {
  const r = requestsOf(deployed)
  const all = neighboursOf(deployed, r)
  const carried = await carriedCommands()
  const functions = deployed.stack.lambdaNames().map((name): Asked => {
    const principal = { kind: 'role', id: deployed.roleArnOf(name) } as const
    const calls = callsOf(name, carried.get(name) ?? new Set(), deployed, r)
    const made = new Set(calls.map((call) => JSON.stringify(call)))
    const neighbours = all.filter((call) => !made.has(JSON.stringify(call)))
    const by = (requests: typeof calls) => requests.map((request) => ({ principal, ...request }))
    return { who: name, calls: by(calls), neighbours: by(neighbours) }
  })
  const services = serviceCallsOf(deployed)
  return [
    ...functions,
    {
      who: 'services of AWS',
      calls: services.map(({ call }) => call),
      neighbours: services.flatMap(({ neighbours }) => neighbours),
    },
  ]
}
