/** A handler as Lambda calls it. */
export type LambdaHandler = (event: unknown, context: unknown) => Promise<{ readonly statusCode: number }>

/** What Lambda hands a handler beside the event, as far as anything here reads it. */
export const lambdaContext = {
  awsRequestId: '00000000-0000-4000-8000-000000000000',
  functionName: 'bench',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:bench',
  memoryLimitInMB: '256',
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => 30_000,
}
