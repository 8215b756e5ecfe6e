import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BuildError, type BuiltFunction, build, codeOf } from '../../../infra/build/bundles.ts'
import { eventFunctionNames, operationNames, Synthesized } from '../fixtures.ts'

const run = promisify(execFile)
const ROOT = resolve(import.meta.dirname, '../../..')
let scratch: string

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'gateway-build-'))
})

afterAll(() => rm(scratch, { recursive: true, force: true }))

/** Builds functions written here, `folder/name.ts` -> source. */
async function buildOf(name: string, files: Readonly<Record<string, string>>) {
  const functionsDir = join(scratch, name, 'functions')
  for (const [file, source] of Object.entries(files)) {
    await mkdir(join(functionsDir, file, '..'), { recursive: true })
    await writeFile(join(functionsDir, file), source)
  }
  return await build({ functionsDir, outDir: join(scratch, name, 'dist'), print: () => {} })
}

describe('the bundles', () => {
  let built: readonly BuiltFunction[]
  const lines: string[] = []

  beforeAll(async () => {
    built = await build({ outDir: join(scratch, 'all'), print: (line) => lines.push(line) })
  }, 60_000)

  it('are one for each operation, each event, the tick, the authorizer, the rotation, and three for chat', () => {
    const expected = [
      ...operationNames.map(({ name }) => name),
      ...eventFunctionNames,
      'authorize',
      'rotate-token',
      'run-command',
      'slack',
      'teams',
    ]
    expect(built.map(({ name }) => name).sort()).toEqual(expected.sort())
  })

  it('are each one CommonJS file alone in its folder, whose size is told', async () => {
    for (const { name, directory, bytes } of built) {
      expect(await readdir(directory)).toEqual(['index.js'])
      const code = await readFile(join(directory, 'index.js'), 'utf8')
      expect(code).toMatch(/module\.exports=/)
      expect(Buffer.byteLength(code)).toBe(bytes)
      expect(lines.some((line) => line.startsWith(`${name} `) && line.endsWith(' kB'))).toBe(true)
    }
    expect(JSON.parse(await readFile(join(scratch, 'all/package.json'), 'utf8'))).toEqual({
      type: 'commonjs',
    })
  })

  it('look for credentials in the environment alone', async () => {
    for (const { name, directory } of built) {
      const code = await readFile(join(directory, 'index.js'), 'utf8')
      const providers =
        /AWS_CONTAINER_CREDENTIALS_\w+|credential_process|sso_start_url|AWS_WEB_IDENTITY_TOKEN_FILE/.exec(
          code,
        )
      expect(providers?.[0], name).toBeUndefined()
    }
  })

  it("have no second copy of the SDK's parts that the gateway imports beside its clients", async () => {
    const { packages } = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8'))
    const parts = ['@aws-sdk/core', '@aws-sdk/credential-provider-node', '@smithy/signature-v4']
    for (const part of parts) {
      const copies = Object.keys(packages).filter((path) => path.endsWith(`node_modules/${part}`))
      expect(copies).toEqual([`node_modules/${part}`])
    }
  })

  it('start with the environment that the stack gives them', async () => {
    const stack = new Synthesized('jwt')
    for (const name of stack.lambdaNames()) {
      const file = join(built.find((other) => other.name === name)?.directory ?? '', 'index.js')
      const script = `process.stdout.write(typeof require(${JSON.stringify(file)}).handler)`
      const { stdout } = await run(process.execPath, ['-e', script], { env: stack.environmentOf(name) })
      expect(stdout, name).toBe('function')
    }
  })

  it('are found by name, and a missing one is named', () => {
    expect(codeOf(built)('get-license-user')).toBeDefined()
    expect(() => codeOf(built)('get-license-seat')).toThrow(
      'There is no file functions/*/get-license-seat.ts.',
    )
  })
})

describe('a build fails', () => {
  it("where a read's bundle is too large, and says by how much", async () => {
    const large = `export const handler = () => ${JSON.stringify('x'.repeat(220_000))}`
    await expect(buildOf('large', { 'license/get-license-user.ts': large })).rejects.toThrow(
      /^The bundle of get-license-user has 220\d{3} bytes; a read's may have 220000\.$/,
    )
    await expect(buildOf('other', { 'credentials/rotate-token.ts': large })).resolves.toHaveLength(1)
  })

  it.each([
    [
      'Slack',
      'slack',
      220_000,
      /^The bundle of slack has 220\d{3} bytes; Slack's webhook's may have 220000\.$/,
    ],
    [
      'Teams',
      'teams',
      240_000,
      /^The bundle of teams has 240\d{3} bytes; Teams' webhook's may have 240000\.$/,
    ],
  ])(
    'where the bundle of the webhook for %s is too large, and says by how much',
    async (_name, name, bytes, message) => {
      const large = `export const handler = () => ${JSON.stringify('x'.repeat(bytes))}`
      await expect(buildOf(`large-${name}`, { [`chat/${name}.ts`]: large })).rejects.toThrow(message)
    },
  )

  it('where a bundle carries what serves the laptop or the tests', async () => {
    const imports = ['infra/constructs/names.ts', 'test/infra/arn-patterns.ts']
    const source = imports.map(
      (path, index) => `export * as m${index} from ${JSON.stringify(join(ROOT, path))}`,
    )
    await expect(buildOf('laptop', { 'license/a.ts': source.join('\n') })).rejects.toThrow(
      new BuildError(imports.map((path) => `The bundle of a carries ${path}.`).join('\n')),
    )
  })

  it('where two functions share a name', async () => {
    const source = 'export const handler = () => {}'
    await expect(buildOf('shared', { 'license/a.ts': source, 'gateway/a.ts': source })).rejects.toThrow(
      'Two functions have the file name a.ts.',
    )
  })
})

describe('a build', () => {
  it('leaves nothing of the last one', async () => {
    const source = 'export const handler = () => {}'
    await buildOf('again', { 'license/a.ts': source })
    await rm(join(scratch, 'again/functions/license/a.ts'))
    expect((await buildOf('again', { 'license/b.ts': source })).map(({ name }) => name)).toEqual(['b'])
    expect(await readdir(join(scratch, 'again/dist/functions/license'))).toEqual(['b'])
  })
})
