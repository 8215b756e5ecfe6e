/** The rules of an org file about what the contract has: seats, the charges that pay for them, how they count. */
import * as z from 'zod'
import { weekdays } from '../../lib/changes/model/policy.ts'
import { countings } from '../../lib/license-terms.ts'
import { must, oneOf, text, whole } from './sentences.ts'

const SEATS = "a whole number of seats, the contract's"
const MAX_SEATS = Number.MAX_SAFE_INTEGER

const licenseId = text("a license's id", /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$/)
const seatCount = whole(SEATS, 0, MAX_SEATS)

const CHARGES = "a list of at least one charge's name, as Genesys's contract has it"

const terms = z
  .strictObject(
    {
      /** Seats of the contract. Default: what its charges say, where Genesys tells them. */
      seats: seatCount.optional(),
      /**
       * Names of the contract's charges that pay for it, such as `Genesys Cloud CX 3 Named`, in any case. No API of Genesys
       * joins charges and licenses, so what is not named here is shown as unmapped.
       */
      charges: z
        .array(text("a charge's name, on one line", /^\S(.{0,198}\S)?$/u), { error: must(CHARGES) })
        .min(1, { error: must(CHARGES) })
        .optional(),
    },
    { error: must('{ seats, charges }, of which one is needed') },
  )
  .refine(({ seats, charges }) => seats !== undefined || charges !== undefined, {
    error: 'must have seats, charges or both',
  })

const byLicense = <Each extends z.ZodType>(each: Each, rule: string) =>
  z.record(licenseId, each, { error: must(rule) }).superRefine((table, context) => {
    const ids = Object.keys(table)
    for (const id of ids) {
      const other = ids.find((candidate) => candidate < id && candidate.toLowerCase() === id.toLowerCase())
      if (other === undefined) continue
      const message = `must not be there beside ${other}: a license counts once, whatever its case`
      context.addIssue({ code: 'custom', path: [id], message })
    }
  })

/** What is paid for once counts once. */
export const licenses = byLicense(terms, "a table of a license's id -> { seats, charges }").superRefine(
  (table, context) => {
    const owners = new Map<string, string>()
    for (const [id, { charges = [] }] of Object.entries(table)) {
      for (const [index, charge] of charges.entries()) {
        const owner = owners.get(charge.toLowerCase())
        owners.set(charge.toLowerCase(), id)
        if (owner === undefined) continue
        const message = `must not be there, since ${owner} has it too: a charge counts for one license`
        context.addIssue({ code: 'custom', path: [id, 'charges', index], message })
      }
    }
  },
)

/** As `licenses` was written before. */
export const seats = byLicense(seatCount, "a table of a license's id -> seats")

export const counting = oneOf("'named' or 'concurrent', as your contract has it", countings)
export const nearPercent = whole('a whole number of per cent from 1 to 100', 1, 100)
export const digest = oneOf(`one of ${weekdays.join(', ')}`, weekdays)
