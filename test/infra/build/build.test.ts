import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BuildError } from '../../../infra/build/build-error.ts'
import { build } from '../../../infra/build/bundles.ts'

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

describe('a build fails', () => {
  it("where a read's bundle is too large, and says by how much", async () => {
    const large = `export const handler = () => ${JSON.stringify('x'.repeat(220_000))}`
    await expect(buildOf('large', { 'license/get-license-user.ts': large })).rejects.toThrow(
      /^The bundle of get-license-user has 220\d{3} bytes; a read's may have 220000\.$/,
    )
    await expect(buildOf('other', { 'credentials/rotate-token.ts': large })).resolves.toHaveLength(1)
  })

  it.each([
    ['slack', /^The bundle of slack has 240\d{3} bytes; Slack's webhook's may have 240000\.$/],
    ['teams', /^The bundle of teams has 240\d{3} bytes; Teams' webhook's may have 240000\.$/],
  ])('where the bundle of the webhook %s is too large, and says by how much', async (name, message) => {
    const large = `export const handler = () => ${JSON.stringify('x'.repeat(240_000))}`
    await expect(buildOf(`large-${name}`, { [`chat/${name}.ts`]: large })).rejects.toThrow(message)
  })

  it('where the bundle of write-audit is too large, and says by how much', async () => {
    const large = `export const handler = () => ${JSON.stringify('x'.repeat(290_000))}`
    await expect(buildOf('large-audit', { 'events/write-audit.ts': large })).rejects.toThrow(
      /^The bundle of write-audit has 290\d{3} bytes; the audit writer's may have 290000\.$/,
    )
  })

  it('where a bundle carries what serves the laptop or the tests', async () => {
    const imports = ['infra/constructs/names.ts', 'test/infra/constructs/api/arn-patterns.ts']
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
