import { defineConfig } from 'vitest/config'

const conformance = 'test/conformance/**/*.test.ts'
const faults = 'test/faults/**/*.test.ts'
const templates = 'test/infra/**/*.test.ts'
/** The embedded org and the local gateway are plain code: only the stacks need a project of their own. */
const local = 'test/infra/local/**/*.test.ts'
/** In a real browser, which not every machine has. */
const page = 'test/page/**/*.test.ts'

export default defineConfig({
  test: {
    pool: 'forks',
    isolate: true,
    maxWorkers: 2,
    passWithNoTests: false,
    testTimeout: 10_000,
    hookTimeout: 20_000,
    coverage: { include: ['lib/**', 'functions/**', 'infra/**'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [conformance, faults, page, 'test/infra/!(local)/**', 'test/infra/*.test.ts'],
        },
      },
      { extends: true, test: { name: 'conformance', include: [conformance], testTimeout: 30_000 } },
      { extends: true, test: { name: 'faults', include: [faults], testTimeout: 30_000 } },
      { extends: true, test: { name: 'page', include: [page], testTimeout: 30_000, hookTimeout: 60_000 } },
      {
        extends: true,
        // The first template of a process takes 3 to 10 s: aws-cdk-lib is that large.
        test: {
          name: 'templates',
          include: [templates],
          exclude: [local],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
