import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Clock } from '../../clock.ts'

/** What reads and writes of the table are made with. */
export interface TableAccess {
  readonly client: DynamoDBDocumentClient
  readonly tableName: string
  readonly clock: Pick<Clock, 'sleep' | 'random'>
}
