/** The stack that docs/cost.md is about: the example's, with chat and the page. */
import { App } from 'aws-cdk-lib'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { operations } from '../../../lib/operations/index.ts'
import { defineOrg } from '../../orgs/define-org.ts'
import { example } from '../../orgs/example.ts'
import { addUncheckedStacks } from '../../stacks/add-stacks.ts'
import { wholeTemplateOf } from '../../stacks/whole-template.ts'
import type { CostedTemplate } from './cost-page.ts'

const org = defineOrg({
  ...example,
  page: { clientId: 'license-page' },
  chat: {
    slack: { teams: ['T0000000000'] },
    teams: { tenants: ['00000000-0000-4000-8000-000000000004'] },
  },
})

/** Without the functions' code, whose size costs nothing. */
export function costedTemplate(): CostedTemplate {
  const app = new App({
    context: { 'aws:cdk:bundling-stacks': [], 'aws:cdk:disable-stack-trace': true },
    // It takes most of the time; test/infra/stacks/variants.test.ts asks it of all kinds of stacks.
    builtinCloudFormationValidation: false,
  })
  const codeOf = () => Code.fromInline('exports.handler = async () => ({})')
  const [stack] = addUncheckedStacks(app, { orgs: [org], operations, codeOf })
  if (stack === undefined) throw new Error('no stack was made')
  return wholeTemplateOf(stack, app.synth().directory)
}
