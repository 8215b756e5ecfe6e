/**
 * List prices, as far as they could be found, in US dollars. Each has where it was read; Amazon's own pages fill in most
 * of theirs by script, so that some were read elsewhere. No free tier and no discount is counted.
 */
export const PRICES_READ_ON = '2026-11-29'
export const PRICES_REGION = 'us-east-1'

export interface Price {
  readonly what: string
  readonly usd: number
  /** What that is for so many of. */
  readonly per: number
  readonly unit: string
  readonly source: string
}

const price = (what: string, usd: number, per: number, unit: string, source: string): Price => ({
  what,
  usd,
  per,
  unit,
  source,
})

export const prices = {
  apiRequest: price(
    'API Gateway, REST: first 333 million',
    3.5,
    1e6,
    'requests',
    'AWS whitepaper "Best Practices for Designing Amazon API Gateway Private APIs", cost optimization',
  ),
  lambdaRequest: price('Lambda', 0.2, 1e6, 'requests', 'cloudchipr.com/blog/aws-lambda-pricing'),
  lambdaGbSecond: price(
    'Lambda, arm64',
    0.0000133334,
    1,
    'GB-second',
    'cloudchipr.com/blog/aws-lambda-pricing',
  ),
  writeUnit: price(
    'DynamoDB on demand, writes',
    0.625,
    1e6,
    'write request units',
    'airbyte.com/data-engineering-resources/dynamodb-pricing',
  ),
  readUnit: price(
    'DynamoDB on demand, reads',
    0.125,
    1e6,
    'read request units',
    'airbyte.com/data-engineering-resources/dynamodb-pricing',
  ),
  fifoRequest: price('SQS, FIFO queues', 0.5, 1e6, 'requests', 'cloudburn.io/blog/amazon-sqs-pricing'),
  event: price(
    'EventBridge, custom events',
    1,
    1e6,
    'events',
    'cloudburn.io/blog/amazon-eventbridge-pricing',
  ),
  key: price(
    'KMS key; each of its yearly rotations adds as much',
    1,
    1,
    'key and month',
    'aws.amazon.com/kms/pricing',
  ),
  alarmMetric: price(
    'CloudWatch alarm, for each metric that it looks at',
    0.1,
    1,
    'metric and month',
    'c3x.dev/resources/aws/aws_cloudwatch_metric_alarm',
  ),
  secret: price('Secrets Manager', 0.4, 1, 'secret and month', 'hivebook.wiki, AWS Secrets Manager'),
  secretCall: price('Secrets Manager', 0.05, 1e4, 'calls', 'hivebook.wiki, AWS Secrets Manager'),
  logGb: price(
    'CloudWatch Logs, taken in',
    0.5,
    1,
    'GB',
    'factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards',
  ),
  dashboard: price(
    'CloudWatch dashboard',
    3,
    1,
    'dashboard and month',
    'factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards',
  ),
  customMetric: price(
    'CloudWatch custom metric: first 10,000',
    0.3,
    1,
    'metric and month',
    'signoz.io/guides/cloudwatch-pricing',
  ),
  webAcl: price('WAF web ACL', 5, 1, 'web ACL and month', 'c3x.dev/blog/aws-waf-cost-explained'),
  webAclRule: price(
    'WAF rule or group of rules',
    1,
    1,
    'rule and month',
    'c3x.dev/blog/aws-waf-cost-explained',
  ),
  webAclRequest: price('WAF', 0.6, 1e6, 'requests', 'c3x.dev/blog/aws-waf-cost-explained'),
  trace: price('X-Ray', 5, 1e6, 'traces recorded', 'aws.amazon.com/xray/pricing'),
} as const satisfies Readonly<Record<string, Price>>

export type PriceName = keyof typeof prices
