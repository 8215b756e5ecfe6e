/** What a write brings beside its path. */
export interface Written {
  readonly body?: unknown
  readonly idempotencyKey?: string
}

/** A REST proxy event (payload version 1.0) with the headers that a call over the internet brings. */
export function proxyEvent(
  method: 'GET' | 'POST' | 'PUT',
  resource: string,
  parameters: Record<string, string>,
  { body, idempotencyKey }: Written = {},
) {
  const path = resource.replaceAll(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? '')
  const headers = {
    Accept: 'application/json',
    'Accept-Encoding': 'gzip, deflate, br',
    Authorization: `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/eu-west-1/execute-api/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
    Host: 'abcdefghij.execute-api.eu-west-1.amazonaws.com',
    'User-Agent': 'license-report/1.4 node/24',
    'X-Amz-Date': '20260101T000000Z',
    'X-Amzn-Trace-Id': 'Root=1-67748580-0123456789abcdef01234567',
    'X-Forwarded-For': '192.0.2.10',
    'X-Forwarded-Port': '443',
    'X-Forwarded-Proto': 'https',
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey }),
  }
  return {
    resource,
    path,
    httpMethod: method,
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: parameters,
    stageVariables: null,
    body: body === undefined ? null : JSON.stringify(body),
    isBase64Encoded: false,
    requestContext: {
      accountId: '000000000000',
      apiId: 'abcdefghij',
      authorizer: null,
      domainName: 'abcdefghij.execute-api.eu-west-1.amazonaws.com',
      domainPrefix: 'abcdefghij',
      extendedRequestId: 'EXAMPLEextendedId=',
      httpMethod: method,
      identity: {
        accessKey: 'AKIAIOSFODNN7EXAMPLE',
        accountId: '000000000000',
        caller: 'AROAEXAMPLE:report',
        sourceIp: '192.0.2.10',
        userAgent: 'license-report/1.4 node/24',
        userArn: 'arn:aws:sts::000000000000:assumed-role/license-report/report',
      },
      path: `/live${path}`,
      protocol: 'HTTP/1.1',
      requestId: '11111111-1111-4111-8111-111111111111',
      requestTime: '01/Jan/2026:00:00:00 +0000',
      requestTimeEpoch: 1_767_225_600_000,
      resourceId: 'a1b2c3',
      resourcePath: resource,
      stage: 'live',
    },
  }
}
