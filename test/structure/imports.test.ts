import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import extractDepcruiseConfig from 'dependency-cruiser/config-utl/extract-depcruise-config'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { checkImports } from './imports.ts'

/** A small project in which each folder imports what it may. Files that no rule names are called one. */
const SOUND: Readonly<Record<string, string>> = {
  'package.json':
    '{ "dependencies": { "deployed": "1.0.0" }, "devDependencies": { "development": "1.0.0" } }',
  'node_modules/deployed/package.json': '{ "name": "deployed", "version": "1.0.0", "main": "index.js" }',
  'node_modules/deployed/index.js': 'exports.deployed = 1',
  'node_modules/development/package.json':
    '{ "name": "development", "version": "1.0.0", "main": "index.js" }',
  'node_modules/development/index.js': 'exports.development = 1',
  'lib/errors.ts': 'export const e = 1',
  'lib/operation.ts': "import type { P } from './changes/port.ts'\nexport type O = P",
  'lib/environment.ts': "import { r } from './genesys/regions.ts'\nexport const env = r",
  'lib/transport/request.ts': "import { e } from '../errors.ts'\nexport const request = e",
  'lib/genesys/models/ids.ts': "import { deployed } from 'deployed'\nexport const id = deployed",
  'lib/genesys/regions.ts':
    "import { request } from '../transport/request.ts'\nimport { id } from './models/ids.ts'\nexport const r = [request, id]",
  'lib/genesys/send-write.ts': "import { r } from './regions.ts'\nexport const send = r",
  'lib/people/one.ts': "import { r } from '../genesys/regions.ts'\nexport const holders = r",
  'lib/changes/model/one.ts': "import { id } from '../../genesys/models/ids.ts'\nexport const change = id",
  'lib/changes/answers/one.ts': "import { change } from '../model/one.ts'\nexport const render = change",
  'lib/changes/record/one.ts': "import { change } from '../model/one.ts'\nexport const desk = change",
  'lib/changes/plan/one.ts':
    "import { holders } from '../../people/one.ts'\nimport { desk } from '../record/one.ts'\nexport const plan = [holders, desk]",
  'lib/changes/carry-out/one.ts':
    "import { send } from '../../genesys/send-write.ts'\nimport { plan } from '../plan/one.ts'\nexport const sendOnce = [send, plan]",
  'lib/changes/decide/one.ts':
    "import { sendOnce } from '../carry-out/one.ts'\nexport const decide = sendOnce",
  'lib/changes/port.ts': "import type { change } from './model/one.ts'\nexport type P = typeof change",
  'lib/changes/one.ts':
    "import { decide } from './decide/one.ts'\nimport type { P } from './port.ts'\nexport const recorded: P = decide",
  'lib/operations/index.ts': "import type { O } from '../operation.ts'\nexport const operations: O[] = []",
  'lib/http/call.ts': "import { operations } from '../operations/index.ts'\nexport const call = operations",
  'lib/http/method-arns.ts': 'export const roles = 1',
  'lib/chat/grammar/one.ts': 'export const parse = 1',
  'lib/chat/webhook/one.ts': 'export const queued = 1',
  'lib/chat/conversation/words/one.ts': 'export const reply = 1',
  'lib/chat/conversation/asking/one.ts':
    "import { reply } from '../words/one.ts'\nexport const session = reply",
  'lib/chat/conversation/wishing/one.ts':
    "import { operations } from '../../../operations/index.ts'\nimport { session } from '../asking/one.ts'\nexport const press = [operations, session]",
  'lib/chat/conversation/one.ts':
    "import { queued } from '../webhook/one.ts'\nimport { press } from './wishing/one.ts'\nexport const platform = [queued, press]",
  'lib/chat/slack/one.ts': "import { platform } from '../conversation/one.ts'\nexport const slack = platform",
  'lib/chat/teams/one.ts': "import { platform } from '../conversation/one.ts'\nexport const teams = platform",
  'lib/chat/one.ts':
    "import { slack } from './slack/one.ts'\nimport { teams } from './teams/one.ts'\nexport const runCommand = [slack, teams]",
  'lib/aws/settings.ts': "import { request } from '../transport/request.ts'\nexport const settings = request",
  'lib/events/out.ts':
    "import { settings } from '../aws/settings.ts'\nimport type { P } from '../changes/port.ts'\nexport const out: P = settings",
  'lib/ledger/table/table.ts':
    "import { settings } from '../../aws/settings.ts'\nexport const table = settings",
  'lib/ledger/one.ts':
    "import type { P } from '../changes/port.ts'\nimport { table } from './table/table.ts'\nexport const ledger: P = table",
  'lib/credentials/token.ts':
    "import { settings } from '../aws/settings.ts'\nimport type { call } from '../http/call.ts'\nexport const token: typeof call = [settings]",
  'lib/observe/metric-names.ts': "import type { P } from '../changes/port.ts'\nexport const names: P = 1",
  'lib/composition/reads.ts':
    "import { token } from '../credentials/token.ts'\nimport { env } from '../environment.ts'\nexport const reads = [token, env]",
  'lib/composition/writes.ts':
    "import { recorded } from '../changes/one.ts'\nimport { ledger } from '../ledger/one.ts'\nexport const writes = [recorded, ledger]",
  'lib/page/browser/main.tsx':
    "import type { P } from '../../changes/port.ts'\nexport type Shown = P\nexport const main = <p>text</p>",
  'lib/page/serve/one.ts': "import { call } from '../../http/call.ts'\nexport const serve = call",
  'functions/license/get.ts':
    "import { reads } from '../../lib/composition/reads.ts'\nexport const handler = reads",
  'infra/app.ts':
    "import { development } from 'development'\nimport { roles } from '../lib/http/method-arns.ts'\nimport { names } from '../lib/observe/metric-names.ts'\nexport const app = [development, roles, names]",
  'infra/local/main.ts':
    "import { handler } from '../../functions/license/get.ts'\nimport { writes } from '../../lib/composition/writes.ts'\nexport const local = [handler, writes]",
  'test/writes.test.ts': "import { send } from '../lib/genesys/send-write.ts'\nexport const sent = send",
}

