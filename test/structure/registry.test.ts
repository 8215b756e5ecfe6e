import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { functionFile } from '../../infra/local/functions.ts'
import { isStreamed } from '../../infra/local/streaming/response-stream.ts'
import { isVerb, verbs } from '../../lib/chat/grammar/verbs.ts'
import { records } from '../../lib/composition/records.ts'
import { readEnvironment } from '../../lib/environment.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { streamed } from '../../lib/http/streamed.ts'
import type { Effect, Operation } from '../../lib/operation.ts'
import { getChange } from '../../lib/operations/changes/get-change.ts'
import { listChanges } from '../../lib/operations/changes/list-changes.ts'
import { operations } from '../../lib/operations/index.ts'
import { invoke } from '../support/events.ts'
import { gatewayForTests } from '../support/gateway.ts'
import { expectError } from '../support/refusals.ts'

const root = dirname(dirname(import.meta.dirname))
const stack = await gatewayForTests()

const routeOf = ({ method, path }: Pick<Operation, 'method' | 'path'>) => `${method} ${path}`

/** The one composition root that an effect's functions are bound to. */
const compositions: Readonly<Record<Effect, string>> = {
  read: 'lib/composition/reads.ts',
  walk: 'lib/composition/walks.ts',
  write: 'lib/composition/writes.ts',
  plan: 'lib/composition/plans.ts',
  record: 'lib/composition/records.ts',
  schedule: 'lib/composition/schedules.ts',
  inventory: 'lib/composition/inventories.ts',
  local: 'lib/composition/local.ts',
}

const described = operations.map((each) => `${each.id} ${routeOf(each)}`).sort()

describe('the registry', () => {
  it('names each operation and each route once', () => {
    expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length)
    expect(new Set(operations.map(routeOf)).size).toBe(operations.length)
  })

  it("has every operation of Genesys's License API, the one that was removed too, and our own", () => {
    expect(described).toEqual([
      'applyChange POST /v1/changes/{changeId}/apply',
      'approveChange POST /v1/changes/{changeId}/approve',
      'approveSchedule POST /v1/schedules/{scheduleId}/approve',
      'cancelChange POST /v1/changes/{changeId}/cancel',
      'createChange POST /v1/changes',
      'createReading POST /v1/readings',
      'createSchedule POST /v1/schedules',
      'deleteSchedule DELETE /v1/schedules/{scheduleId}',
      'endChange POST /v1/changes/{changeId}/end',
      'extendChange POST /v1/changes/{changeId}/extend',
      'getCapabilities GET /v1/capabilities',
      'getChange GET /v1/changes/{changeId}',
      'getChangeResults GET /v1/changes/{changeId}/results',
      'getLicenseDefinition GET /api/v2/license/definitions/{licenseId}',
      'getLicenseDefinitions GET /api/v2/license/definitions',
      'getLicenseHistory GET /v1/licenses/{licenseId}/history',
      'getLicenseOrganization GET /api/v2/license/organization',
      'getLicenseToggle GET /api/v2/license/toggles/{featureName}',
      'getLicenseUser GET /api/v2/license/users/{userId}',
      'getLicenseUsers GET /api/v2/license/users',
      'getMe GET /v1/me',
      'getOpenApi GET /v1/openapi.json',
      'getPeriod GET /v1/periods/{periodId}',
      'getReading GET /v1/readings/{readingId}',
      'getSchedule GET /v1/schedules/{scheduleId}',
      'getSeatDays GET /v1/seats/days',
      'getSeats GET /v1/seats',
      'getUserHistory GET /v1/users/{userId}/history',
      'getWrites GET /v1/writes',
      'listChanges GET /v1/changes',
      'listPeriods GET /v1/periods',
      'listSchedules GET /v1/schedules',
      'listToggles GET /v1/toggles',
      'listUsers GET /v1/users',
      'pauseChange POST /v1/changes/{changeId}/pause',
      'postLicenseInfer POST /api/v2/license/infer',
      'postLicenseInferPermissions POST /api/v2/license/infer/permissions',
      'postLicenseOrganization POST /api/v2/license/organization',
      'postLicenseToggle POST /api/v2/license/toggles/{featureName}',
      'postLicenseUsers POST /api/v2/license/users',
      'putToggle PUT /v1/toggles/{featureName}',
      'putWrites PUT /v1/writes',
      'rejectChange POST /v1/changes/{changeId}/reject',
      'rejectSchedule POST /v1/schedules/{scheduleId}/reject',
      'resumeChange POST /v1/changes/{changeId}/resume',
      'retryChange POST /v1/changes/{changeId}/retry',
      'settleChange POST /v1/changes/{changeId}/settle',
      'undoChange POST /v1/changes/{changeId}/undo',
    ])
  })

  it('has every file of lib/operations that declares one', () => {
    const declaring = globSync('lib/operations/**/*.ts', { cwd: root }).filter((file) =>
      /= defineOperation\(/.test(readFileSync(join(root, file), 'utf8')),
    )
    const names = declaring.map((file) => basename(file, '.ts')).sort()
    expect(names).toEqual(operations.map(({ id }) => basename(functionFile(id), '.ts')).sort())
  })

  it('gives what a second person decides, and the stop switch, to approvers, what else is put on record to operators, and the rest to viewers', () => {
    const approving = ['approveChange', 'approveSchedule', 'putWrites', 'rejectChange', 'rejectSchedule']
    for (const { id, method, effect, role } of operations) {
      const records = method !== 'GET' && effect !== 'read'
      expect([id, role]).toEqual([id, approving.includes(id) ? 'approver' : records ? 'operator' : 'viewer'])
    }
  })

  it('changes and records nothing by a GET', () => {
    const writing = operations.filter(({ effect }) => effect === 'write' || effect === 'schedule')
    expect(writing.filter(({ method }) => method === 'GET')).toEqual([])
  })
})

