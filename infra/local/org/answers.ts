/** An HTTP answer before it is sent: header names as they go out; the body's length is added when it is sent. */
export interface OrgAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
}

/** A JSON answer. */
export function jsonAnswer(status: number, value: unknown, headers: Record<string, string> = {}): OrgAnswer {
  return { status, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(value) }
}

/** What stands before Genesys turns a request without a name away with, as firewalls do with scripts: no ErrorBody. */
export const namelessAnswer: OrgAnswer = {
  status: 403,
  headers: { 'Content-Type': 'text/html' },
  body: '<html><head><title>403 Forbidden</title></head><body>Requests need a User-Agent.</body></html>',
}

/** What a refusal says: Genesys's code, and its message with `{name}` where a parameter goes. */
export interface OrgRefusal {
  readonly status: number
  readonly code: string
  readonly template: string
  readonly params?: Readonly<Record<string, string>>
  readonly details?: readonly { readonly errorCode: string; readonly fieldName: string }[]
  readonly limit?: { readonly key: string; readonly namespace: string; readonly value: number }
  readonly headers?: Record<string, string>
}

/** Genesys's ErrorBody; `contextId` is the correlation id of the request. */
export function errorAnswer(refusal: OrgRefusal, correlationId: string): OrgAnswer {
  const { status, code, template, params = {}, details = [], limit, headers } = refusal
  const message = template.replace(/\{(\w+)\}/g, (placeholder, name: string) => params[name] ?? placeholder)
  const body = {
    message,
    code,
    status,
    messageWithParams: template,
    messageParams: params,
    contextId: correlationId,
    details,
    errors: [],
    ...(limit && { limit }),
  }
  return jsonAnswer(status, body, headers)
}
