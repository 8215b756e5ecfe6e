import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import {
  Architecture,
  type Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { acknowledgePatterns } from '../api/acknowledge-patterns.ts'
import { memoryMbOf } from './memory.ts'
import type { Supply } from './supply.ts'

/** Where a function's code is, by its file's name without folder and ending, e.g. `get-license-user`. */
export type CodeOf = (functionName: string) => Code

/** What all functions of a stack have in common. */
export interface FunctionDefaults {
  readonly codeOf: CodeOf
  /** Environment of every function; never a secret. */
  readonly environment: Readonly<Record<string, string>>
  readonly key: IKey
  /** Days; one of the periods CloudWatch Logs knows. */
  readonly logRetention: RetentionDays
  /** The folder of the log groups, without a slash at either end. */
  readonly logPath: string
}

export interface GatewayFunctionProps {
  readonly defaults: FunctionDefaults
  /** The file's name without folder and ending. */
  readonly name: string
  readonly description: string
  readonly timeout: Duration
  /** Variables that only this function has. */
  readonly environment?: Readonly<Record<string, string>>
  /** What it is given beyond that. */
  readonly supplies?: readonly Supply[]
}

/**
 * One Lambda with a role and a log group of its own. The role may write that log group and trace, use the supplies,
 * and nothing else; what is granted after that is on exact ARNs too.
 */
export class GatewayFunction extends Construct {
  /** The file's name without folder and ending. */
  readonly fileName: string
  readonly lambda: LambdaFunction
  readonly role: Role

  constructor(scope: Construct, id: string, props: GatewayFunctionProps) {
    super(scope, id)
    const { defaults, name, description, timeout, environment, supplies = [] } = props
    this.fileName = name
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description,
    })
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/${defaults.logPath}/${name}`,
      retention: defaults.logRetention,
      encryptionKey: defaults.key,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    logGroup.grantWrite(this.role)
    this.lambda = new LambdaFunction(this, 'Function', {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: defaults.codeOf(name),
      description,
      memorySize: memoryMbOf(name),
      timeout,
      role: this.role,
      environment: Object.assign(
        {},
        defaults.environment,
        environment,
        ...supplies.map((supply) => supply.environment),
      ),
      layers: supplies.flatMap(({ layers = [] }) => layers),
      tracing: Tracing.ACTIVE,
      loggingFormat: LoggingFormat.JSON,
      logGroup,
    })
    for (const supply of supplies) this.#grant(supply)
    Validations.of(this.role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'X-Ray knows no resource for PutTraceSegments and PutTelemetryRecords: IAM accepts * alone',
    })
  }

  #grant({ statements = [], patternReason }: Supply): void {
    for (const statement of statements) this.role.addToPolicy(statement)
    if (patternReason === undefined) return
    const arns = statements.flatMap(({ resources }) => resources)
    acknowledgePatterns(this.role, arns, patternReason)
  }
}

/** The longest an API operation may take, seconds: its 14 s deadline with authorizer and cold start before it, AWS calls that hang, and under 30 s in all. */
export const OPERATION_TIMEOUT = Duration.seconds(28)

/**
 * The longest that what streams may take, seconds: a file of 100,000 people goes out at the pace of whoever takes it, and
 * API Gateway lets through 2 MB a second after the first 10 MB. Its first byte has the time of every other answer.
 */
export const STREAM_TIMEOUT = Duration.seconds(120)
