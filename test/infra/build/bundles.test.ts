/** What a build makes of all functions. */
import { execFile } from 'node:child_process'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { codeOf } from '../../../infra/build/code-of.ts'
import { eventFunctionNames, operationNames, Synthesized } from '../synthesized.ts'
import { built, builtDirectory, lines } from './all-bundles.ts'

const run = promisify(execFile)
const ROOT = resolve(import.meta.dirname, '../../..')

describe('the bundles', () => {
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
    expect(JSON.parse(await readFile(join(builtDirectory, 'package.json'), 'utf8'))).toEqual({
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
    const functions = stack.lambdaNames().map((name) => ({
      name,
      file: join(built.find((other) => other.name === name)?.directory ?? '', 'index.js'),
      environment: stack.environmentOf(name),
    }))
    const list = join(builtDirectory, 'functions.json')
    await writeFile(list, JSON.stringify(functions))
    // One process for all: each bundle is whole in itself, and sees no variable but its own.
    const script = `const said = {}
    for (const { name, file, environment } of JSON.parse(require('fs').readFileSync(${JSON.stringify(list)}, 'utf8'))) {
      for (const variable of Object.keys(process.env)) delete process.env[variable]
      Object.assign(process.env, environment)
      try { said[name] = typeof require(file).handler } catch (error) { said[name] = String(error) }
    }
    console.log(JSON.stringify(said))
    process.exit()`
    const { stdout } = await run(process.execPath, ['--eval', script], { env: {} })
    expect(JSON.parse(stdout)).toEqual(Object.fromEntries(functions.map(({ name }) => [name, 'function'])))
  })

  it('are found by name, and a missing one is named', () => {
    expect(codeOf(built)('get-license-user')).toBeDefined()
    expect(() => codeOf(built)('get-license-seat')).toThrow(
      'There is no file functions/*/get-license-seat.ts.',
    )
  })
})