/** Rule, the file that breaks it, what that file imports. */
const FAULTS = [
  ['layer-transport', 'lib/transport/offender.ts', '../genesys/regions.ts'],
  ['layer-genesys', 'lib/genesys/offender.ts', '../people/one.ts'],
  ['layer-genesys', 'lib/genesys/offender.ts', '../changes/port.ts'],
  ['layer-people', 'lib/people/offender.ts', '../changes/port.ts'],
  ['layer-people', 'lib/people/offender.ts', '../ledger/one.ts'],
  ['layer-changes', 'lib/changes/offender.ts', '../operations/index.ts'],
  ['layer-changes', 'lib/changes/offender.ts', '../aws/settings.ts'],
  ['layer-changes', 'lib/changes/offender.ts', '../ledger/one.ts'],
  ['layer-inventory', 'lib/inventory/offender.ts', '../operations/index.ts'],
  ['layer-seats', 'lib/seats/offender.ts', '../operations/index.ts'],
  ['layer-operations', 'lib/operations/offender.ts', '../http/call.ts'],
  ['layer-operations', 'lib/operations/offender.ts', '../aws/settings.ts'],
  ['layer-http', 'lib/http/offender.ts', '../aws/settings.ts'],
  ['layer-http', 'lib/http/offender.ts', '../credentials/token.ts'],
  ['layer-http', 'lib/http/offender.ts', '../composition/reads.ts'],
  ['layer-chat', 'lib/chat/offender.ts', '../http/call.ts'],
  ['layer-events', 'lib/events/offender.ts', '../chat/one.ts'],
  ['layer-audit', 'lib/audit/offender.ts', '../operations/index.ts'],
  ['room-genesys-models', 'lib/genesys/models/offender.ts', '../regions.ts'],
  ['room-ledger-table', 'lib/ledger/table/offender.ts', '../one.ts'],
  ['room-changes-model', 'lib/changes/model/offender.ts', '../answers/one.ts'],
  ['room-changes-answers', 'lib/changes/answers/offender.ts', '../record/one.ts'],
  ['room-changes-record', 'lib/changes/record/offender.ts', '../plan/one.ts'],
  ['room-changes-plan', 'lib/changes/plan/offender.ts', '../carry-out/one.ts'],
  ['room-changes-carry-out', 'lib/changes/carry-out/offender.ts', '../decide/one.ts'],
  ['room-changes-decide', 'lib/changes/decide/offender.ts', '../one.ts'],
  ['room-chat-grammar', 'lib/chat/grammar/offender.ts', '../webhook/one.ts'],
  ['room-chat-webhook', 'lib/chat/webhook/offender.ts', '../conversation/one.ts'],
  ['room-chat-conversation', 'lib/chat/conversation/offender.ts', '../slack/one.ts'],
  ['room-chat-slack', 'lib/chat/slack/offender.ts', '../teams/one.ts'],
  ['room-chat-teams', 'lib/chat/teams/offender.ts', '../one.ts'],
  ['room-chat-conversation-words', 'lib/chat/conversation/words/offender.ts', '../asking/one.ts'],
  ['room-chat-conversation-asking', 'lib/chat/conversation/asking/offender.ts', '../wishing/one.ts'],
  ['layer-page', 'lib/page/offender.ts', '../chat/one.ts'],
  ['room-page-browser', 'lib/page/browser/offender.ts', '../serve/one.ts'],
  ['room-page-serve', 'lib/page/serve/offender.ts', '../browser/main.tsx'],
  ['browser-code', 'lib/page/browser/offender.tsx', '../../changes/one.ts'],
  ['browser-code', 'lib/page/browser/offender.ts', 'node:fs'],
  ['browser-code', 'lib/page/browser/offender.ts', 'deployed'],
  ['room-chat-conversation-wishing', 'lib/chat/conversation/wishing/offender.ts', '../one.ts'],
  ['adapter-aws', 'lib/aws/offender.ts', '../genesys/regions.ts'],
  ['adapter-ledger', 'lib/ledger/offender.ts', '../http/call.ts'],
  ['adapter-ledger', 'lib/ledger/offender.ts', '../genesys/regions.ts'],
  ['adapter-credentials', 'lib/credentials/offender.ts', '../changes/port.ts'],
  ['adapter-observe', 'lib/observe/offender.ts', '../operations/index.ts'],
  ['vocabulary', 'lib/offender.ts', './changes/port.ts'],
  ['environment', 'lib/http/offender.ts', '../environment.ts'],
  ['adapters-in-composition', 'functions/offender.ts', '../lib/credentials/token.ts'],
  ['adapters-in-composition', 'functions/offender.ts', '../lib/aws/settings.ts'],
  ['writes-through-changes', 'lib/operations/offender.ts', '../genesys/send-write.ts'],
  ['writes-through-changes', 'lib/composition/offender.ts', '../genesys/send-write.ts'],
  ['lib-stands-alone', 'lib/composition/offender.ts', '../../functions/license/get.ts'],
  ['lib-stands-alone', 'lib/composition/offender.ts', '../../infra/app.ts'],
  ['lib-stands-alone', 'lib/composition/offender.ts', '../../test/writes.test.ts'],
  ['functions-stand-on-lib', 'functions/offender.ts', '../infra/local/main.ts'],
  ['functions-stand-on-lib', 'functions/offender.ts', '../test/writes.test.ts'],
  ['infra-reads-declarations', 'infra/offender.ts', '../lib/http/call.ts'],
  ['infra-reads-declarations', 'infra/offender.ts', '../functions/license/get.ts'],
  ['stacks-without-laptop', 'infra/stacks/offender.ts', '../local/main.ts'],
  ['page-in-browser', 'infra/local/page/browser/offender.ts', '../../main.ts'],
  ['page-in-browser', 'infra/local/page/browser/offender.ts', 'node:fs'],
  ['no-import-of-tests', 'infra/offender.ts', '../test/writes.test.ts'],
  ['deployed-dependencies', 'lib/genesys/offender.ts', 'development'],
  ['deployed-dependencies', 'functions/offender.ts', 'development'],
  ['resolvable', 'lib/genesys/offender.ts', './nowhere.ts'],
  ['resolvable', 'test/offender.ts', 'not-installed'],
] as const

