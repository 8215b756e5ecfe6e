import { RemovalPolicy, Stack } from 'aws-cdk-lib'
import {
  AttributeType,
  BillingMode,
  type ITable,
  ProjectionType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { type IKey, Key } from 'aws-cdk-lib/aws-kms'
import { Construct } from 'constructs'
import { table as names } from '../../../lib/ledger/table/table.ts'
import type { OrgFile } from '../../orgs/org-file.ts'
import type { Supply } from '../functions/supply.ts'

/** What DynamoDB asks of whoever uses a table under a customer managed key (its developer guide, encryption at rest). */
const KEY_USE = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
]

export interface LedgerStorageProps {
  readonly org: Pick<OrgFile, 'ledgerTable'>
  /** The stack's own key. */
  readonly key: IKey
}

/**
 * The ledger's table: who changed what, when and why. It outlives the stack, never expires an item, and cannot be
 * deleted before its protection is switched off. It has no name of its own, so that a stack made again after it was
 * removed does not meet the table that stayed. Where the org file names one that is there already, it is that, as it is:
 * nothing of it is made or changed here.
 */
export class LedgerStorage extends Construct {
  readonly table: Pick<ITable, 'tableArn' | 'tableName'>
  readonly #key: IKey

  constructor(scope: Construct, id: string, { org: { ledgerTable }, key }: LedgerStorageProps) {
    super(scope, id)
    const { name, keyArn } = ledgerTable ?? {}
    this.#key = keyArn === undefined ? key : Key.fromKeyArn(this, 'Key', keyArn)
    this.table = name === undefined ? this.#make() : Table.fromTableName(this, 'Adopted', name)
  }

  #make(): Table {
    const table = new Table(this, 'Table', {
      partitionKey: { name: names.partitionKey, type: AttributeType.STRING },
      sortKey: { name: names.sortKey, type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.#key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    const { due, list } = names.indexes
    table.addGlobalSecondaryIndex({
      indexName: due.name,
      partitionKey: { name: due.partitionKey, type: AttributeType.STRING },
      sortKey: { name: due.sortKey, type: AttributeType.NUMBER },
      projectionType: ProjectionType.KEYS_ONLY,
    })
    table.addGlobalSecondaryIndex({
      indexName: list.name,
      partitionKey: { name: list.partitionKey, type: AttributeType.STRING },
      sortKey: { name: list.sortKey, type: AttributeType.STRING },
      projectionType: ProjectionType.KEYS_ONLY,
    })
    return table
  }

  /**
   * Reading the table and, with `canWrite`, putting items: conditions and versions are the ledger's own. Nobody may
   * delete, and for that nobody may BatchWriteItem, which IAM cannot hold to puts.
   */
  use({ canWrite }: { readonly canWrite: boolean }): Supply {
    const { tableArn, tableName } = this.table
    return {
      environment: { LEDGER_TABLE: tableName },
      statements: [
        new PolicyStatement({
          actions: [
            'dynamodb:BatchGetItem',
            'dynamodb:GetItem',
            ...(canWrite ? ['dynamodb:PutItem'] : []),
            'dynamodb:Query',
          ],
          resources: [tableArn],
        }),
        new PolicyStatement({
          actions: ['dynamodb:Query'],
          resources: Object.values(names.indexes).map(({ name }) => `${tableArn}/index/${name}`),
        }),
        this.#useOfKey(),
      ],
    }
  }

  /** What walks over the whole organization share, and who may walk; no record of a change. */
  useSnapshots(): Supply {
    const { tableArn, tableName } = this.table
    return {
      environment: { LEDGER_TABLE: tableName },
      statements: [
        new PolicyStatement({
          actions: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem'],
          resources: [tableArn],
          conditions: {
            'ForAllValues:StringLike': {
              'dynamodb:LeadingKeys': [`${names.prefixes.snapshot}*`, `${names.prefixes.lease}*`],
            },
          },
        }),
        this.#useOfKey(),
      ],
    }
  }

  /** Reading all of it, and putting how far the chain of audit files has come; no record of a change. */
  useAudit(): Supply {
    const { tableArn, tableName } = this.table
    return {
      environment: { LEDGER_TABLE: tableName },
      statements: [
        new PolicyStatement({
          actions: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'],
          resources: [tableArn],
        }),
        this.#put([`${names.prefixes.audit}*`]),
        this.#useOfKey(),
      ],
    }
  }

  /** Reading all of it, and putting what readings of the whole org and what rests on them keep; no record of a change. */
  useReadings(): Supply {
    const { inventory, reading, difference, billing, notice } = names.prefixes
    return this.#readAndPut([inventory, reading, difference, billing, notice].map((prefix) => `${prefix}*`))
  }

  /** Reading all of it, and asking for a reading. */
  useAsk(): Supply {
    return this.#readAndPut([names.prefixes.ask, `${names.prefixes.reading}*`])
  }

  #readAndPut(leadingKeys: readonly string[]): Supply {
    const { statements = [], ...rest } = this.use({ canWrite: false })
    return { ...rest, statements: [...statements, this.#put(leadingKeys)] }
  }

  #put(leadingKeys: readonly string[]): PolicyStatement {
    return new PolicyStatement({
      actions: ['dynamodb:PutItem'],
      resources: [this.table.tableArn],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': leadingKeys } },
    })
  }

  #useOfKey(): PolicyStatement {
    return new PolicyStatement({
      actions: KEY_USE,
      resources: [this.#key.keyArn],
      conditions: {
        StringEquals: { 'kms:ViaService': `dynamodb.${Stack.of(this).region}.amazonaws.com` },
      },
    })
  }
}
