/** The count typed back: whoever lets a plan go ahead that takes a license from many says how many people it changes. */
import { type FieldFault, GatewayError } from '../../../errors.ts'
import type { Reading, Target } from '../../model/change.ts'
import { aboutChange } from '../../model/failure.ts'
import type { Header, Impact, MassRemoval } from '../../model/header.ts'
import type { Desk } from '../../record/desk.ts'
import { measureImpact } from './measure-impact.ts'

/** What is typed back; absent where nothing was. */
export type TypedCount = number | undefined

/** How the change is called in a sentence, and its id where it is on record. */
interface Confirmed {
  readonly called: string
  readonly changeId?: string | undefined
}

/**
 * What the plan on record does to people. Of a record without it, it is measured by what the plan found.
 *
 * @throws GatewayError `ledger.unavailable`
 */
export async function readImpact(desk: Desk, header: Header): Promise<Impact> {
  if (header.impact) return header.impact
  if (header.kind === 'toggle' || header.extends !== undefined) return { people: 0 }
  const targets: Target[] = []
  const values: Reading[] = []
  const rows = header.list ? desk.ledger.parts(header) : [await desk.ledger.plan(header)]
  for await (const { targets: some, before } of rows) {
    targets.push(...some)
    values.push(...some.map((_, index) => before?.[index]))
  }
  return await measureImpact(desk, targets, values, true)
}

/** A count may be given always, and must be right then. @throws GatewayError `change.people.unconfirmed` */
export function refuseWrongCount({ id }: Header, { people }: Impact, typed: TypedCount): void {
  if (typed !== undefined) refuseOtherCount({ called: `The change ${id}`, changeId: id }, people, typed)
}

/** @throws GatewayError `change.people.unconfirmed` where it asks for the count and none was given. */
export function refuseUncounted({ id }: Header, impact: Impact, typed: TypedCount): void {
  refuseMissing({ called: `The change ${id}`, changeId: id }, impact, typed)
}

/** Both, of an undoing that is not on record yet. @throws GatewayError `change.people.unconfirmed` */
export function refuseUnconfirmedUndo({ undoes, impact }: Header, typed: TypedCount): void {
  const confirmed = { called: `Undoing ${undoes}` }
  if (typed !== undefined) refuseOtherCount(confirmed, impact?.people ?? 0, typed)
  refuseMissing(confirmed, impact, typed)
}

function refuseMissing(confirmed: Confirmed, impact: Header['impact'], typed: TypedCount): void {
  const [first] = impact?.massRemovals ?? []
  if (impact === undefined || first === undefined || typed !== undefined) return
  throw unconfirmedError(confirmed, `takes ${removalText(first)} and changes ${peopleText(impact.people)}`)
}

function refuseOtherCount(confirmed: Confirmed, people: number, typed: number): void {
  if (typed === people) return
  throw unconfirmedError(confirmed, `changes ${peopleText(people)} and not ${typed}`)
}

function unconfirmedError({ called, changeId }: Confirmed, does: string): GatewayError {
  const field: FieldFault = {
    fieldName: 'confirmPeople',
    errorCode: 'PEOPLE_UNCONFIRMED',
    message: 'must be the number of different people whom the plan changes',
  }
  return new GatewayError(
    'change.people.unconfirmed',
    `${called} ${does}: look at it, and type that number back, as confirmPeople in the body or in chat behind “confirm” and the change’s id`,
    {
      faults: [
        field,
        ...(changeId === undefined
          ? []
          : [aboutChange(changeId, 'the count of its people was not typed back')]),
      ],
    },
  )
}

/** `cloudCX3 from 37 of the 120 people who hold it`. */
function removalText({ licenseId, people, holders }: MassRemoval): string {
  return holders === undefined
    ? `${licenseId} from ${peopleText(people)}, where nobody has read lately how many hold it,`
    : `${licenseId} from ${people} of the ${peopleText(holders)} who hold it`
}

const peopleText = (count: number) => (count === 1 ? '1 person' : `${count} people`)
