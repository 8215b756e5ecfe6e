import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  ObjectLockMode,
  ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { AUDIT_PREFIX } from '../../../lib/audit/audit-key.ts'
import type { OrgFile } from '../../orgs/org-file.ts'
import type { Supply } from '../functions/supply.ts'

/** A year, and a month to have it checked in. */
const DEFAULT_DAYS = 396

type AuditSettings = NonNullable<OrgFile['audit']>

/**
 * Where the record that can be checked lies. Each version of a file is locked for as long as the org file says, and the
 * bucket outlives the stack. Under S3's own keys and not the stack's: whoever may schedule a key's deletion could destroy
 * with it what nobody may delete, and there is nothing in a file but ids and hashes. Where the org file names one that is
 * there already, it is that, as it is: nothing of it is made or changed here.
 */
export class AuditStorage extends Construct {
  readonly bucket: Pick<IBucket, 'bucketName' | 'arnForObjects'>

  constructor(scope: Construct, id: string, { audit = {} }: Pick<OrgFile, 'audit'>) {
    super(scope, id)
    const { bucketName } = audit
    this.bucket =
      bucketName === undefined ? this.#make(audit) : Bucket.fromBucketName(this, 'Adopted', bucketName)
  }

  #make({ mode, days = DEFAULT_DAYS }: AuditSettings): Bucket {
    const retention = Duration.days(days)
    const bucket = new Bucket(this, 'Bucket', {
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention:
        mode === ObjectLockMode.COMPLIANCE
          ? ObjectLockRetention.compliance(retention)
          : ObjectLockRetention.governance(retention),
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'One function puts a file a day here, and says so in its log with the hash. Who reads what is for CloudTrail data events, which an account has once for all its buckets',
    })
    return bucket
  }

  /** Putting files under their prefix. No reading, no deleting, no changing of what is kept and for how long. */
  use(): Supply {
    const resources = [this.bucket.arnForObjects(`${AUDIT_PREFIX}*`)]
    return {
      environment: { AUDIT_BUCKET: this.bucket.bucketName },
      statements: [new PolicyStatement({ actions: ['s3:PutObject'], resources })],
      patternReason: 'A file is called after its day; nothing else is under this prefix',
    }
  }
}
