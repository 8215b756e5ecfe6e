import type { OrgRequest } from '../request.ts'
import type { OrgClients } from './access/clients.ts'
import { type OrgRole, roles } from './access/roles.ts'
import { jsonAnswer, type OrgAnswer } from './answers.ts'
import { type FaultBook, type OrgFault, parseFaults } from './faults/faults.ts'
import type { LoggedRequest, OrgRequestLog } from './faults/request-log.ts'
import { type OrgPerson, person } from './people/people.ts'
import type { Truth, TruthReport } from './truth.ts'

/** What one may ask and tell an org apart from its API: over `/__org/...` or in the same process. */
export interface Control {
  /** Who holds what, and which toggles are on. GET /__org/truth */
  readonly truth: () => TruthReport
  /** Every request but the control ones, in order of arrival. GET /__org/requests */
  readonly requests: () => LoggedRequest[]
  /** Truth back to the beginning; faults, request log and rate counters cleared; tokens stay valid. POST /__org/reset */
  readonly reset: () => void
  /** Adds faults; throws an Error with a sentence where one makes no sense. POST /__org/faults */
  readonly addFaults: (faults: readonly OrgFault[]) => void
  /** The faults that remain, with what is left of their skip and times. GET /__org/faults */
  readonly faults: () => OrgFault[]
  /** Forgets all faults. DELETE /__org/faults */
  readonly clearFaults: () => void
  /** The first people (default 25), so that a newcomer finds an id. GET /__org/people?limit=N */
  readonly people: (limit?: number) => OrgPerson[]
  /** All roles, for the infer operations. GET /__org/roles */
  readonly roles: () => readonly OrgRole[]
  /** The made-up OAuth clients with their secrets, to type into `npm run credentials`. GET /__org/clients */
  readonly clients: OrgClients
}

/** Binds the control to an org's parts; `reset` is what resetting takes. */
export function createControl(
  truth: Truth,
  log: OrgRequestLog,
  faults: FaultBook,
  clients: OrgClients,
  reset: () => void,
): Control {
  return {
    clients,
    truth: truth.report,
    requests: log.list,
    reset,
    addFaults: (added) => faults.add(parseFaults(added)),
    faults: faults.list,
    clearFaults: faults.clear,
    people: (limit = 25) => Array.from({ length: Math.min(limit, truth.users) }, (_, index) => person(index)),
    roles: () => roles,
  }
}

/** Answers a request to /__org/...; refusals are `{ message }` with a sentence. */
export function answerControlRequest(control: Control, request: OrgRequest): OrgAnswer {
  const { method, path, query } = request
  switch (`${method} ${path}`) {
    case 'GET /__org/truth':
      return jsonAnswer(200, control.truth())
    case 'GET /__org/requests':
      return jsonAnswer(200, control.requests())
    case 'POST /__org/reset':
      control.reset()
      return jsonAnswer(200, {})
    case 'GET /__org/faults':
      return jsonAnswer(200, control.faults())
    case 'POST /__org/faults':
      return addFaults(control, request.body?.toString('utf8') ?? '')
    case 'DELETE /__org/faults':
      control.clearFaults()
      return jsonAnswer(200, [])
    case 'GET /__org/people':
      return listPeople(control, new URLSearchParams(query).get('limit'))
    case 'GET /__org/clients':
      return jsonAnswer(200, control.clients)
    case 'GET /__org/roles':
      return jsonAnswer(200, control.roles())
    default:
      return jsonAnswer(404, { message: `There is no ${method} ${path} in the control interface.` })
  }
}

function addFaults(control: Control, body: string): OrgAnswer {
  try {
    control.addFaults(JSON.parse(body))
    return jsonAnswer(200, control.faults())
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return jsonAnswer(400, {
      message: error instanceof SyntaxError ? 'The body is not JSON.' : error.message,
    })
  }
}

function listPeople(control: Control, limit: string | null): OrgAnswer {
  if (limit === null) return jsonAnswer(200, control.people())
  if (!/^\d{1,7}$/.test(limit)) return jsonAnswer(400, { message: 'limit must be a whole number.' })
  return jsonAnswer(200, control.people(Number(limit)))
}
