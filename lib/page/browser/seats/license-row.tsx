/** One license: how it stands in words, a bar, and its days. */
import { Fragment } from 'preact'
import { useState } from 'preact/hooks'
import { dayStretchesOf, overOf } from '../../../seats/page/days.ts'
import { DAY_SHOWS, doubtTextsOf, paidBeforeText, wordsOfId } from '../../../seats/words/seat-words.ts'
import { Chip } from '../parts/chip.tsx'
import { Table } from '../parts/table.tsx'
import { localDayOf, numberOf, Time } from '../parts/times.tsx'
import { hashOf } from '../shell/route.ts'
import { leftOf, type SeatsOfLicense } from './concern.ts'
import { Plot, Sparkline } from './day-chart.tsx'
import { SeatBar } from './seat-bar.tsx'
import type { DaysBehind } from './seat-days.ts'

interface LicenseRowProps {
  readonly license: SeatsOfLicense
  readonly days: DaysBehind
}

export function LicenseRow({ license, days }: LicenseRowProps) {
  const { licenseId, seats } = license
  // Those whose seats nobody has told stand below a heading of their own.
  const Name = seats === undefined ? 'h3' : 'h2'
  return (
    <li class="license">
      <div class="glance">
        <div class="name">
          <Name>
            <a href={hashOf(['people'], { license: licenseId })}>
              <bdi>
                {wordsOfId(licenseId).map((word, place) => (
                  <Fragment key={word}>
                    {place > 0 && <wbr />}
                    {word}
                  </Fragment>
                ))}
              </bdi>
              <span class="unseen">: who holds it</span>
            </a>
          </Name>
          <Standing license={license} />
        </div>
        <div>
          <SeatBar license={license} />
          <Figures license={license} />
        </div>
        <Sparkline of={licenseId} behind={days} />
      </div>
      {doubtTextsOf(license).map((text) => (
        <p key={text} class="note doubt">
          {text}
        </p>
      ))}
      <div class="more">
        <ByDay licenseId={licenseId} behind={days} />
        {seats !== undefined && license.held > 0 && (
          <a class="newest" href={hashOf(['people'], { license: licenseId, order: 'newest' })}>
            Who was given it last<span class="unseen">: {licenseId}</span>
          </a>
        )}
      </div>
    </li>
  )
}

function Standing({ license }: { readonly license: SeatsOfLicense }) {
  const { standing, over = 0 } = license
  const left = leftOf(license)
  if (standing === 'over') return <Chip tone="bad">{numberOf(over)} over</Chip>
  if (standing === 'near')
    return <Chip tone="warning">{left === 0 ? 'None left' : `${numberOf(left)} left`}</Chip>
  if (standing === 'within') return <Chip tone="good">{numberOf(left)} left</Chip>
  return null
}

const FROM = { contract: 'by the contract', orgFile: 'by the org file', none: '' } as const

function Figures({ license }: { readonly license: SeatsOfLicense }) {
  const { held, unknown = 0, seats, seatsFrom, billed, billedAsOf } = license
  return (
    <p class="figures">
      <b>{numberOf(held)}</b> held
      {seats !== undefined && (
        <>
          , <b>{numberOf(seats)}</b> paid for <span class="note">{FROM[seatsFrom]}</span>
        </>
      )}
      {unknown > 0 && (
        <span class="note">
          ; of {numberOf(unknown)} more it is not known, after a write without an answer
        </span>
      )}
      {billed !== undefined && (
        <span class="note">
          ; {numberOf(billed)} billed so far
          {billedAsOf && (
            <>
              , as of <Time at={billedAsOf} />
            </>
          )}
        </span>
      )}
    </p>
  )
}

/** The same in figures, and larger: for whoever wants to read it, or hears the page. */
function ByDay({ licenseId, behind }: { readonly licenseId: string; readonly behind: DaysBehind }) {
  const [isOpen, setOpen] = useState(false)
  if (behind.days === undefined) {
    return (
      <details class="to-come">
        <summary>By day</summary>
      </details>
    )
  }
  if (!behind.days.some(({ held }) => held !== undefined)) return null
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        By day<span class="unseen"> of {licenseId}</span>
      </summary>
      {isOpen && (
        <>
          <Plot of={licenseId} behind={behind} />
          <p class="note">{DAY_SHOWS} Today is as of now.</p>
          {behind.seatsFromDay && <p class="note">{paidBeforeText(localDayOf(behind.seatsFromDay))}</p>}
          <Table
            caption={`${licenseId} by day, the latest first. Days are UTC`}
            rows={dayStretchesOf(behind.days).toReversed()}
            keyOf={({ day }) => day}
            columns={[
              {
                name: 'Days (UTC)',
                cell: ({ day, lastDay }) =>
                  day === lastDay ? localDayOf(day) : `${localDayOf(day)} to ${localDayOf(lastDay)}`,
              },
              {
                name: 'Held',
                isNumber: true,
                cell: ({ held, isWhole }) => (
                  <>
                    {figureOf(held, 'no reading')}
                    {isWhole === false && <span class="note under">somebody missing</span>}
                  </>
                ),
              },
              { name: 'Paid for', isNumber: true, cell: ({ seats }) => figureOf(seats, 'not told') },
              {
                name: 'Over',
                isNumber: true,
                cell: (stretch) => {
                  const over = overOf(stretch)
                  return over === undefined ? 'not known' : over === 0 ? '' : numberOf(over)
                },
              },
            ]}
          />
        </>
      )}
    </details>
  )
}

const figureOf = (value: number | undefined, without: string) =>
  value === undefined ? without : numberOf(value)