const FAULTS_OF_TYPES = [
  ['layer-genesys', 'lib/genesys/offender.ts', '../changes/port.ts'],
  ['layer-http', 'lib/http/offender.ts', '../observe/metric-names.ts'],
  ['room-changes-model', 'lib/changes/model/offender.ts', '../record/one.ts'],
  ['room-chat-conversation', 'lib/chat/conversation/asking/offender.ts', '../../teams/one.ts'],
  ['adapter-aws-apart', 'lib/aws/offender.ts', '../ledger/one.ts'],
  ['adapter-credentials-apart', 'lib/credentials/offender.ts', '../observe/metric-names.ts'],
  ['adapter-ledger-apart', 'lib/ledger/offender.ts', '../composition/reads.ts'],
  ['adapter-observe-apart', 'lib/observe/offender.ts', '../ledger/one.ts'],
] as const

/** Rules that take more than one import to break, each with a test of its own below. */
const OTHER_FAULTS = ['unknown-folder', 'reads-carry-no-writes', 'no-cycles']

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'imports-'))
  write(SOUND)
})

afterEach(() => {
  rmSync(root, { recursive: true })
})

function write(files: Readonly<Record<string, string>>, tree = root): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(tree, dirname(path)), { recursive: true })
    writeFileSync(join(tree, path), `${text}\n`)
  }
}

/** Offenders stand side by side in one tree, which is read once for all. */
const numbered = (offender: string, place: number) => offender.replace('.ts', `-${place}.ts`)

