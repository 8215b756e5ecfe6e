import { RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib'
import { CfnAccount } from 'aws-cdk-lib/aws-apigateway'
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'

/**
 * API Gateway writes no log before its account has a role for it: one setting for each account and region, shared
 * by all APIs there. It is a stack of its own, so that no org's removal takes it from the others, and it stays when
 * the stack goes. Where the account already has such a role, deploy the org's stack alone (`--exclusively`).
 */
export class AccountLoggingStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, {
      ...props,
      stackName: 'genesys-gateway-account',
      description: 'Lets API Gateway write logs in this account and region',
    })
    const role = new Role(this, 'LogRole', {
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      description: 'API Gateway writes access and execution logs',
      managedPolicies: [
        ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonAPIGatewayPushToCloudWatchLogs'),
      ],
    })
    const account = new CfnAccount(this, 'Account', { cloudWatchRoleArn: role.roleArn })
    for (const resource of [role, account])
      resource.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
    account.node.addDependency(role)
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      reason:
        'API Gateway checks the role for just these permissions on all log groups, and AWS keeps the policy for that',
    })
  }
}
