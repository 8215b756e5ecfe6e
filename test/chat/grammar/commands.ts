/** Arbitrary commands, for the properties of the grammar. */
import fc from 'fast-check'
import { resultOutcomes } from '../../../lib/changes/answers/change-schemas.ts'
import { durationText, MAX_DURATION_MS } from '../../../lib/changes/model/duration.ts'
import type { Command, Moment, PersonRef, Verb } from '../../../lib/chat/grammar/typed-command.ts'
import { isVerb, verbs } from '../../../lib/chat/grammar/verbs.ts'
import { oddityIn, withoutInvisibleEnds } from '../../../lib/text.ts'

export const everyVerb: readonly Verb[] = Object.keys(verbs).filter(isVerb)

/** Words that mean something somewhere in the grammar, and so must mean nothing inside a name or a reason. */
const LOADED = [
  ...everyVerb,
  ...[
    'to',
    'from',
    'at',
    'until',
    'for',
    'because',
    'on',
    'off',
    'and',
    'mine',
    'open',
    'due',
    'tomorrow',
    'friday',
  ],
  ...[
    '18:00',
    '2h',
    'PT8H',
    '2026-12-01',
    '"',
    '“',
    '’',
    "'",
    '\\',
    '`',
    ',',
    ';',
    '@{U1}',
    'ana@example.com',
    '&lt;',
    '<@U1>',
    '&',
    '>',
  ],
]
const loaded = fc.constantFrom(...LOADED)
const unseen = /[\p{Cc}\u2028\u2029\ufffd]/u
/** What is dropped or refused where nobody can see it has tests of its own. */
const isPlain = (text: string) =>
  !unseen.test(text) && withoutInvisibleEnds(text) === text && oddityIn(text, 'name') === undefined

/** Anything that can stand in one line of chat. */
export const words: fc.Arbitrary<string> = fc
  .oneof(
    fc.array(loaded, { minLength: 1, maxLength: 6 }).map((list) => list.join(' ')),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
    fc.constantFrom('Ana Lima', "Sean O'Brien", "'t Hooft", 'Ana "Nan" Lima', 'C:\\', 'Until', 'ひろし 佐藤'),
  )
  .map((text) => text.trim())
  .filter((text) => text.isWellFormed() && isPlain(text) && /[\p{L}\p{N}]/u.test(text))

const NAME_CHARS = 'ABCxyz019_.:-'
const idText = fc.oneof(
  fc.constantFrom('cloudCX3', 'to', 'Until', 'because', 'on', 'AND', 'a.b:c-d_e'),
  fc
    .tuple(fc.constantFrom('a', 'Z', '7'), fc.string({ unit: fc.constantFrom(...NAME_CHARS), maxLength: 20 }))
    .map(([first, rest]) => first + rest),
)

const email = fc.constantFrom('ana@example.com', "o'brien+x@mail.example.co.uk", 'ünal@exämple.de', '7@a.io')
export const person: fc.Arbitrary<PersonRef> = fc.oneof(
  words.map((name): PersonRef => ({ by: 'name', name })),
  email.map((address): PersonRef => ({ by: 'email', email: address })),
  fc.uuid().map((userId): PersonRef => ({ by: 'id', userId })),
  idText.map((id): PersonRef => ({ by: 'mention', id })),
)

const twoDigits = (number: number) => String(number).padStart(2, '0')
const time = fc
  .tuple(fc.nat({ max: 23 }), fc.nat({ max: 59 }))
  .map(([hour, minute]) => `${twoDigits(hour)}:${twoDigits(minute)}`)
const date = fc.date({ noInvalidDate: true, min: new Date('2000-01-01'), max: new Date('2999-12-31') })
export const moment: fc.Arbitrary<Moment> = fc.oneof(
  time.map((clock): Moment => ({ kind: 'clock', time: clock })),
  time.map((clock): Moment => ({ kind: 'tomorrow', time: clock })),
  fc.record({ kind: fc.constant('weekday'), day: fc.constantFrom(1, 2, 3, 4, 5, 6, 7), time }),
  fc
    .tuple(date, fc.constantFrom(16, 19))
    .map(([day, length]): Moment => ({ kind: 'local', at: day.toISOString().slice(0, length) })),
  fc
    .tuple(date, fc.constantFrom('Z', '+01:00', '-03:30', '+14:00'))
    .map(([day, offset]): Moment => ({ kind: 'instant', iso: `${day.toISOString().slice(0, 19)}${offset}` })),
)
const duration = fc
  .integer({ min: 1, max: MAX_DURATION_MS / 1000 })
  .map((seconds) => durationText(seconds * 1000))

