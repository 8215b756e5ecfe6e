/**
 * Changes without a ledger: each is sent once and answered with what upstream said. The recorded write path takes
 * this module's place behind the same port.
 */
import { GatewayError } from '../errors.ts'
import { modelOf } from '../genesys/answers.ts'
import { sameToggle } from '../genesys/client.ts'
import type { Scope } from '../genesys/scope.ts'
import type { TransportResponse } from '../genesys/transport.ts'
import { send } from '../genesys/writes.ts'
import { canonical, countPairs, MAX_PAIRS } from '../license/assignments.ts'
import { LicenseOrgToggle, LicenseUpdateStatuses } from '../license/models.ts'
import type { Changes } from './port.ts'

export function sendOnce(scope: Scope): Changes {
  return {
    async assign(batch) {
      const pairs = countPairs(batch)
      if (pairs > MAX_PAIRS) {
        throw new GatewayError(
          'request.entity.too.large',
          `The request names ${pairs} (license, user) pairs; at most ${MAX_PAIRS} are taken at once`,
        )
      }
      return await settled(
        scope,
        { method: 'POST', path: '/api/v2/license/organization', body: canonical(batch) },
        (response) => modelOf(response, LicenseUpdateStatuses),
        'GET /api/v2/license/users/{userId} for the users named',
      )
    },

    async toggle(featureName) {
      const path = `/api/v2/license/toggles/${encodeURIComponent(featureName)}`
      return await settled(
        scope,
        { method: 'POST', path },
        (response) => sameToggle(modelOf(response, LicenseOrgToggle), featureName),
        `GET ${path}`,
      )
    },
  }
}

async function settled<T>(
  scope: Scope,
  call: Parameters<typeof send>[1],
  read: (response: TransportResponse) => T,
  whereToLook: string,
): Promise<T> {
  const outcome = await send(scope, call)
  if (outcome.kind === 'refused') throw outcome.error
  if (outcome.kind === 'ambiguous') throw outcomeUnknown(outcome.error, whereToLook)
  try {
    return read(outcome.response)
  } catch (error) {
    // A 2xx whose body is unusable: upstream most likely acted, and nobody saw what it did.
    throw error instanceof GatewayError ? outcomeUnknown(error, whereToLook) : error
  }
}

/** 504 where time ran out, 409 where upstream said so itself, else 502. */
function outcomeUnknown(cause: GatewayError, whereToLook: string): GatewayError {
  const status = cause.code === 'request.timeout' ? 504 : cause.upstreamStatus === 409 ? 409 : 502
  return new GatewayError(
    'outcome.unknown',
    `${cause.message}. The change was sent once and may have been applied: its outcome is unknown. Look before you send it again: ${whereToLook}`,
    {
      status,
      cause,
      ...(cause.upstreamStatus === undefined ? {} : { upstreamStatus: cause.upstreamStatus }),
    },
  )
}
