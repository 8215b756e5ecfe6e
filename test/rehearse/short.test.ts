/** The beginning of `npm run rehearse`: a bundle of each kind starts with what its template gives it, and answers one event. */
import { globSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { builtBundles } from '../support/stacks/built-bundles.ts'
import { faultsAfter, faultsLeftBy, play, playAll } from './rehearsal.ts'
import { putCredentials } from './scenes/triggers.ts'
import type { DeployedFunction } from './template/deployment.ts'
import { type Stage, startStage } from './world/stage.ts'

/** Their functions are each made in a way of its own; those of another folder are alike, made of their operations. */
const OF_THEIR_OWN: readonly string[] = ['chat', 'credentials', 'events', 'gateway', 'page']

/** A process each, which takes 0.2 s of a core: of functions that are alike the first and the last. */
const played = [
  ...Map.groupBy(globSync('*/*.ts', { cwd: join(import.meta.dirname, '../../functions') }).sort(), dirname),
].flatMap(([folder, files]) =>
  files
    .filter((_, at) => OF_THEIR_OWN.includes(folder) || at === 0 || at === files.length - 1)
    .map((file) => basename(file, '.ts')),
)

let stage: Stage

beforeAll(async () => {
  const { functions } = await builtBundles()
  stage = await startStage('jwt', functions)
})

afterAll(async () => {
  await stage.close()
})

describe('the deployed bundles, each in a process of its own under Lambda’s Runtime API', () => {
  it('start with what their template gives them, ask the hosts that they would ask, and answer', async () => {
    await putCredentials(stage)
    expect(played.length).toBeGreaterThan(20)
    expect(await playAll(stage, played)).toEqual([])
  })

  it('have written lines of JSON with level, time and request id, and asked nobody else', () => {
    expect([...stage.containers.values()].flatMap(({ output }) => output.lines).length).toBeGreaterThan(20)
    expect(faultsAfter(stage)).toEqual([])
  })
})

describe('the rehearsal notices', () => {
  const template = () => {
    const found = stage.deployment.functions.find(({ name }) => name === 'get-license-user')
    if (found === undefined) throw new Error('The template has no get-license-user')
    return found
  }
  const code = async (text: string) => {
    const directory = await mkdtemp(join(tmpdir(), 'gateway-code-'))
    onTestFinished(() => rm(directory, { recursive: true }))
    const real = JSON.stringify(join(template().codeDirectory, 'index.js'))
    await writeFile(join(directory, 'index.js'), `const { handler } = require(${real})\n${text}`)
    return directory
  }
  /** What is said of the function, changed so. */
  const faultsWith = async (change: Partial<DeployedFunction>) => {
    const container = await stage.start({ ...template(), ...change })
    const faults = await play(stage, container)
    await container.stop()
    return [...faults, ...faultsLeftBy(container)].join('\n')
  }

  it('a handler that is not there', async () => {
    expect(await faultsWith({ handler: 'index.handle' })).toMatch(
      /get-license-user: .*Runtime\.HandlerNotFound: index\.handle is undefined/,
    )
  })

  it('a variable that is missing', async () => {
    const { READ_TOKEN_SECRET: _, ...variables } = template().variables
    expect(await faultsWith({ variables })).toContain(
      'The environment variable READ_TOKEN_SECRET must be set',
    )
  })

  it('a host that a function has nothing to ask', async () => {
    const variables = { ...template().variables, GENESYS_REGION: 'eu_west_1' }
    expect(await faultsWith({ variables })).toContain('get-license-user: asked api.mypurecloud.ie')
  })

  it('a line that nobody could find', async () => {
    const codeDirectory = await code("process.stdout.write('found it\\n'); exports.handler = handler")
    expect(await faultsWith({ codeDirectory })).toBe('get-license-user: wrote found it')
  })

  it('an invocation that Lambda has to end', async () => {
    const codeDirectory = await code(
      'exports.handler = () => new Promise(() => setInterval(() => {}, 1_000))',
    )
    expect(await faultsWith({ codeDirectory, timeoutSeconds: 0.2 })).toContain('ended by its time-out')
  })

  it('what goes on behind a handler and fails', async () => {
    const codeDirectory = await code(
      "exports.handler = () => { Promise.reject(new Error('unwatched')); return new Promise(() => {}) }",
    )
    expect(await faultsWith({ codeDirectory })).toContain('Runtime.UnhandledPromiseRejection: unwatched')
  })

  it('more memory than a function has', async () => {
    const codeDirectory = await code(
      'globalThis.held = Buffer.alloc(90_000_000, 1); exports.handler = handler',
    )
    expect(await faultsWith({ codeDirectory, memoryMb: 128 })).toMatch(/held \d+ MB of 128/)
  })
})
