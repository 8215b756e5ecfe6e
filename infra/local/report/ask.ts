/** What `npm run report` asks the gateway, and what it makes of a refusal. */
import * as z from 'zod/mini'

const Figures = z.object({
  id: z.string(),
  start: z.string(),
  end: z.string(),
  status: z.string(),
  asOf: z.optional(z.string()),
  isWhole: z.optional(z.boolean()),
  counting: z.optional(z.string()),
  licenses: z.array(
    z.object({
      licenseId: z.string(),
      seats: z.optional(z.number()),
      over: z.optional(z.number()),
      overSince: z.optional(z.string()),
    }),
  ),
})
/** A period as far as its three lines go. */
export type Figures = z.output<typeof Figures>

const Listing = z.object({
  entities: z.array(z.object({ id: z.string(), start: z.string(), end: z.string(), status: z.string() })),
})
const Refusal = z.object({ code: z.string(), message: z.string() })

/** So many periods are named to whoever asked for one that there is not: a year of months. */
const MOST_PERIODS = 12

export interface RunningGateway {
  /** Base URL without a trailing slash. */
  readonly gateway: string
  /** A bearer token of a viewer. */
  readonly token: string
}

/** @throws Error with a sentence that says what to do where there is no such answer. */
export async function readFigures(asked: RunningGateway, period: string): Promise<Figures> {
  const text = await readPeriod(asked, period, 'application/json', '')
  return z.parse(Figures, JSON.parse(text.toString()))
}

/** The period, as its bytes came. @throws Error as above */
export async function readPeriod(
  asked: RunningGateway,
  period: string,
  accept: string,
  query: string,
): Promise<Buffer> {
  const response = await get(asked, `/v1/periods/${encodeURIComponent(period)}${query}`, accept)
  if (response.ok) return await bytesOf(response)
  if (response.status === 404) throw new Error(await unknownPeriod(asked, period))
  throw await refusalOf(response)
}

async function get({ gateway, token }: RunningGateway, path: string, accept: string): Promise<Response> {
  const headers = { accept, authorization: `Bearer ${token}` }
  return await fetch(gateway + path, { headers }).catch((cause: unknown) => {
    throw new Error(`The gateway at ${gateway} does not answer; is that npm start still running?`, { cause })
  })
}

/** A file that breaks off was not whole, and nobody should take it for that. */
async function bytesOf(response: Response): Promise<Buffer> {
  return await response.arrayBuffer().then(Buffer.from, (cause: unknown) => {
    throw new Error('The answer broke off before its end, so nothing was kept; ask again', { cause })
  })
}

async function unknownPeriod(asked: RunningGateway, period: string): Promise<string> {
  const response = await get(asked, '/v1/periods', 'application/json')
  if (!response.ok) throw await refusalOf(response)
  const { entities } = z.parse(Listing, await response.json())
  const there = entities
    .slice(0, MOST_PERIODS)
    .map(({ id, start, end, status }) => `\n  ${id}  ${start} to ${end}, ${status}`)
  const more = entities.length > MOST_PERIODS ? `\nand ${entities.length - MOST_PERIODS} older` : ''
  return `There is no period ${period}; say current, a day of one of these, or its id:${there.join('')}${more}`
}

async function refusalOf(response: Response): Promise<Error> {
  const said = Refusal.safeParse(await response.json().catch(() => undefined))
  if (!said.success) return new Error(`The gateway answered ${response.status}`)
  const { code, message } = said.data
  const wait = response.headers.get('retry-after')
  const again = wait === null ? '' : `; ask again in ${wait} s`
  return new Error(`${message} (${response.status} ${code})${again}`)
}
