/** The options of `npm run change`, checked. */
import { extname } from 'node:path'
import * as z from 'zod/mini'
import { foldRecordId, RECORD_ID, resultOutcomes } from '../../lib/changes/answers/change-schemas.ts'
import { onConflictMember, timingMembers } from '../../lib/changes/model/change-order.ts'
import { DATA_OPTION, directoryOf } from '../local/run-file.ts'
import { mistyped, parsedArgs } from '../local/usage.ts'

const USAGE = `npm run change -- plan FILE.csv [options]
npm run change -- apply FILE.csv|ID [--confirm-people N] [options]
npm run change -- watch FILE.csv|ID [options]
npm run change -- results FILE.csv|ID [--outcome OUTCOME] [--out FILE] [options]
each with [--data DIR] for a running npm start, or with --url URL
gives and takes licenses by a file of user, license and action: shows what would change,
applies that, follows it to its end, and fetches what became of each row
a file that is handed in again, with the same options and by the same caller, is the change
that it was: so after a crash run the same line again; watch and results hand nothing in, and
know a file by what plan or apply noted of it here, with the same options
where a rule asks for approval, plan says so and asks nobody, apply asks an approver, and it is
carried out once it is approved
exit code 0: planned, or all of it applied or as desired already; 1: not so, or
undone since, and it says what to do; 2: typed wrong; 3: it was applied and waits for somebody
else's approval, and watch goes on from there`

/** What of an order goes along as query parameters of the file, by the name of its option. */
const ORDER_OPTIONS = {
  reason: { type: 'string', value: 'TEXT', says: 'of a file, as the five below: why, for the record' },
  'not-before': { type: 'string', value: 'TIME', says: 'applied, it waits until then: 2026-12-01T09:00:00Z' },
  'not-after': { type: 'string', value: 'TIME', says: 'past that it expires, where nothing was sent' },
  'revert-at': { type: 'string', value: 'TIME', says: 'it is taken back then' },
  'revert-after': {
    type: 'string',
    value: 'DURATION',
    says: 'it is taken back so long after it was applied: PT8H',
  },
  'on-conflict': {
    type: 'string',
    value: 'WHAT',
    says: 'abort: where somebody has changed a row since it was planned, no further part begins (skip: the list goes on)',
  },
} as const

const OPTIONS = {
  ...ORDER_OPTIONS,
  again: {
    type: 'boolean',
    default: false,
    says: 'with plan and apply: as a change of its own, though the same file was handed in before; go on with its id',
  },
  'confirm-people': {
    type: 'string',
    value: 'N',
    says: 'with apply: how many people the plan changes, where it takes a license from many',
  },
  outcome: { type: 'string', value: 'OUTCOME', says: `with results: only ${resultOutcomes.join(', ')}` },
  out: {
    type: 'string',
    value: 'FILE',
    says: 'with results: into a new file, which Excel reads, and not to the terminal',
  },
  data: DATA_OPTION,
  url: {
    type: 'string',
    value: 'URL',
    says: 'a deployed API: its address, with the stage where it has one; the token is taken from LICENSE_GATEWAY_TOKEN',
  },
} as const

const commands = ['plan', 'apply', 'watch', 'results'] as const
export type ListCommand = (typeof commands)[number]

/** A file, or a change that is on record. */
export type Subject = { readonly file: string } | { readonly id: string }

export interface ChangeOptions {
  readonly command: ListCommand
  readonly subject: Subject
  /** Query parameters that go along with the file. */
  readonly order: Readonly<Record<string, string>>
  readonly isAnew: boolean
  readonly confirmPeople: number | undefined
  readonly outcome: string | undefined
  readonly out: string | undefined
  readonly place: { readonly directory: string } | { readonly url: string }
}

/** @throws UsageError, HelpAsked */
export function changeOptions(args: readonly string[]): ChangeOptions {
  const { values, positionals } = parsedArgs(
    { args: [...args], allowPositionals: true, options: OPTIONS },
    USAGE,
  )
  const [word = '', named, ...rest] = positionals
  const command = commands.find((each) => each === word)
  if (!command) throw mistyped(`Say ${commands.join(', ')}`)
  if (!named || rest.length > 0)
    throw mistyped(`Say which file, or the id of which change: one behind ${command}`)
  const id = foldRecordId(named)
  const subject: Subject = RECORD_ID.test(id) ? { id } : { file: named }
  if (command === 'plan' && 'id' in subject)
    throw mistyped('plan takes a file; of a change on record watch tells')
  const { again, outcome, out } = values
  const typed = values['confirm-people']
  const order = orderOf(values)
  if ('id' in subject && (again || Object.keys(order).length > 0))
    throw mistyped('What is said of a file goes with a file: a change on record has it already')
  if (again && command !== 'plan' && command !== 'apply') throw mistyped('--again goes with plan and apply')
  if (typed !== undefined && command !== 'apply') throw mistyped('--confirm-people goes with apply')
  if (typed !== undefined && !/^\d{1,9}$/.test(typed))
    throw mistyped('--confirm-people must be a whole number')
  if ((outcome !== undefined || out !== undefined) && command !== 'results')
    throw mistyped('--outcome and --out go with results')
  if (out === '') throw mistyped('--out must name a file')
  if (out !== undefined && /^\.(?:xlsx?|ods)$/i.test(extname(out)))
    throw mistyped('--out writes CSV, which Excel reads: name a file that ends with .csv')
  if (outcome !== undefined && !resultOutcomes.some((each) => each === outcome))
    throw mistyped(`--outcome must be one of ${resultOutcomes.join(', ')}`)
  return {
    command,
    subject,
    order,
    isAnew: again,
    confirmPeople: typed === undefined ? undefined : Number(typed),
    outcome,
    out,
    place: placeOf(values.url, values.data),
  }
}

/** As the gateway takes it, which says the same by the names of the API. */
const Order = z.object({ ...timingMembers(), onConflict: onConflictMember() })

function optionOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** A sentence of the gateway's about what goes along with a file, by the names that were typed. */
export function withOptionNames(sentence: string): string {
  return sentence.replace(
    /\b(?:notBefore|notAfter|revertAt|revertAfter|onConflict)\b:?/g,
    (name) => `--${optionOf(name.replace(':', ''))}`,
  )
}

function orderOf(values: Readonly<Record<string, unknown>>): Record<string, string> {
  const order: Record<string, string> = {}
  for (const name of Object.keys(ORDER_OPTIONS)) {
    const value = values[name]
    if (typeof value === 'string')
      order[name.replace(/-(\w)/, (_, letter: string) => letter.toUpperCase())] = value
  }
  const [issue] = Order.safeParse(order).error?.issues ?? []
  if (issue) throw mistyped(`--${optionOf(String(issue.path[0]))} ${issue.message}`)
  if (order['revertAt'] !== undefined && order['revertAfter'] !== undefined)
    throw mistyped('--revert-after must be left out where --revert-at is given')
  return order
}

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/

function placeOf(url: string | undefined, data: string | undefined): ChangeOptions['place'] {
  if (url === undefined) return { directory: directoryOf(data) }
  if (data !== undefined) throw mistyped('One of --data and --url says which gateway')
  const parsed = URL.parse(url)
  const isBare = parsed && !parsed.username && !parsed.password && !parsed.search && !parsed.hash
  const isSafe =
    parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && LOOPBACK.test(parsed.hostname))
  if (!isBare || !isSafe)
    throw mistyped('--url must be an https address without a query, such as https://API/prod')
  return { url: url.replace(/\/+$/, '') }
}
