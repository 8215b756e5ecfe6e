/** The CDK app: bundles the functions, then makes one stack for each org file. `npm run synth` and `cdk deploy` start it. */
import { App } from 'aws-cdk-lib'
import { operations } from '../lib/operations/index.ts'
import { build } from './build/bundles.ts'
import { codeOf } from './build/code-of.ts'
import { OrgFileError } from './orgs/define-org.ts'
import { addStacks } from './stacks/add-stacks.ts'

try {
  const { orgs } = await import('./orgs/index.ts')
  const functions = await build()
  const app = new App()
  // The CDK CLI says where its credentials point, whenever it finds any.
  const { CDK_DEFAULT_REGION: region, CDK_DEFAULT_ACCOUNT: account } = process.env
  const deployer = region ? { region, account } : undefined
  addStacks(app, { orgs, operations, codeOf: codeOf(functions), deployer })
  app.synth()
} catch (error) {
  // A wrong org file is the operator's to mend: the sentences, and no stack trace around them.
  if (!(error instanceof OrgFileError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
