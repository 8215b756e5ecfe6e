import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { functionFile } from '../../infra/local/functions.ts'
import type { Operation } from '../../lib/operation.ts'
import { operations } from '../../lib/operations/index.ts'
import { invoke } from '../support/events.ts'
import { gatewayForTests } from '../support/gateway.ts'
import { expectError } from '../support/refusals.ts'

const root = dirname(dirname(import.meta.dirname))
const stack = await gatewayForTests({ org: { users: 1 } })

const routeOf = ({ method, path }: Pick<Operation, 'method' | 'path'>) => `${method} ${path}`
const described = operations.map((each) => `${each.id} ${routeOf(each)}`).sort()

describe('the registry', () => {
  it('names each operation and each route once', () => {
    expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length)
    expect(new Set(operations.map(routeOf)).size).toBe(operations.length)
  })

  it("has every operation of Genesys's License API, the one that was removed too, and our own", () => {
    expect(described).toEqual([
      'getLicenseDefinition GET /api/v2/license/definitions/{licenseId}',
      'getLicenseDefinitions GET /api/v2/license/definitions',
      'getLicenseOrganization GET /api/v2/license/organization',
      'getLicenseToggle GET /api/v2/license/toggles/{featureName}',
      'getLicenseUser GET /api/v2/license/users/{userId}',
      'getLicenseUsers GET /api/v2/license/users',
      'getOpenApi GET /v1/openapi.json',
      'postLicenseInfer POST /api/v2/license/infer',
      'postLicenseInferPermissions POST /api/v2/license/infer/permissions',
      'postLicenseOrganization POST /api/v2/license/organization',
      'postLicenseToggle POST /api/v2/license/toggles/{featureName}',
      'postLicenseUsers POST /api/v2/license/users',
    ])
  })

  it('has every file of lib/operations that declares one', () => {
    const declaring = globSync('lib/operations/*.ts', { cwd: root }).filter((file) =>
      /= defineOperation\(/.test(readFileSync(join(root, file), 'utf8')),
    )
    const names = declaring.map((file) => basename(file, '.ts')).sort()
    expect(names).toEqual(operations.map(({ id }) => basename(functionFile(id), '.ts')).sort())
  })

  it('gives writes to operators and up, and everything else to viewers', () => {
    for (const { id, effect, role } of operations) {
      expect([id, role]).toEqual([id, effect === 'write' ? 'operator' : 'viewer'])
    }
  })
})

describe('the functions', () => {
  it('are one file for each operation, and the authorizer', () => {
    const files = globSync('functions/{license,gateway}/*.ts', { cwd: root }).map((file) => join(root, file))
    const expected = [
      ...operations.map(({ id }) => functionFile(id)),
      join(root, 'functions/gateway/authorize.ts'),
    ]
    expect(files.sort()).toEqual(expected.sort())
  })

  it.each(operations.map(({ id }) => id))(
    'of %s exports the whole chain: an empty event is a 400',
    async (id) => {
      expectError(await invoke(id, {}), {
        status: 400,
        code: 'bad.request',
        details: [['$event', 'UNSUPPORTED_EVENT']],
      })
      expect(stack.logged.map((line) => JSON.parse(line))).toMatchObject([
        { code: 'request.served', operation: id, status: 400 },
      ])
    },
  )

  it("are bound to what their effect allows: a read's bundle has no way to write, a local one no token", async () => {
    const entryPoints = operations.map(({ id }) => functionFile(id))
    const { metafile } = await build({
      absWorkingDir: root,
      entryPoints,
      bundle: true,
      metafile: true,
      write: false,
      outdir: 'unwritten',
      platform: 'node',
      packages: 'external',
    })
    const carriedBy = new Map(
      Object.values(metafile.outputs).map(({ entryPoint = '', inputs }) => [
        basename(entryPoint, '.ts'),
        Object.keys(inputs),
      ]),
    )
    const writing = ['lib/composition/writes.ts', 'lib/changes/send-once.ts', 'lib/genesys/writes.ts']
    const reading = ['lib/composition/reads.ts']
    for (const { id, effect } of operations) {
      const carried = carriedBy.get(basename(functionFile(id), '.ts')) ?? []
      const has = (files: readonly string[]) => files.filter((file) => carried.includes(file))
      expect([id, has(writing)]).toEqual([id, effect === 'write' ? writing : []])
      expect([id, has(reading)]).toEqual([id, effect === 'read' ? reading : []])
      const isTokenRead = carried.includes('lib/credentials/access-token.ts')
      expect([id, isTokenRead]).toEqual([id, effect !== 'local'])
      expect([id, carried.filter((file) => /^(infra|test)\//.test(file))]).toEqual([id, []])
    }
  })
})

describe('the documents', () => {
  const Document = z.object({
    paths: z.record(z.string(), z.record(z.string(), z.looseObject({ operationId: z.optional(z.string()) }))),
  })

  it('docs/openapi.json has these operations and no other', () => {
    const { paths } = Document.parse(JSON.parse(readFileSync(join(root, 'docs/openapi.json'), 'utf8')))
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([method]) => /^(get|put|post|delete|options|head|patch|trace)$/.test(method))
        .map(([method, { operationId }]) => `${operationId} ${method.toUpperCase()} ${path}`),
    )
    expect(documented.sort()).toEqual(described)
  })

  it("the README's table has these operations and no other", () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8')
    const [, table = ''] = /<!-- operations -->\n([\s\S]*?)<!-- \/operations -->/.exec(readme) ?? []
    const rows = table
      .split('\n')
      .filter((line) => /^\| *[^-| ]/.test(line))
      .slice(1)
    const documented = rows.map((row) =>
      row.split('|').slice(1, 3).join(' ').replaceAll(/[` ]+/g, ' ').trim(),
    )
    expect(documented.sort()).toEqual(described)
  })
})