describe('what is typed in chat', () => {
  const declared = operations.flatMap(({ chat = [] }) => chat)
  const wordsOf = (typed: string) => typed.split(' ')

  it('is declared by an operation for every verb but help, and no operation declares another', () => {
    const verbsDeclared = new Set(declared.map((typed) => wordsOf(typed)[0]))
    expect([...verbsDeclared].sort()).toEqual(
      Object.keys(verbs)
        .filter((verb) => verb !== 'help')
        .sort(),
    )
  })

  it('is declared once, so that one operation says who may', () => {
    expect(new Set(declared).size).toBe(declared.length)
  })

  it.each(declared)('%s is in the usage of its verb, word by word', (typed) => {
    const [verb = '', ...others] = wordsOf(typed)
    const usage = isVerb(verb) ? verbs[verb].usage : ''
    expect(usage.split(/[^a-z]+/)).toEqual(expect.arrayContaining([verb, ...others]))
  })

  it('changes something only for operators', () => {
    const looking = ['read', 'record', 'inventory']
    const wishes = operations.filter(({ chat, effect }) => chat && !looking.includes(effect))
    expect(wishes.flatMap(({ chat = [] }) => chat)).toEqual([
      'grant',
      'revoke',
      'toggle on',
      'toggle off',
      'confirm',
      'end',
      'resume id',
      'retry',
      'undo',
      'settle',
    ])
    expect(new Set(wishes.map(({ role }) => role))).toEqual(new Set(['operator']))
  })
})

describe('the functions', () => {
  it('are one file for each operation, the authorizer, the rotation, one for each event, three for chat, and the page', () => {
    const files = globSync('functions/**/*.ts', { cwd: root }).map((file) => join(root, file))
    const others = [
      'functions/events/advance-due-changes.ts',
      'functions/events/take-inventory.ts',
      'functions/events/take-turns.ts',
      'functions/chat/run-command.ts',
      'functions/chat/slack.ts',
      'functions/chat/teams.ts',
      'functions/credentials/rotate-token.ts',
      'functions/gateway/authorize.ts',
      'functions/events/fire-schedule.ts',
      'functions/events/flip-toggle.ts',
      'functions/events/write-audit.ts',
      'functions/page/get-page.ts',
    ]
    const expected = [
      ...operations.map(({ id }) => functionFile(id)),
      ...others.map((file) => join(root, file)),
    ]
    expect(files.sort()).toEqual(expected.sort())
  })

  it('stand, as their declarations do, in the folder named by the first word of the route', () => {
    const aboutItself = ['capabilities', 'openapi.json']
    const folderOf = ({ path }: Operation) => {
      const [, first = ''] = /^\/(?:v1|api\/v2)\/([^/]+)/.exec(path) ?? []
      return aboutItself.includes(first) ? 'gateway' : first
    }
    for (const operation of operations) {
      const file = relative(join(root, 'functions'), functionFile(operation.id))
      expect([operation.id, dirname(file)]).toEqual([operation.id, folderOf(operation)])
      expect([operation.id, existsSync(join(root, 'lib/operations', file))]).toEqual([operation.id, true])
    }
    const folders = new Set(globSync('functions/*/', { cwd: root }).map((folder) => basename(folder)))
    expect([...folders].sort()).toEqual(
      [...new Set([...operations.map(folderOf), 'gateway', 'events', 'chat', 'credentials', 'page'])].sort(),
    )
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

  it('stream where their operation has files, marked as Lambda wants them, and no others', async () => {
    for (const { id, files } of operations) {
      const { handler } = await import(functionFile(id))
      expect([id, isStreamed(handler)]).toEqual([id, files !== undefined])
    }
  })

  it('are made by the one that their operation asks for, or do not load', () => {
    const composition = records(readEnvironment())
    expect(() => lambda(listChanges, composition)).toThrow('must be made by streamed()')
    expect(() => streamed(getChange, composition)).toThrow('must be made by lambda()')
  })

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
    for (const { id, effect, files } of operations) {
      const carried = carriedBy.get(basename(functionFile(id), '.ts')) ?? []
      const among = (files: readonly string[]) => files.filter((file) => carried.includes(file))
      expect([id, among(Object.values(compositions))]).toEqual([id, [compositions[effect]]])
      expect([id, carried.includes('lib/genesys/send-write.ts')]).toEqual([id, effect === 'write'])
      const isTokenRead = carried.includes('lib/credentials/access-tokens.ts')
      expect([id, isTokenRead]).toEqual([id, ['read', 'walk', 'write', 'plan'].includes(effect)])
      const hasLedger = carried.some((file) => file.startsWith('lib/ledger/'))
      expect([id, hasLedger]).toEqual([id, !['read', 'local'].includes(effect)])
      expect([id, carried.filter((file) => /^(infra|test)\//.test(file))]).toEqual([id, []])
      // What writes files is in no other bundle.
      const streams = among([
        'lib/http/streamed.ts',
        'lib/http/files/outgoing-file.ts',
        'lib/http/files/encode-rows.ts',
      ])
      expect([id, streams.length]).toEqual([id, files ? 3 : 0])
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
