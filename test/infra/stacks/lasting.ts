/** What must never be made anew: what keeps something, and what others know by its name or address. */
import type { TemplateJson } from '../../../infra/stacks/whole-template.ts'
import { at, flat } from '../synthesized.ts'
import { createOnlyIn } from './judge.ts'

const LASTING: readonly string[] = [
  'AWS::ApiGateway::DomainName',
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Stage',
  'AWS::DynamoDB::Table',
  'AWS::Events::EventBus',
  'AWS::KMS::Key',
  'AWS::S3::Bucket',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::Scheduler::ScheduleGroup',
  'AWS::SecretsManager::Secret',
]

/** By logical id: its type, and each property that cannot be changed without making it anew, as AWS's schemas have it. */
export function lastingIn(template: TemplateJson): ReadonlyMap<string, string> {
  const resources = Object.entries(template.Resources).filter(
    ([id, { Type }]) => LASTING.includes(String(Type)) || id.includes('AccessLog'),
  )
  const createOnly = createOnlyIn({ Resources: Object.fromEntries(resources) })
  return new Map(
    resources.map(([id, resource]) => {
      const fixed = (createOnly.get(id) ?? []).toSorted().map((property) => {
        const value = at(resource, 'Properties', ...property.split('.'))
        return `${property}=${typeof value === 'string' ? value : flat(value)}`
      })
      return [id, [String(at(resource, 'Type')), ...fixed].join(' ')]
    }),
  )
}

/**
 * What stacks out there have, `NAME` for the org's: whatever is other than here is made anew by the next deployment, and
 * what it kept is lost, or stays behind unused. Add what is new; change a line with a way to move what it holds alone.
 */
export const lasting: Readonly<Record<string, string>> = {
  AlarmsTopic3A2DFEBA: 'AWS::SNS::Topic',
  ApiAccessLog3B08078D: 'AWS::Logs::LogGroup LogGroupName=/genesys-license-gateway/NAME/access',
  ApiDeploymentStagelive43C16EA7: 'AWS::ApiGateway::Stage RestApiId=<ApiF70053CD> StageName=live',
  ApiF70053CD: 'AWS::ApiGateway::RestApi',
  AuditStorageBucketE3D44FE7: 'AWS::S3::Bucket',
  BusEA82B648: 'AWS::Events::EventBus Name=genesys-license-NAME',
  ChatApiDeploymentStagelive20CAFEE1: 'AWS::ApiGateway::Stage RestApiId=<ChatApiD29796E1> StageName=live',
  ChatApiD29796E1: 'AWS::ApiGateway::RestApi',
  ChatSecretsSlackBotB9B6E744:
    'AWS::SecretsManager::Secret Name=genesys-license-gateway/NAME/slack-bot-token',
  ChatSecretsSlackSigningE7E51DCD:
    'AWS::SecretsManager::Secret Name=genesys-license-gateway/NAME/slack-signing',
  ChatSecretsTeamsKeys26710E21: 'AWS::SecretsManager::Secret Name=genesys-license-gateway/NAME/teams-keys',
  CredentialsReadClientF0C14522:
    'AWS::SecretsManager::Secret Name=genesys-license-gateway/NAME/read-client-credentials',
  CredentialsReadToken4FA5C98A: 'AWS::SecretsManager::Secret Name=genesys-license-gateway/NAME/read-token',
  CredentialsWriteClientAE978C7C:
    'AWS::SecretsManager::Secret Name=genesys-license-gateway/NAME/write-client-credentials',
  CredentialsWriteTokenFF29A642: 'AWS::SecretsManager::Secret Name=genesys-license-gateway/NAME/write-token',
  CustomDomain50EDADAC: 'AWS::ApiGateway::DomainName DomainName=licenses.example.com',
  DeadLettersBBF8BAAB: 'AWS::SQS::Queue',
  Key961B73FD: 'AWS::KMS::Key',
  LedgerTable9343E4AA:
    'AWS::DynamoDB::Table KeySchema=[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}]',
  ListsDeadLetters9D690A40: 'AWS::SQS::Queue FifoQueue=true',
  ListsQueue6544A88C: 'AWS::SQS::Queue FifoQueue=true',
  SchedulesGroupC7F67308: 'AWS::Scheduler::ScheduleGroup Name=genesys-license-NAME',
}
