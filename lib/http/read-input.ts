/** From a request to an operation's input: parameters, query and body against their schemas, all faults at once. */
import { type $ZodType, safeParse } from 'zod/v4/core'
import { GatewayError } from '../errors.ts'
import { Faults, faultsOf, printableNameOf, sentenceOf } from '../field-faults.ts'
import { idempotencyOf, type Operation } from '../operation.ts'
import { ruleFor } from '../text.ts'
import type { Input } from './chain.ts'
import { readBody } from './read-body.ts'
import type { RestRequest } from './rest-request.ts'

/**
 * @throws GatewayError `bad.request` naming every faulty field; 413 and 415 for the body as a whole.
 */
export function readInput(operation: Operation, request: RestRequest): Input {
  const faults = new Faults()
  const params: Record<string, unknown> = {}
  for (const [name, schema] of Object.entries(operation.params)) {
    const value = decodeOnce(request.pathParameters.get(name))
    params[name] = checkValue(schema, value, name, faults)
  }

  const query: Record<string, unknown> = {}
  for (const name of request.query.keys()) {
    if (Object.hasOwn(operation.query, name)) continue
    const known = Object.keys(operation.query).join(', ') || 'none'
    faults.add({
      fieldName: printableNameOf(name),
      errorCode: 'UNKNOWN_PARAMETER',
      message: ruleFor(`Unknown query parameter; known are: ${known}`, name),
    })
  }
  for (const [name, schema] of Object.entries(operation.query)) {
    query[name] = checkValue(schema, request.query.get(name), name, faults)
  }

  const body = readBodyOf(operation, request, faults)
  if (idempotencyOf(operation) === 'required' && !request.headers.has('idempotency-key')) {
    faults.add({
      fieldName: 'idempotency-key',
      errorCode: 'MISSING_HEADER',
      message:
        'Send an Idempotency-Key of your own making, 1 to 255 of A-Z a-z 0-9 _ . : -, and the same one when you repeat the request',
    })
  }
  faults.refuse()
  return { params, query, body }
}

/** @throws GatewayError 413 and 415, which are about the body as a whole; what else is wrong joins the faults. */
function readBodyOf({ body: spec }: Operation, request: RestRequest, faults: Faults): unknown {
  try {
    const raw = readBody(request, spec === undefined ? 'none' : spec.isOptional ? 'optional' : 'required')
    return spec === undefined || raw === undefined ? undefined : checkValue(spec.schema, raw, '', faults)
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== 'bad.request') throw error
    faults.addEach(error.faults)
    return undefined
  }
}

/** Percent-decodes exactly once; a malformed escape becomes a value that no grammar takes. */
function decodeOnce(raw: string | undefined): string {
  try {
    return decodeURIComponent(raw ?? '')
  } catch {
    return '%'
  }
}

function checkValue(schema: $ZodType, value: unknown, name: string, faults: Faults): unknown {
  // Without its input an issue does not tell a missing field from one of the wrong type.
  const result = safeParse(schema, value, { reportInput: true, error: sentenceOf })
  if (result.success) return result.data
  faults.addEach(faultsOf(result.error, name))
  return undefined
}
