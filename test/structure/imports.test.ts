import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import extractDepcruiseConfig from 'dependency-cruiser/config-utl/extract-depcruise-config'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkImports } from './imports.ts'

/** A small project in which each folder imports what it may. */
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
  'lib/genesys/models/ids.ts': "import { deployed } from 'deployed'\nexport const id = deployed",
  'lib/genesys/regions.ts': "import { e } from '../errors.ts'\nexport const r = e",
  'lib/genesys/send-write.ts': "import { r } from './regions.ts'\nexport const send = r",
  'lib/changes/port.ts': "import { id } from '../license/ids.ts'\nexport type P = typeof id",
  'lib/changes/send-once.ts': "import { send } from '../genesys/writes.ts'\nexport const sendOnce = send",
  'lib/people/holders.ts': "import { r } from '../genesys/regions.ts'\nexport const holders = r",
  'lib/operations/index.ts': "import type { O } from '../operation.ts'\nexport const operations: O[] = []",
  'lib/http/call.ts': "import { operations } from '../operations/index.ts'\nexport const call = operations",
  'lib/http/method-arns.ts': 'export const roles = 1',
  'lib/chat/conversation/words/reply.ts':
    "import { operations } from '../operations/index.ts'\nexport const reply = operations",
  'lib/aws/settings.ts': "import { r } from '../genesys/regions.ts'\nexport const settings = r",
  'lib/events/out.ts':
    "import { settings } from '../aws/settings.ts'\nimport type { P } from '../changes/port.ts'\nexport const out: P = settings",
  'lib/ledger/table/table.ts': "import type { P } from '../changes/port.ts'\nexport const table: P = 1",
  'lib/aws/dynamo-client.ts': "import { settings } from '../aws/settings.ts'\nexport const client = settings",
  'lib/credentials/token.ts':
    "import { settings } from '../aws/settings.ts'\nimport type { call } from '../http/call.ts'\nexport const token: typeof call = [settings]",
  'lib/observe/metric-names.ts': "import type { P } from '../changes/port.ts'\nexport const names: P = 1",
  'lib/composition/reads.ts':
    "import { token } from '../credentials/token.ts'\nimport { env } from '../environment.ts'\nexport const reads = [token, env]",
  'lib/composition/writes.ts':
    "import { sendOnce } from '../changes/send-once.ts'\nimport { table } from '../ledger/table.ts'\nexport const writes = [sendOnce, table]",
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
  ['layer-license', 'lib/license/offender.ts', '../genesys/regions.ts'],
  ['layer-genesys', 'lib/genesys/offender.ts', '../changes/port.ts'],
  ['layer-aws', 'lib/aws/offender.ts', '../license/ids.ts'],
  ['layer-aws', 'lib/aws/offender.ts', '../ledger/table.ts'],
  ['layer-changes', 'lib/changes/offender.ts', '../operations/index.ts'],
  ['layer-changes', 'lib/changes/offender.ts', '../aws/settings.ts'],
  ['layer-changes', 'lib/changes/offender.ts', '../ledger/table.ts'],
  ['layer-people', 'lib/people/offender.ts', '../changes/port.ts'],
  ['layer-people', 'lib/people/offender.ts', '../ledger/table.ts'],
  ['layer-operations', 'lib/operations/offender.ts', '../http/call.ts'],
  ['layer-http', 'lib/http/offender.ts', '../credentials/token.ts'],
  ['layer-http', 'lib/http/offender.ts', '../composition/reads.ts'],
  ['layer-chat', 'lib/chat/offender.ts', '../http/call.ts'],
  ['layer-operations', 'lib/operations/offender.ts', '../aws/settings.ts'],
  ['layer-http', 'lib/http/offender.ts', '../aws/settings.ts'],
  ['layer-events', 'lib/events/offender.ts', '../chat/reply.ts'],
  ['adapter-ledger', 'lib/ledger/offender.ts', '../http/call.ts'],
  ['adapter-ledger', 'lib/ledger/offender.ts', '../genesys/regions.ts'],
  ['adapter-credentials', 'lib/credentials/offender.ts', '../changes/send-once.ts'],
  ['adapter-observe', 'lib/observe/offender.ts', '../operations/index.ts'],
  ['vocabulary', 'lib/offender.ts', './changes/send-once.ts'],
  ['environment', 'lib/http/offender.ts', '../environment.ts'],
  ['adapters-in-composition', 'functions/offender.ts', '../lib/credentials/token.ts'],
  ['writes-through-changes', 'lib/operations/offender.ts', '../genesys/writes.ts'],
  ['writes-through-changes', 'lib/composition/offender.ts', '../genesys/writes.ts'],
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
  ['deployed-dependencies', 'lib/license/offender.ts', 'development'],
  ['deployed-dependencies', 'functions/offender.ts', 'development'],
  ['resolvable', 'lib/license/offender.ts', './nowhere.ts'],
  ['resolvable', 'test/offender.ts', 'not-installed'],
] as const