const ID_CHARS = '0123456789abcdefghjkmnpqrstvwxyz'
const changeId = fc.string({ unit: fc.constantFrom(...ID_CHARS), minLength: 20, maxLength: 20 })
const people = fc.array(person, { minLength: 1, maxLength: 5 })
const until = fc.oneof(fc.record({ at: moment }), fc.record({ for: duration }))
const is = <const V extends Verb>(verb: V) => fc.constant(verb)

export const command: fc.Arbitrary<Command> = fc.oneof(
  fc.constantFrom<Command>(
    { verb: 'help' },
    { verb: 'definitions' },
    { verb: 'schedules' },
    { verb: 'seats' },
    { verb: 'report' },
    { verb: 'approvals' },
    { verb: 'writes' },
  ),
  fc.constantFrom(...everyVerb).map((about): Command => ({ verb: 'help', about })),
  fc.record({ verb: is('user'), person }),
  fc.record({ verb: fc.constant('definition'), license: idText }),
  fc.record(
    { verb: fc.constant('who'), license: idText, page: fc.integer({ min: 2, max: 999 }) },
    { requiredKeys: ['verb', 'license'] },
  ),
  fc.record({ verb: fc.constant('seats'), license: idText }),
  fc.record({ verb: fc.constant('report'), period: idText }),
  fc.record(
    { verb: is('history'), person, page: fc.integer({ min: 2, max: 999 }) },
    { requiredKeys: ['verb', 'person'] },
  ),
  fc.record({ verb: is('infer'), roles: fc.array(idText, { minLength: 1, maxLength: 5 }) }),
  fc.record({ verb: is('toggle'), feature: idText }),
  fc.record({
    verb: is('toggle'),
    feature: idText,
    set: fc.record(
      { enabled: fc.boolean(), at: moment, for: duration, because: words },
      { requiredKeys: ['enabled'] },
    ),
  }),
  fc.record(
    { verb: is('grant'), license: idText, people, until, because: words },
    { requiredKeys: ['verb', 'license', 'people'] },
  ),
  fc.record(
    { verb: is('revoke'), license: idText, people, because: words },
    { requiredKeys: ['verb', 'license', 'people'] },
  ),
  fc.record(
    {
      verb: is('changes'),
      which: fc.constantFrom('all', 'mine', 'open', 'due'),
      page: fc.integer({ min: 2, max: 999 }),
    },
    { requiredKeys: ['verb', 'which'] },
  ),
  fc.record(
    { verb: is('change'), changeId, people: fc.integer({ min: 1, max: 999 }) },
    { requiredKeys: ['verb', 'changeId'] },
  ),
  fc.record({ verb: fc.constantFrom('undo', 'retry', 'settle', 'cancel', 'end'), changeId }),
  fc.record(
    {
      verb: is('results'),
      changeId,
      outcome: fc.constantFrom(...resultOutcomes),
      page: fc.integer({ min: 2, max: 999 }),
    },
    { requiredKeys: ['verb', 'changeId'] },
  ),
  fc.record({ verb: fc.constantFrom('pause', 'resume'), changeId }),
  fc.record({ verb: is('extend'), changeId, until }),
  fc.record({ verb: is('pause'), because: words }),
  fc.record({ verb: is('resume'), because: words }, { requiredKeys: ['verb'] }),
  fc.record({ verb: is('reject'), changeId, because: words }, { requiredKeys: ['verb', 'changeId'] }),
)

/** Lines put together from what the grammar knows, in any order. */
export const soup: fc.Arbitrary<string> = fc
  .array(fc.oneof(loaded, email, idText, words), { maxLength: 14 })
  .map((parts) => parts.join(' '))
