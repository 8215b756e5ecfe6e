import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { TEST_VARIABLES } from './infra/local/aws/access-key.ts'

const conformance = 'test/conformance/**/*.test.ts'
const faults = 'test/faults/**/*.test.ts'
/** The stacks, and the bundles that they deploy. */
const templates = 'test/{infra/{build,constructs,permissions,stacks},rehearse}/**/*.test.ts'
/** In a real browser, which not every machine has. */
const page = 'test/page/**/*.test.ts'

/**
 * Files that start the stack have a process each: the functions read process.env as they load. All others of a project
 * share one for each worker, which loads the SDKs and the CDK once.
 */
const startsStack = /gatewayForTests|startLocal|process\.env|lines\.write/
const textOf = (file: string) => readFileSync(join(import.meta.dirname, file), 'utf8')
/** Files beside a test that it imports, which may start the stack for it. */
const besideOf = (file: string) =>
  [...textOf(file).matchAll(/ from '\.\/(.*)'$/gm)].map(([, beside = '']) => join(dirname(file), beside))
const alone = globSync('test/**/*.test.ts', { cwd: import.meta.dirname }).filter(
  (file) =>
    startsStack.test(textOf(file)) || besideOf(file).some((beside) => /startLocal\(/.test(textOf(beside))),
)

/**
 * Of these the files share a process and its stack, which takes 2 s of a core to load and start: those that want it as it
 * is by default, and neither move its clock on nor leave anything in it that is not emptied before each test.
 */
const leavesSomething =
  /process\.env|-process\.ts|\.directory|aws\.(?:advance|events|deadLetters)\(|stored\.put/
/** How toggles behave is set as each test begins. */
const asItIs = /gatewayForTests\((?:\{ org: \{ toggles: 'legacy' \} \})?\)/
/** What only looks leaves nothing. */
const onlyLooks = /\.\.\.process\.env|process\.env\['\w+'\] \?\?|readFileSync\(join\(stack\.directory/g
const isSpoiling = (file: string) => leavesSomething.test(textOf(file).replaceAll(onlyLooks, ''))
const sharing = alone.filter(
  (file) => !file.startsWith('test/page/') && asItIs.test(textOf(file)) && !isSpoiling(file),
)
const apart = alone.filter((file) => !sharing.includes(file))
/** Those of the page share a stack of their own and a browser, in the same way. */
const pageApart = globSync(page, { cwd: import.meta.dirname }).filter(isSpoiling)

/** All that has no place of its own in `ORDER`. */
const ALL_ELSE = '*'

/**
 * Files, and projects. A process goes on with files of its own project alone, and what it has loaded, its stack and its
 * browser end with it: so those of a project stand together, begun with what takes it from 5 s of a core to half a minute.
 * Files that mostly wait (pages, drill, restart, start, redrive, command) stand between projects and apart from one
 * another, so that both cores are at work beside them. The many small files of `unit` come last: both are to the end.
 */
const ORDER = [
  'test/infra/pasted/pages',
  'page',
  'test/page/hostile',
  'test/page/chat',
  'test/infra/pasted/drill',
  'test/infra/stacks/variants',
  'test/rehearse/short',
  'test/infra/build/bundles',
  'test/infra/stacks/cost',
  'templates',
  'test/infra/local/restart',
  'test/faults/batch/parts',
  'test/faults/deadline',
  'faults',
  'test/infra/local/start',
  'test/faults/batch/statuses',
  'one-stack',
  'test/infra/redrive/redrive',
  'test/infra/change/command',
  ALL_ELSE,
  'test/inventory/proof/nights',
  'test/inventory/readings',
  'test/model/model',
  'test/changes/proof/crash',
  'test/changes/scale/scale',
  'test/changes/proof/histories',
  'test/inventory/unsteady',
  'unit',
]

const IN_A_BROWSER = {
  testTimeout: 60_000,
  hookTimeout: 60_000,
  // What is polled for there waits for a browser, whose own waits have no shorter limit.
  expect: { poll: { timeout: 20_000 } },
}

class InOrder extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId, project }: TestSpecification) => {
      const own = ORDER.findIndex((name) => name.includes('/') && moduleId.endsWith(`/${name}.test.ts`))
      const place = own === -1 ? ORDER.indexOf(project.name) : own
      return place === -1 ? ORDER.indexOf(ALL_ELSE) : place
    }
    return (await super.sort(specifications)).sort((a, b) => placeOf(a) - placeOf(b))
  }
}

export default defineConfig({
  test: {
    pool: 'forks',
    // Twice the cores: of three, which wait for timers, browsers and connections that never come about, a fifth was idle.
    maxWorkers: 4,
    passWithNoTests: false,
    // Node imports the sources as it does in a Lambda; no module is mocked, so nothing need be transformed on the way.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    setupFiles: ['./test/support/runner/each-file.ts'],
    sequence: { sequencer: InOrder },
    // No limit says anything of the code. They end what hangs, and nothing on a machine that is ten times slower: what takes
    // longest has taken a minute of one with eight times the work of its cores.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    env: {
      ...TEST_VARIABLES,
      // For the processes that tests start: npm start is ready in 1.3 s where it takes 3.
      NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/compiled'),
    },
    coverage: { include: ['lib/**', 'functions/**', 'infra/**'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          isolate: false,
          include: ['test/**/*.test.ts'],
          exclude: [conformance, faults, page, templates, ...alone],
        },
      },
      {
        extends: true,
        test: {
          name: 'unit-alone',
          include: apart,
          exclude: [conformance, faults, page, templates],
        },
      },
      {
        extends: true,
        test: {
          name: 'one-stack',
          isolate: false,
          include: sharing,
          globalSetup: './test/support/stacks/shared-stacks.ts',
        },
      },
      {
        extends: true,
        test: { name: 'conformance', include: [conformance], exclude: sharing },
      },
      {
        extends: true,
        test: { name: 'faults', isolate: false, include: [faults], exclude: alone },
      },
      {
        extends: true,
        test: {
          name: 'faults-alone',
          include: apart.filter((file) => file.startsWith('test/faults/')),
        },
      },
      {
        extends: true,
        test: {
          ...IN_A_BROWSER,
          name: 'page',
          isolate: false,
          include: [page],
          exclude: pageApart,
          globalSetup: './test/support/stacks/shared-stacks.ts',
        },
      },
      { extends: true, test: { ...IN_A_BROWSER, name: 'page-alone', include: pageApart } },
      {
        extends: true,
        // Few processes for all its files: loading aws-cdk-lib, synthesizing the stacks and bundling take seconds each.
        test: {
          name: 'templates',
          include: [templates],
          isolate: false,
          globalSetup: './test/support/stacks/shared-bundles.ts',
        },
      },
    ],
  },
})
