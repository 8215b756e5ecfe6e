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

/** ResourceNotFoundException: 400, or 404 from services that speak REST. */
export function notFound(
  message = "Secrets Manager can't find the specified secret.",
  status = 400,
): AwsError {
  return new AwsError('ResourceNotFoundException', message, status)
}

/** 400 InvalidRequestException: the secret's state forbids it. */
export function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequestException', message)
}

/** 400 InvalidParameterException: the input forbids it. */
export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message)
}
