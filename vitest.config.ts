import { defineConfig } from 'vitest/config'

const conformance = 'test/conformance/**/*.test.ts'
const faults = 'test/faults/**/*.test.ts'
/** The stacks, and the bundles that they deploy. */
const templates = 'test/infra/{build,constructs,stacks}/**/*.test.ts'
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
          exclude: [conformance, faults, page, templates],
        },
      },
      { extends: true, test: { name: 'conformance', include: [conformance], testTimeout: 30_000 } },
      { extends: true, test: { name: 'faults', include: [faults], testTimeout: 30_000 } },
      { extends: true, test: { name: 'page', include: [page], testTimeout: 30_000, hookTimeout: 60_000 } },
      {
        extends: true,
        // One process for all its files: loading aws-cdk-lib, synthesizing the stacks and bundling take seconds each.
        test: {
          name: 'templates',
          include: [templates],
          isolate: false,
          maxWorkers: 1,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
