/** Made-up names for what a stack makes, in the forms that AWS's have. */
import { createHash } from 'node:crypto'

/** As the org files of the tests have it. */
export const ACCOUNT = '000000000000'
export const REGION = 'eu-west-1'

/** What the template leaves to the place that it is deployed to. */
export const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Region': REGION,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
}

/** `arn:aws:SERVICE:REGION:ACCOUNT:REST` */
export const arnOf = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`

export interface Named {
  readonly ref: string
  readonly attributes?: Readonly<Record<string, string>>
}

/** What CloudFormation makes of `Ref` and `Fn::GetAtt`, by type; of others no policy speaks. */
export const named: Readonly<Record<string, (id: string, text: (name: string) => string) => Named>> = {
  'AWS::ApiGateway::Authorizer': (id) => ({ ref: hexOf(id, 6) }),
  'AWS::ApiGateway::RestApi': (id) => ({ ref: hexOf(id, 10) }),
  'AWS::ApiGateway::Stage': (_, text) => ({ ref: text('StageName') }),
  'AWS::DynamoDB::Table': (id) => ({ ref: id, attributes: { Arn: arnOf('dynamodb', `table/${id}`) } }),
  'AWS::Events::EventBus': (_, text) => ({
    ref: text('Name'),
    attributes: { Arn: arnOf('events', `event-bus/${text('Name')}`), Name: text('Name') },
  }),
  'AWS::Events::Rule': (id, text) => {
    const bus = text('EventBusName')
    return { ref: id, attributes: { Arn: arnOf('events', `rule/${bus === '' ? id : `${bus}/${id}`}`) } }
  },
  'AWS::IAM::Role': (id) => ({ ref: id, attributes: { Arn: `arn:aws:iam::${ACCOUNT}:role/${id}` } }),
  'AWS::KMS::Key': (id) => ({
    ref: hexOf(id, 32),
    attributes: { Arn: arnOf('kms', `key/${hexOf(id, 32)}`) },
  }),
  'AWS::Lambda::Function': (id) => ({ ref: id, attributes: { Arn: arnOf('lambda', `function:${id}`) } }),
  'AWS::Logs::LogGroup': (_, text) => ({
    ref: text('LogGroupName'),
    attributes: { Arn: arnOf('logs', `log-group:${text('LogGroupName')}:*`) },
  }),
  'AWS::S3::Bucket': (id) => ({
    ref: id.toLowerCase(),
    attributes: { Arn: `arn:aws:s3:::${id.toLowerCase()}` },
  }),
  'AWS::SNS::Topic': (id) => ({ ref: arnOf('sns', id), attributes: { TopicArn: arnOf('sns', id) } }),
  'AWS::SQS::Queue': (id) => ({
    ref: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${id}`,
    attributes: { Arn: arnOf('sqs', id), QueueName: id },
  }),
  'AWS::Scheduler::ScheduleGroup': (_, text) => ({
    ref: text('Name'),
    attributes: { Arn: arnOf('scheduler', `schedule-group/${text('Name')}`) },
  }),
  'AWS::SecretsManager::Secret': (id, text) => {
    const arn = arnOf('secretsmanager', `secret:${text('Name')}-${hexOf(id, 6)}`)
    return { ref: arn, attributes: { Id: arn } }
  },
}

function hexOf(id: string, digits: number): string {
  return createHash('sha256').update(id).digest('hex').slice(0, digits)
}
