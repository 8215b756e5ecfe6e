/** People are found by typing, and chosen one after the other. */
import { useEffect, useState } from 'preact/hooks'
import type { User, UserListing } from '../../../people/user.ts'
import { useAnswer } from '../api/use-answer.ts'
import { tellAloud } from '../shell/tell-aloud.tsx'
import { Button } from './button.tsx'
import { PersonState } from './chip.tsx'
import { Field } from './field.tsx'
import { useFoundAloud } from './found-aloud.ts'
import { Problem } from './states.tsx'

interface PickedPerson {
  readonly id: string
  readonly name: string
}

interface PeoplePickerProps {
  /** What the chosen ones are called together. */
  readonly label: string
  readonly people: readonly PickedPerson[]
  readonly fault?: string | undefined
  readonly isRequired?: boolean
  readonly onChange: (people: readonly PickedPerson[]) => void
  /** What is typed to find somebody, with each key; empty once they are chosen. */
  readonly onType?: (typed: string) => void
}

/** After the last key, milliseconds. */
const TYPING_MS = 200
const SHOWN = 6

export function PeoplePicker({
  label,
  people,
  fault,
  isRequired = false,
  onChange,
  onType,
}: PeoplePickerProps) {
  const [typed, setTyped] = useState('')
  const search = useSettled(typed.trim())
  const found = useAnswer<UserListing>(
    search === '' ? undefined : `v1/users?search=${encodeURIComponent(search)}&limit=${SHOWN}`,
  )
  const others = (found.value?.entities ?? []).filter((user) => !people.some((each) => each.id === user.id))
  useFoundAloud(search, found.value && others.length, ['person', 'people'], found.value?.next !== undefined)

  function type(value: string): void {
    setTyped(value)
    onType?.(value.trim())
  }

  function choose(user: User | undefined): void {
    if (user === undefined) return
    const name = calledOf(user)
    onChange([...people, { id: user.id, name }])
    type('')
    tellAloud(`${name} is chosen.`)
  }

  return (
    <fieldset class="picker">
      <legend class={isRequired ? 'required' : undefined}>{label}</legend>
      {people.length > 0 && (
        <ul class="picked" aria-label={`${label}, chosen`}>
          {people.map((person) => (
            <li key={person.id}>
              {person.name}
              <Button
                look="quiet"
                aria-label={`Leave out ${person.name}`}
                onClick={() => {
                  onChange(people.filter((each) => each.id !== person.id))
                  tellAloud(`${person.name} is left out.`)
                }}
              >
                <span aria-hidden="true">✕</span>
              </Button>
            </li>
          ))}
        </ul>
      )}
      <Field
        label="Find somebody"
        hint="Part of a name, or how an e-mail or id begins"
        type="search"
        inputMode="search"
        value={typed}
        maxLength={128}
        fault={fault}
        onInput={({ currentTarget: { value } }) => type(value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          // It is the search that is ended, and not the form.
          event.preventDefault()
          if (others.length === 1 && search === typed.trim()) choose(others[0])
        }}
      />
      <Problem problem={found.problem} onRetry={() => void found.refresh()} />
      {search !== '' && found.value && (
        <ul class="found-people" aria-label="Found">
          {others.map((user) => (
            <li key={user.id}>
              <Button onClick={() => choose(user)}>
                <span class="unseen">Choose </span>
                {calledOf(user)}
                <PersonState state={user.state} />
                {user.email && user.name && <span class="note"> {user.email}</span>}
              </Button>
            </li>
          ))}
          {others.length === 0 && <li class="note">Nobody else fits.</li>}
          {found.value.next !== undefined && <li class="note">There are more: type more of the name.</li>}
        </ul>
      )}
    </fieldset>
  )
}

function calledOf({ id, name, email }: User): string {
  return name?.trim() || email || id
}

/** What is typed, once nothing more is typed for a moment. */
function useSettled(typed: string): string {
  const [settled, setSettled] = useState(typed)
  useEffect(() => {
    if (typed === '') return setSettled('')
    const timer = setTimeout(() => setSettled(typed), TYPING_MS)
    return () => clearTimeout(timer)
  }, [typed])
  return settled
}
