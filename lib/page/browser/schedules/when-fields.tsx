import { useId } from 'preact/hooks'
import { Choice, Field } from '../parts/field.tsx'
import { zoneNameOf } from '../parts/field-times.ts'
import type { WantedFields, WantedSchedule } from './wanted-schedule.ts'

const whens: readonly (readonly [value: WantedSchedule['when'], label: string])[] = [
  ['once', 'Once, at a time'],
  ['weekly', 'On days of the week'],
  ['monthly', 'On a day of each month'],
  ['rate', 'Again and again, so far apart'],
  ['cron', 'By a cron expression'],
]

const weekdays = [
  ['MON', 'Monday'],
  ['TUE', 'Tuesday'],
  ['WED', 'Wednesday'],
  ['THU', 'Thursday'],
  ['FRI', 'Friday'],
  ['SAT', 'Saturday'],
  ['SUN', 'Sunday'],
] as const

const days: readonly (readonly [value: string, label: string])[] = [
  ...Array.from({ length: 31 }, (_, place) => [`${place + 1}`, `Day ${place + 1}`] as const),
  ['L', 'The last day'],
]

const units: readonly (readonly [value: WantedSchedule['unit'], label: string])[] = [
  ['minute', 'minutes'],
  ['hour', 'hours'],
  ['day', 'days'],
]

const zones = Intl.supportedValuesOf('timeZone')

/** When a schedule does it. */
export function WhenFields(fields: WantedFields) {
  const { wanted, change } = fields
  const named = [...new Set([wanted.timeZone, 'UTC', ...zones])]
  return (
    <section>
      <h2>When</h2>
      <div class="filters">
        <Choice
          label="It happens"
          value={wanted.when}
          options={whens}
          onChange={({ currentTarget }) =>
            change({ when: whens.find(([value]) => value === currentTarget.value)?.[0] ?? 'once' })
          }
        />
        <OneKind {...fields} />
        <Choice
          label="In the time of"
          value={wanted.timeZone}
          options={named.map((name) => [name, zoneNameOf(name)] as const)}
          onChange={({ currentTarget: { value } }) => change({ timeZone: value })}
        />
      </div>
      {wanted.when === 'weekly' && <Weekdays {...fields} />}
    </section>
  )
}

function OneKind(fields: WantedFields) {
  const { wanted, faults, change } = fields
  switch (wanted.when) {
    case 'once':
      return (
        <Field
          label="Day and time"
          type="datetime-local"
          value={wanted.at}
          fault={faults.at}
          isRequired
          onInput={({ currentTarget: { value } }) => change({ at: value })}
        />
      )
    case 'weekly':
      return <TimeField {...fields} />
    case 'monthly':
      return (
        <>
          <Choice
            label="Day"
            hint={Number(wanted.day) > 28 ? 'A month without such a day is left out' : ''}
            value={wanted.day}
            options={days}
            onChange={({ currentTarget: { value } }) => change({ day: value })}
          />
          <TimeField {...fields} />
        </>
      )
    case 'rate':
      return (
        <>
          <Field
            label="Every"
            inputMode="numeric"
            value={wanted.count}
            fault={faults.count}
            isRequired
            onInput={({ currentTarget: { value } }) => change({ count: value })}
          />
          <Choice
            label="Minutes, hours or days"
            value={wanted.unit}
            options={units}
            onChange={({ currentTarget }) =>
              change({ unit: units.find(([value]) => value === currentTarget.value)?.[0] ?? 'day' })
            }
          />
        </>
      )
    default:
      return (
        <Field
          label="Cron expression"
          hint="Minute, hour, day, month, weekday and year, such as 0 8 ? * MON *"
          value={wanted.cron}
          maxLength={256}
          fault={faults.cron}
          isRequired
          onInput={({ currentTarget: { value } }) => change({ cron: value })}
        />
      )
  }
}

function TimeField({ wanted, faults, change }: WantedFields) {
  return (
    <Field
      label="Time"
      type="time"
      value={wanted.time}
      fault={faults.time}
      isRequired
      onInput={({ currentTarget: { value } }) => change({ time: value })}
    />
  )
}

function Weekdays({ wanted, faults, change }: WantedFields) {
  const id = useId()
  return (
    <fieldset class="weekdays" aria-describedby={`${id}-fault`}>
      <legend class="required">Days</legend>
      {weekdays.map(([day, name]) => (
        <label key={day}>
          <input
            type="checkbox"
            checked={wanted.weekdays.includes(day)}
            onChange={({ currentTarget: { checked } }) =>
              change({
                weekdays: weekdays
                  .map(([each]) => each)
                  .filter((each) => (each === day ? checked : wanted.weekdays.includes(each))),
              })
            }
          />
          {name}
        </label>
      ))}
      <span id={`${id}-fault`} class={faults.weekdays === undefined ? 'unseen' : 'fault'} role="alert">
        {faults.weekdays}
      </span>
    </fieldset>
  )
}