const FAULTS_OF_TYPES = [
  ['layer-license', 'lib/license/offender.ts', '../genesys/regions.ts'],
  ['layer-http', 'lib/http/offender.ts', '../observe/metric-names.ts'],
  ['adapter-credentials-apart', 'lib/credentials/offender.ts', '../observe/metric-names.ts'],
  ['adapter-ledger-apart', 'lib/ledger/offender.ts', '../composition/reads.ts'],
  ['adapter-observe-apart', 'lib/observe/offender.ts', '../ledger/table.ts'],
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

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, dirname(path)), { recursive: true })
    writeFileSync(join(root, path), `${text}\n`)
  }
}

describe('import rules', () => {
  it('finds nothing wrong in a tree that keeps them', async () => {
    expect(await checkImports(root)).toEqual({ findings: [], modules: 25 })
  })

  it('breaks every rule there is on purpose', async () => {
    const { forbidden } = await extractDepcruiseConfig(
      join(import.meta.dirname, '../../.dependency-cruiser.cjs'),
    )
    const broken = new Set([...FAULTS, ...FAULTS_OF_TYPES].map(([rule]) => rule))
    expect(forbidden?.map(({ name }) => name).sort()).toEqual([...broken, ...OTHER_FAULTS].sort())
  })

  it.each(FAULTS)('%s: %s may not import %s', async (rule, offender, target) => {
    write({ [offender]: `import * as fault from '${target}'\nexport const offence = fault` })
    const { findings } = await checkImports(root)
    expect(findings.filter((finding) => finding.startsWith(`${rule}: ${offender} -> `))).toHaveLength(1)
  })

  it.each(FAULTS_OF_TYPES)('%s: %s may not import even types of %s', async (rule, offender, target) => {
    write({ [offender]: `import type * as fault from '${target}'\nexport type Offence = typeof fault` })
    const { findings } = await checkImports(root)
    expect(findings).toEqual([`${rule}: ${offender} -> ${join(dirname(offender), target)}`])
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
      'lib/composition/shared.ts': "export { table } from '../ledger/table.ts'",
      'lib/composition/reads.ts': "import { table } from './shared.ts'\nexport const reads = table",
    })
    const { findings } = await checkImports(root)
    expect(findings).toEqual(['reads-carry-no-writes: lib/composition/reads.ts -> lib/ledger/table/table.ts'])
  })

  it('no-cycles: modules may not import each other', async () => {
    write({
      'lib/license/a.ts': "import { b } from './b.ts'\nexport const a = () => b",
      'lib/license/b.ts': "import { a } from './a.ts'\nexport const b = () => a",
    })
    const { findings } = await checkImports(root)
    expect(findings).toContain('no-cycles: lib/license/a.ts -> lib/license/b.ts')
  })

  it('lets types refer to each other in a circle', async () => {
    write({
      'lib/license/a.ts': "import type { B } from './b.ts'\nexport type A = B[]",
      'lib/license/b.ts': "import type { A } from './a.ts'\nexport type B = A[]",
    })
    expect((await checkImports(root)).findings).toEqual([])
  })

  it('says so when a source file was not read', async () => {
    write({ 'lib/license/broken.ts': "const text = `\nimport { id } from './ids.ts'\n`\nexport { text }" })
    expect((await checkImports(root)).findings).toEqual(['unread: lib/license/broken.ts'])
  })

  it('does not call an empty tree sound', async () => {
    for (const folder of ['functions', 'infra', 'lib', 'test'])
      rmSync(join(root, folder), { recursive: true })
    mkdirSync(join(root, 'lib'))
    expect((await checkImports(root)).findings).toEqual(['unread: no source files at all'])
  })
})
