import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Key } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import type { OrgFile } from '../../orgs/org-file.ts'
import { pathOf, stackNameOf } from '../names.ts'

/**
 * The stack's one customer managed key, rotated yearly, for secrets, logs, the ledger and alarm messages. It
 * outlives the stack, as the access log and the ledger do that it decrypts.
 */
export class EncryptionKey extends Key {
  constructor(scope: Construct, id: string, org: OrgFile) {
    super(scope, id, {
      alias: stackNameOf(org),
      description: `Secrets, logs and ledger of ${stackNameOf(org)}`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    })
    const { account, region } = Stack.of(this)
    const logGroup = (resourceName: string) => this.#arn('logs', 'log-group', resourceName)
    // Source of both statements: the CloudWatch user guide's key policies for log groups and for alarms to SNS.
    this.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
        actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
        resources: ['*'],
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': [
              logGroup(`/${pathOf(org)}/*`),
              // API Gateway alone chooses this name, from an API id that is not known before the key is.
              logGroup('API-Gateway-Execution-Logs_*'),
            ],
          },
        },
      }),
    )
    // A topic of the operator's own has a key of its own, if any.
    if ('topicArn' in org.alarms) return
    this.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': this.#arn('cloudwatch', 'alarm', '*') },
        },
      }),
    )
  }

  #arn(service: string, resource: string, resourceName: string): string {
    return Stack.of(this).formatArn({
      service,
      resource,
      resourceName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    })
  }
}
