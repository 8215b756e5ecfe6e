import * as z from 'zod/mini'
import type { OrgRequest } from '../request.ts'
import type { OrgClients } from './access/clients.ts'
import { type OrgRole, roles } from './access/roles.ts'
import { jsonAnswer, type OrgAnswer } from './answers.ts'
import { Assignments, applyAssignments, type OrgUpdateStatus } from './assignments.ts'
import { type FaultBook, type OrgFault, parseFaults } from './faults/faults.ts'
import type { LoggedRequest, OrgRequestLog } from './faults/request-log.ts'
import { type OrgPerson, person } from './people/people.ts'
import type { Presence } from './people/presence.ts'
import type { ToggleMode, Truth, TruthReport } from './truth.ts'

/** What one may ask and tell an org apart from its API: over `/__org/...` or in the same process. */
export interface Control {
  /** Who holds what, and which toggles are on. GET /__org/truth */
  readonly truth: () => TruthReport
  /** What one person holds in truth; undefined of nobody, and of who has vanished. */
  readonly licensesOf: (userId: string) => readonly string[] | undefined
  /** Every request but the control ones, in order of arrival. GET /__org/requests */
  readonly requests: () => LoggedRequest[]
  /**
   * Truth back to the beginning; faults, what they have put off, request log and rate counters cleared; tokens stay valid.
   * POST /__org/reset
   *
   * @param as how toggles behave from then on; as they did by default.
   */
  readonly reset: (as?: ToggleMode) => void
  /** Adds faults; throws an Error with a sentence where one makes no sense. POST /__org/faults */
  readonly addFaults: (faults: readonly OrgFault[]) => void
  /** The faults that remain, with what is left of their skip and times. GET /__org/faults */
  readonly faults: () => OrgFault[]
  /** Forgets all faults. DELETE /__org/faults */
  readonly clearFaults: () => void
  /** The first people (default 25), so that a newcomer finds an id. GET /__org/people?limit=N */
  readonly people: (limit?: number) => OrgPerson[]
  /** People leave and come back; throws an Error with a sentence where that makes no sense. POST /__org/people */
  readonly movePeople: (moves: readonly PersonMove[]) => void
  /** Somebody gives and takes licenses in Genesys's own pages. POST /__org/assignments */
  readonly assign: (batch: Assignments) => readonly OrgUpdateStatus[]
  /** All roles, for the infer operations. GET /__org/roles */
  readonly roles: () => readonly OrgRole[]
  /** The made-up OAuth clients with their secrets, to type into `npm run credentials`. GET /__org/clients */
  readonly clients: OrgClients
}

/**
 * Somebody leaves: inactive, deleted, or in no listing at all (`vanished`); or comes back. Inactive people lose their roles
 * and their licenses with them, and coming back brings none back; what becomes of a deleted one's is not documented ([?]).
 */
const PersonMove = z.strictObject(
  {
    id: z.string(),
    state: z.enum(['active', 'inactive', 'deleted', 'vanished']),
    keepsLicenses: z.optional(z.boolean()),
  },
  "must be { id, state: 'active', 'inactive', 'deleted' or 'vanished', keepsLicenses? }",
)
export interface PersonMove {
  readonly id: string
  readonly state: Presence
  /** Default: only who comes back, or has vanished. */
  readonly keepsLicenses?: boolean | undefined
}

interface ControlDependencies {
  readonly truth: Truth
  readonly log: OrgRequestLog
  readonly faults: FaultBook
  readonly clients: OrgClients
  /** What resetting takes. */
  readonly reset: Control['reset']
  /** Keeps what was changed. */
  readonly save: () => void
}

/** Binds the control to an org's parts. */
export function createControl({ truth, log, faults, clients, reset, save }: ControlDependencies): Control {
  return {
    clients,
    truth: truth.report,
    licensesOf(userId) {
      const index = truth.indexOf(userId)
      return index === undefined ? undefined : truth.now.licensesOf(index)
    },
    requests: log.list,
    reset,
    addFaults: (added) => faults.add(parseFaults(added)),
    faults: faults.list,
    clearFaults: faults.clear,
    people(limit = 25) {
      const found: OrgPerson[] = []
      for (const index of truth.presence.indexesFrom(0)) {
        if (found.length === limit) break
        found.push({ ...person(index), state: truth.presence.stateOf(index) })
      }
      return found
    },
    movePeople(moves) {
      const unknown = moves.find(({ id }) => !truth.isKnown(id))
      if (unknown) throw new Error(`Nobody has the id ${unknown.id}.`)
      for (const { id, state, keepsLicenses } of moves) {
        truth.move(id, state, keepsLicenses ?? (state === 'active' || state === 'vanished'))
      }
      save()
    },
    assign({ assignments }) {
      const statuses = applyAssignments(truth, assignments)
      save()
      return statuses
    },
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
      return answerTold(request, (text) => {
        control.addFaults(JSON.parse(text))
        return control.faults()
      })
    case 'DELETE /__org/faults':
      control.clearFaults()
      return jsonAnswer(200, [])
    case 'GET /__org/people':
      return listPeople(control, new URLSearchParams(query).get('limit'))
    case 'POST /__org/people':
      return answerTold(request, (text) => {
        control.movePeople(parsed(z.array(PersonMove, 'must be an array'), text))
        return {}
      })
    case 'POST /__org/assignments':
      return answerTold(request, (text) => control.assign(parsed(Assignments, text)))
    case 'GET /__org/clients':
      return jsonAnswer(200, control.clients)
    case 'GET /__org/roles':
      return jsonAnswer(200, control.roles())
    default:
      return jsonAnswer(404, { message: `There is no ${method} ${path} in the control interface.` })
  }
}

/** Answers what comes of a body in JSON; what it makes no sense of, with a sentence. */
function answerTold({ body }: OrgRequest, tell: (text: string) => unknown): OrgAnswer {
  try {
    return jsonAnswer(200, tell(body?.toString('utf8') ?? ''))
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return jsonAnswer(400, {
      message: error instanceof SyntaxError ? 'The body is not JSON.' : error.message,
    })
  }
}

/** @throws Error with a sentence about the first mistake; SyntaxError where it is no JSON. */
function parsed<S extends z.ZodMiniType>(schema: S, text: string): z.output<S> {
  const { success, data, error } = z.safeParse(schema, JSON.parse(text))
  if (success) return data
  const [issue] = error.issues
  const place = issue?.path.length ? issue.path.join('.') : 'The body'
  throw new Error(`${place} is refused: ${issue?.message ?? 'it makes no sense'}.`)
}

function listPeople(control: Control, limit: string | null): OrgAnswer {
  if (limit === null) return jsonAnswer(200, control.people())
  if (!/^\d{1,7}$/.test(limit)) return jsonAnswer(400, { message: 'limit must be a whole number.' })
  return jsonAnswer(200, control.people(Number(limit)))
}
