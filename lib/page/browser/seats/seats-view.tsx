/** What is held of each license against what is paid for, and how that came in ninety days. Start reading here. */
import type { SeatListing } from '../../../seats/seat-schemas.ts'
import {
  CONCURRENT,
  capitalizeOver,
  contractGoneText,
  NOT_WHOLE,
  overTextOf,
} from '../../../seats/words/seat-words.ts'
import { useAnswer } from '../api/use-answer.ts'
import { useDownload } from '../api/use-download.ts'
import { Button } from '../parts/button.tsx'
import { Choice } from '../parts/field.tsx'
import { useFoundAloud } from '../parts/found-aloud.ts'
import { Callout, Empty, Loading, Problem } from '../parts/states.tsx'
import { localDayOf, numberOf, Time } from '../parts/times.tsx'
import { Heading } from '../shell/heading.tsx'
import { setFilters } from '../shell/use-route.ts'
import type { PageView } from '../shell/view.ts'
import { byConcern, isShown, type SeatsKind, type SeatsOfLicense, shows } from './concern.ts'
import { LicenseRow } from './license-row.tsx'
import { Reading } from './reading.tsx'
import { Hatches } from './seat-bar.tsx'
import { useSeatDays } from './seat-days.ts'
import './seats.css'

/** What changes settle is counted at once. */
const EVERY_MS = 20_000

export const seatsView: PageView = {
  name: 'seats',
  label: 'Seats',
  needs: 'getSeats',
  Show: ({ query }) => <Seats show={query.get('show') ?? ''} />,
}

function Seats({ show }: { readonly show: string }) {
  const { value: seats, problem, refresh } = useAnswer<SeatListing>('v1/seats', { everyMs: EVERY_MS })
  const days = useSeatDays(seats?.asOf)
  const isMeant = (name: string): name is SeatsKind => Object.hasOwn(shows, name)
  const shown = seats?.entities.filter((each) => !isMeant(show) || isShown[show](each)).sort(byConcern)
  useFoundAloud(show, shown?.length, ['license', 'licenses'])
  return (
    <div class="seats">
      <Hatches />
      <Heading text="Seats">
        <Reading asOf={seats?.asOf} onRead={refresh} />
      </Heading>
      <Problem problem={problem} onRetry={() => void refresh()} />
      {seats === undefined || shown === undefined ? (
        problem === undefined && <Loading />
      ) : (
        <>
          <Summary seats={seats} />
          {/* Where nothing can be had, once is enough. */}
          {problem === undefined && <Problem problem={days.problem} onRetry={() => void days.refresh()} />}
          <div class="filters">
            <Choice
              label="Show"
              value={isMeant(show) ? show : ''}
              options={[
                ['', `All licenses (${numberOf(seats.entities.length)})`],
                ...Object.entries(shows).map(([name, label]) => {
                  const count = isMeant(name) ? seats.entities.filter(isShown[name]).length : 0
                  return [name, `${label} (${numberOf(count)})`] as const
                }),
              ]}
              onChange={({ currentTarget: { value } }) => setFilters({ show: value })}
            />
          </div>
          {shown.length === 0 ? (
            <Empty>
              {seats.entities.length === 0
                ? 'Nobody holds any license, and the org file names none.'
                : 'No license is like that. Choose another, above.'}
            </Empty>
          ) : (
            <>
              <Licenses
                label="Licenses, those over their seats first"
                licenses={shown.filter((each) => !isShown.untold(each))}
                days={days}
              />
              <Untold licenses={shown.filter(isShown.untold)} days={days} unmapped={seats.unmapped} />
            </>
          )}
          <Download />
        </>
      )}
    </div>
  )
}

/** What is over, as of when, and what casts doubt on all of it. */
function Summary({ seats }: { readonly seats: SeatListing }) {
  const { asOf, isWhole, missing = 0, counting, contractGoneSince, entities } = seats
  const over = capitalizeOver(overTextOf(entities) ?? 'nobody has told how many seats are paid for')
  return (
    <>
      <p class="standing">
        <strong>{over}.</strong>{' '}
        <span class="note">
          As of <Time at={asOf} />, with what the gateway has settled since. Held is not billed
          {counting === 'named' && ': Genesys bills whoever logged in, at the highest license held'}.
        </span>
      </p>
      {!isWhole && (
        <Callout tone="warning">
          {NOT_WHOLE}
          {missing > 0 && ` Not found: ${numberOf(missing)} ${missing === 1 ? 'person' : 'people'}.`}
        </Callout>
      )}
      {counting === 'concurrent' && <Callout>{CONCURRENT}</Callout>}
      {contractGoneSince && (
        <Callout tone="warning">{contractGoneText(localDayOf(contractGoneSince.slice(0, 10)))}</Callout>
      )}
    </>
  )
}

interface LicensesProps {
  readonly licenses: readonly SeatsOfLicense[]
  readonly days: Pick<ReturnType<typeof useSeatDays>, 'of'>
}

function Licenses({ label, licenses, days }: LicensesProps & { readonly label: string }) {
  if (licenses.length === 0) return null
  return (
    <ul class="licenses" aria-label={label}>
      {licenses.map((license) => (
        <LicenseRow key={license.licenseId} license={license} days={days.of(license.licenseId)} />
      ))}
    </ul>
  )
}

/** What is missing is said once for all of them, with what to do about it. */
function Untold({
  licenses,
  days,
  unmapped,
}: LicensesProps & { readonly unmapped: SeatListing['unmapped'] }) {
  const [first] = licenses
  if (first === undefined) return null
  return (
    <section>
      <h2>Held, with no seats told</h2>
      <p class="note untold">
        A bar needs to know how many are paid for. Whoever runs the gateway says so in the org file, or on a
        laptop in <code>.local/policy.json</code>:{' '}
        <code>{`licenses: { ${first.licenseId}: { seats: 25 } }`}</code>, or with the names of the contract’s
        charges in place of a number.
      </p>
      <Unmapped charges={unmapped} />
      <Licenses label="Licenses whose seats nobody has told" licenses={licenses} days={days} />
    </section>
  )
}

/** What the contract has tells nobody which license it is for: a person must. */
function Unmapped({ charges }: { readonly charges: SeatListing['unmapped'] }) {
  const own = charges.filter(({ isShared, isUsage }) => !isShared && !isUsage)
  if (own.length === 0) return null
  return (
    <details>
      <summary>
        {own.length === 1
          ? 'The contract has a charge that is mapped to no license'
          : `The contract has ${numberOf(own.length)} charges that are mapped to no license`}
      </summary>
      <p class="note">
        Where one of them pays for a license here, ask whoever runs the gateway to map the charge to the
        license in the org file.
      </p>
      <ul>
        {own.map(({ charge, prepaid }) => (
          <li key={charge}>
            <bdi>{charge}</bdi>
            {prepaid !== undefined && `, ${numberOf(prepaid)} paid for`}
          </li>
        ))}
      </ul>
    </details>
  )
}

function Download() {
  const download = useDownload()
  return (
    <>
      <Problem problem={download.problem} />
      <Button
        isBusy={download.isBusy}
        onClick={() => void download.start({ path: 'v1/seats', accept: 'text/csv' })}
      >
        Download as CSV
      </Button>
    </>
  )
}
