import { ArnFormat, CfnOutput, Stack } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import type { Construct } from 'constructs'
import type { OrgFile } from '../../orgs/org-file.ts'
import { stackNameOf } from '../names.ts'

/** Where alarms go: the org file's own topic, or one made here. */
export function alarmTopicOf(scope: Construct, org: OrgFile, masterKey: IKey): ITopic {
  const { alarms } = org
  return 'topicArn' in alarms
    ? Topic.fromTopicArn(scope, 'Topic', alarms.topicArn)
    : addAlarmTopic(scope, alarms.email, stackNameOf(org), masterKey)
}

/** The encrypted topic that mails alarms, and lets in those of its own stack alone. */
function addAlarmTopic(scope: Construct, email: string, stackName: string, masterKey: IKey): Topic {
  const topic = new Topic(scope, 'Topic', { displayName: stackName, masterKey, enforceSSL: true })
  topic.addSubscription(new EmailSubscription(email))
  const { account } = Stack.of(scope)
  // A topic with a policy of its own has lost the default one, which let the account's alarms in.
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: {
        StringEquals: { 'aws:SourceAccount': account },
        ArnLike: {
          'aws:SourceArn': Stack.of(scope).formatArn({
            service: 'cloudwatch',
            resource: 'alarm',
            resourceName: `${stackName}-*`,
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        },
      },
    }),
  )
  new CfnOutput(scope, 'TopicArn', {
    value: topic.topicArn,
    description: 'Alarms go here, and from here by mail',
  })
  return topic
}
