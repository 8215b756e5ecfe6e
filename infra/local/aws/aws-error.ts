/** An error as AWS's JSON protocols carry it: `type` is the short name, e.g. ResourceNotFoundException. */
export class AwsError extends Error {
  readonly type: string
  readonly status: number

  constructor(type: string, message: string, status = 400) {
    super(message)
    this.name = type
    this.type = type
    this.status = status
  }
}

/** 400 ResourceNotFoundException. */
export function notFound(message = "Secrets Manager can't find the specified secret."): AwsError {
  return new AwsError('ResourceNotFoundException', message)
}

/** 400 InvalidRequestException: the secret's state forbids it. */
export function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequestException', message)
}

/** 400 InvalidParameterException: the input forbids it. */
export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message)
}
