/**
 * How many of the project's sources a reader meets who follows one request. Three walks are gone on the laptop's stack,
 * each with its functions in processes of their own, where what they load and pass is counted. What else it takes (the
 * org, the stand-ins for AWS and Slack, API Gateway with its authorizer) is here, and counts for nothing.
 */
import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { type Functions, functionFile, loadFunctions } from '../../../infra/local/functions.ts'
import { type LocalStack, startLocal } from '../../../infra/local/stack.ts'
import type { Counted, Order, Told } from './container.ts'

const root = dirname(dirname(dirname(import.meta.dirname)))

interface Walk {
  readonly name: string
  /** The functions that serve it, by their files' names. */
  readonly functions: readonly string[]
  /** So many sources it should pass at most. */
  readonly aim: number
  /** Goes it. @throws Error where it did not come to what it is for. */
  readonly go: (stack: LocalStack) => Promise<void>
}

export type WalkName = keyof typeof WALKS

const WALKS = {
  read: {
    name: 'GET /api/v2/license/users/{userId}',
    functions: ['get-license-user'],
    aim: 30,
    async go(stack) {
      const [userId = ''] = Object.keys(truthOf(stack).users)
      await ask(stack, `/api/v2/license/users/${userId}`)
    },
  },
  toggle: {
    name: 'PUT /v1/toggles/{featureName}',
    functions: ['put-toggle'],
    aim: 55,
    async go(stack) {
      const [name = ''] = Object.entries(truthOf(stack).toggles).find(([, isOn]) => !isOn) ?? []
      await ask(stack, `/v1/toggles/${name}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
        body: JSON.stringify({ enabled: true }),
      })
      if (!truthOf(stack).toggles[name]) throw new Error(`The toggle ${name} was not switched on`)
    },
  },
  grant: {
    name: 'Slack: grant, then Confirm',
    functions: ['slack', 'run-command'],
    aim: 90,
    async go(stack) {
      const { chat, aws } = stack
      const [{ id, email } = {}] = stack.org?.people(1) ?? []
      if (!chat || id === undefined) throw new Error('This walk needs the chats and somebody in the org')
      await chat.say('slack', 'local-operator', `/license grant wallboardUser to ${email}`)
      await aws.idle()
      await chat.press('local-operator', 'Confirm')
      await aws.idle()
      if (!truthOf(stack).users[id]?.includes('wallboardUser')) {
        const { messages } = chat.seen('slack', 'local-operator', 0)
        throw new Error(`Nothing was granted: ${JSON.stringify(messages.map(({ parts }) => parts))}`)
      }
    },
  },
} as const satisfies Readonly<Record<string, Walk>>

export interface Walked extends Counted {
  readonly name: string
  readonly aim: number
}

/** Goes walks one after the other, all by default. Once a process, as the stack is; the functions' log goes nowhere. */
export async function countWalks(
  names: readonly WalkName[] = ['read', 'toggle', 'grant'],
): Promise<readonly Walked[]> {
  const directory = mkdtempSync(join(tmpdir(), 'walks-'))
  const containers = new Map<string, GenesysBinding>()
  const stack = await startLocal({
    directory,
    // As upstream's toggles were while they switched, so that there is a change to carry out.
    org: { users: 60, toggles: 'legacy' },
    load: async (runtime, hasChat) => inContainers(await loadFunctions(runtime, hasChat), containers),
    writeLine: () => {},
  })
  try {
    const walked: Walked[] = []
    for (const name of names) walked.push(await countWalk(WALKS[name], stack, containers))
    return walked
  } finally {
    await stack.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** @param containers where the stack looks for those of the walk that is gone. */
async function countWalk(
  { name, aim, functions, go }: Walk,
  stack: LocalStack,
  containers: Map<string, GenesysBinding>,
): Promise<Walked> {
  try {
    for (const each of functions) containers.set(each, startContainer(each))
    const own = [...containers.values()]
    // Loaded before: Slack does not wait for sources that are read one by one.
    await Promise.all(own.map(({ ready }) => ready))
    await go(stack)
    // What one walk puts on the bus is no part of the next.
    await stack.aws.idle()
    const counts = await Promise.all(own.map(({ count }) => count()))
    const union = (of: keyof Counted) => [...new Set(counts.flatMap((each) => each[of]))].sort()
    return { name, aim, loaded: union('loaded'), passed: union('passed') }
  } finally {
    for (const { stop } of containers.values()) stop()
    containers.clear()
  }
}

/** The stack's functions; those that have a container are invoked there. */
function inContainers(here: Functions, containers: ReadonlyMap<string, GenesysBinding>): Functions {
  /** What the process hands back was made by the very function whose place it takes. */
  const apart = <F extends (...args: never[]) => Promise<unknown>>(name: string, otherwise: F) =>
    ((...args: Parameters<F>) => containers.get(name)?.invoke(args[0]) ?? otherwise(...args)) as F
  return {
    ...here,
    functionOf: (id) => apart(basename(functionFile(id), '.ts'), here.functionOf(id)),
    chat: here.chat && {
      slack: apart('slack', here.chat.slack),
      teams: here.chat.teams,
      runCommand: apart('run-command', here.chat.runCommand),
    },
  }
}

interface GenesysBinding {
  /** When the function is loaded. */
  readonly ready: Promise<void>
  readonly invoke: (event: unknown) => Promise<unknown>
  /** What all that was invoked has loaded and passed. To be asked once. */
  readonly count: () => Promise<Counted>
  readonly stop: () => void
}

function startContainer(name: string): GenesysBinding {
  const [file] = globSync(`functions/**/${name}.ts`, { cwd: root })
  if (file === undefined) throw new Error(`There is no function ${name}`)
  const child = fork(join(import.meta.dirname, 'container.ts'), [join(root, file)], {
    // Whatever this process was started with is not for that one.
    execArgv: [],
    serialization: 'advanced',
    // Not its log.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ready = Promise.withResolvers<void>()
  const orders: PromiseWithResolvers<unknown>[] = []
  child.on('message', (message) => {
    const told = message as Told
    if (told.kind === 'ready') ready.resolve()
    else if (told.kind === 'done') orders[told.number]?.resolve(told.answer)
    else orders[told.number]?.reject(told.error)
  })
  child.once('exit', (code) => {
    const error = new Error(`The process of ${name} ended with ${code}`)
    for (const { reject } of [ready, ...orders]) reject(error)
  })
  const done = (orderOf: (number: number) => Order) => {
    const order = Promise.withResolvers<unknown>()
    child.send(orderOf(orders.push(order) - 1))
    return order.promise
  }
  return {
    ready: ready.promise,
    invoke: (event) => done((number) => ({ kind: 'invoke', number, event })),
    count: async () => (await done((number) => ({ kind: 'count', number }))) as Counted,
    stop: () => void (child.connected && child.disconnect()),
  }
}

function truthOf({ org }: LocalStack) {
  if (!org) throw new Error('The walks need the embedded org')
  return org.truth()
}

/** @throws Error where it does not answer 200. */
async function ask({ gateway, tokens }: LocalStack, path: string, init: RequestInit = {}): Promise<void> {
  const headers = { ...init.headers, authorization: `Bearer ${tokens.operator}` }
  const response = await fetch(`${gateway}${path}`, { ...init, headers })
  const text = await response.text()
  if (response.status !== 200) throw new Error(`${path} answered ${response.status}: ${text}`)
}
