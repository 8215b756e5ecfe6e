import { useDefinitions } from '../api/use-definitions.ts'
import { Choice, Field } from '../parts/field.tsx'
import { PeoplePicker } from '../parts/people-picker.tsx'
import { Problem } from '../parts/states.tsx'
import type { WantedFields, WantedSchedule } from './wanted-schedule.ts'

const does: readonly (readonly [value: WantedSchedule['does'], label: string])[] = [
  ['give', 'Give a license'],
  ['take', 'Take a license'],
  ['toggle', 'Switch a toggle'],
]

/** What a schedule does. */
export function WhatFields(fields: WantedFields) {
  const { wanted, faults, isFinding, setFinding, change } = fields
  return (
    <section>
      <h2>What it does</h2>
      <div class="filters">
        <Choice
          label="It is to"
          value={wanted.does}
          options={does}
          onChange={({ currentTarget }) =>
            change({ does: does.find(([value]) => value === currentTarget.value)?.[0] ?? 'give' })
          }
        />
        {wanted.does === 'toggle' ? (
          <>
            <Field
              label="Toggle"
              hint="A feature, such as agentAssist"
              value={wanted.featureName}
              maxLength={128}
              fault={faults.featureName}
              isRequired
              onInput={({ currentTarget: { value } }) => change({ featureName: value })}
            />
            <Choice
              label="To"
              value={wanted.value}
              options={[
                ['on', 'on'],
                ['off', 'off'],
              ]}
              onChange={({ currentTarget: { value } }) => change({ value: value === 'off' ? 'off' : 'on' })}
            />
          </>
        ) : (
          <LicenseChoice {...fields} />
        )}
      </div>
      {wanted.does !== 'toggle' && (
        <PeoplePicker
          label={wanted.does === 'give' ? 'To whom' : 'From whom'}
          people={wanted.people}
          fault={isFinding ? undefined : faults.people}
          isRequired
          onChange={(people) => change({ people })}
          onType={(typed) => setFinding(typed !== '')}
        />
      )}
    </section>
  )
}

function LicenseChoice({ wanted, faults, change }: WantedFields) {
  const { definitions = [], problem, refresh } = useDefinitions()
  const ids = definitions.map(({ id }) => id)
  const known = wanted.licenseId === '' || ids.includes(wanted.licenseId) ? ids : [wanted.licenseId, ...ids]
  return (
    <>
      <Choice
        label="License"
        value={wanted.licenseId}
        fault={faults.licenseId}
        isRequired
        options={[['', 'Choose one'], ...known.map((id) => [id, id] as const)]}
        onChange={({ currentTarget: { value } }) => change({ licenseId: value })}
      />
      <Problem problem={problem} onRetry={() => void refresh()} />
    </>
  )
}
