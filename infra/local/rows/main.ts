/** `npm run rows -- CHANGE-ID`: prints all that a running local gateway has on record of one change, as it is stored. */
import { resolve } from 'node:path'
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { headerKey } from '../../../lib/ledger/table/keys.ts'
import { LEDGER_TABLE } from '../environment.ts'
import { DATA_OPTION, directoryOf, readRunFile } from '../run-file.ts'
import { mistyped, parsedArgs, runCommand } from '../usage.ts'

const USAGE = `npm run rows -- CHANGE-ID [--data DIR]
prints every row of a change of a running npm start: header, plan, evidence, index`

await runCommand(async () => {
  const { values, positionals } = parsedArgs(
    { args: process.argv.slice(2), allowPositionals: true, options: { data: DATA_OPTION } },
    USAGE,
  )
  const [changeId, ...more] = positionals
  if (changeId === undefined || more.length > 0) throw mistyped('Name one change')
  const { ledger: endpoint, key: credentials } = readRunFile(resolve(directoryOf(values.data)))
  const client = new DynamoDBClient({ region: 'us-east-1', endpoint, credentials })
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: LEDGER_TABLE,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: headerKey(changeId).pk } },
    }),
  )
  if (Items.length === 0) throw new Error(`No change ${changeId} is on record there`)
  for (const item of Items) console.log(JSON.stringify(unmarshall(item), undefined, 2))
})