describe('import rules', () => {
  it('finds nothing wrong in a tree that keeps them', async () => {
    expect(await checkImports(root)).toEqual({ findings: [], modules: 42 })
  })

  it('breaks every rule there is on purpose', async () => {
    const { forbidden } = await extractDepcruiseConfig(
      join(import.meta.dirname, '../../.dependency-cruiser.cjs'),
    )
    const broken = new Set([...FAULTS, ...FAULTS_OF_TYPES].map(([rule]) => rule))
    expect(forbidden?.map(({ name }) => name).sort()).toEqual([...broken, ...OTHER_FAULTS].sort())
  })

  describe('where all of them are broken at once', () => {
    let findings: readonly string[]

    beforeAll(async () => {
      const tree = mkdtempSync(join(tmpdir(), 'imports-'))
      write(SOUND, tree)
      for (const [place, [, offender, target]] of FAULTS.entries()) {
        write(
          { [numbered(offender, place)]: `import * as x from '${target}'\nexport const offence = x` },
          tree,
        )
      }
      for (const [place, [, offender, target]] of FAULTS_OF_TYPES.entries()) {
        const file = numbered(offender, FAULTS.length + place)
        write({ [file]: `import type * as x from '${target}'\nexport type Offence = typeof x` }, tree)
      }
      ;({ findings } = await checkImports(tree))
      rmSync(tree, { recursive: true })
    })

    it.each(FAULTS.map((fault, place) => [...fault, place] as const))(
      '%s: %s may not import %s',
      (rule, offender, _target, place) => {
        expect(
          findings.filter((each) => each.startsWith(`${rule}: ${numbered(offender, place)} -> `)),
        ).toHaveLength(1)
      },
    )

    it.each(FAULTS_OF_TYPES.map((fault, place) => [...fault, FAULTS.length + place] as const))(
      '%s: %s may not import even types of %s',
      (rule, offender, target, place) => {
        const file = numbered(offender, place)
        expect(findings.filter((each) => each.includes(` ${file} -> `))).toEqual([
          `${rule}: ${file} -> ${join(dirname(offender), target)}`,
        ])
      },
    )
  })

  it('unknown-folder: a new folder of lib must be given its place', async () => {
    write({
      'lib/helpers/offender.ts': 'export const offence = 1',
      'functions/offender.ts':
        "import { offence } from '../lib/helpers/offender.ts'\nexport const f = offence",
    })
    const { findings } = await checkImports(root)
    expect(findings).toEqual(['unknown-folder: functions/offender.ts -> lib/helpers/offender.ts'])
  })

  it("reads-carry-no-writes: not even by way of another module does a read's bundle reach them", async () => {
    write({
      'lib/composition/shared.ts': "export { table } from '../ledger/table/table.ts'",
      'lib/composition/reads.ts': "import { table } from './shared.ts'\nexport const reads = table",
    })
    const { findings } = await checkImports(root)
    expect(findings).toEqual(['reads-carry-no-writes: lib/composition/reads.ts -> lib/ledger/table/table.ts'])
  })

  it('no-cycles: modules may not import each other', async () => {
    write({
      'lib/genesys/a.ts': "import { b } from './b.ts'\nexport const a = () => b",
      'lib/genesys/b.ts': "import { a } from './a.ts'\nexport const b = () => a",
    })
    const { findings } = await checkImports(root)
    expect(findings).toEqual(['no-cycles: lib/genesys/a.ts -> lib/genesys/b.ts'])
  })

  it('no-cycles: not even types refer to each other in a circle, however long', async () => {
    write({
      'lib/genesys/a.ts': "import type { B } from './b.ts'\nexport type A = B[]",
      'lib/genesys/b.ts': "import type { C } from './c.ts'\nexport type B = C[]",
      'lib/genesys/c.ts': "import type { A } from './a.ts'\nexport type C = A[]",
    })
    const { findings } = await checkImports(root)
    expect(findings).toEqual(['no-cycles: lib/genesys/a.ts -> lib/genesys/b.ts'])
  })

  it('says so when a source file was not read', async () => {
    write({
      'lib/genesys/broken.ts': "const text = `\nimport { id } from './models/ids.ts'\n`\nexport { text }",
    })
    expect((await checkImports(root)).findings).toEqual(['unread: lib/genesys/broken.ts'])
  })

  it('does not call an empty tree sound', async () => {
    for (const folder of ['functions', 'infra', 'lib', 'test'])
      rmSync(join(root, folder), { recursive: true })
    mkdirSync(join(root, 'lib'))
    expect((await checkImports(root)).findings).toEqual(['unread: no source files at all'])
  })
})
