import { describe, expect, it } from 'vitest'
import { parseLine } from '../../../lib/chat/grammar/parse.ts'
import type { Command } from '../../../lib/chat/grammar/typed-command.ts'
import { isVerb, verbs } from '../../../lib/chat/grammar/verbs.ts'

const ana = { by: 'email', email: 'ana@example.com' } as const
const bob = { by: 'email', email: 'bob@example.com' } as const
const named = (name: string) => ({ by: 'name', name }) as const
const mention = (id: string) => ({ by: 'mention', id }) as const
const ID = 'b1f4c2aa-93d0-4c39-8a6e-0123456789ab'
const grant = (people: Extract<Command, { verb: 'grant' }>['people']): Command => ({
  verb: 'grant',
  license: 'cloudCX3',
  people,
})

const LINES: readonly (readonly [string, Command])[] = [
  ['', { verb: 'help' }],
  ['  \t ', { verb: 'help' }],
  ['Help', { verb: 'help' }],
  ['help GRANT', { verb: 'help', about: 'grant' }],
  ['USER ana@example.com', { verb: 'user', person: ana }],
  ['user Ana Lima', { verb: 'user', person: named('Ana Lima') }],
  ['user Until For Because', { verb: 'user', person: named('Until For Because') }],
  ['user "Ana and Bob"', { verb: 'user', person: named('Ana and Bob') }],
  ["user Sean O'Brien", { verb: 'user', person: named("Sean O'Brien") }],
  ["user 'Sean O'Brien'", { verb: 'user', person: named("Sean O'Brien") }],
  ["user 't Hooft", { verb: 'user', person: named("'t Hooft") }],
  ['user «Ana»', { verb: 'user', person: named('Ana') }],
  ['user "Ana \\"Nan\\" Lima"', { verb: 'user', person: named('Ana "Nan" Lima') }],
  [`user ${ID.toUpperCase()}`, { verb: 'user', person: { by: 'id', userId: ID } }],
  ['user @{29:1Ab_c-d}', { verb: 'user', person: mention('29:1Ab_c-d') }],
  ['who `cloudCX3`', { verb: 'who', license: 'cloudCX3' }],
  ['who cloudCX3 2', { verb: 'who', license: 'cloudCX3', page: 2 }],
  ['who cloudCX3 1', { verb: 'who', license: 'cloudCX3' }],
  ['seats', { verb: 'seats' }],
  ['seats cloudCX3', { verb: 'seats', license: 'cloudCX3' }],
  ['report', { verb: 'report' }],
  ['report current', { verb: 'report' }],
  ['report 2026-11', { verb: 'report', period: '2026-11' }],
  ['history ana@example.com', { verb: 'history', person: { by: 'email', email: 'ana@example.com' } }],
  ['history Ben Blanc 2', { verb: 'history', person: { by: 'name', name: 'Ben Blanc' }, page: 2 }],
  ['history Ben Blanc 1', { verb: 'history', person: { by: 'name', name: 'Ben Blanc' } }],
  ['history "Agent 7" 3', { verb: 'history', person: { by: 'name', name: 'Agent 7' }, page: 3 }],
  ['history @{U1} 2', { verb: 'history', person: { by: 'mention', id: 'U1' }, page: 2 }],
  ['definitions', { verb: 'definitions' }],
  ['definition cloudCX3', { verb: 'definition', license: 'cloudCX3' }],
  ['infer admin, supervisor agent', { verb: 'infer', roles: ['admin', 'supervisor', 'agent'] }],
  ['toggle wem', { verb: 'toggle', feature: 'wem' }],
  ['toggle on', { verb: 'toggle', feature: 'on' }],
  ['toggle "for" off', { verb: 'toggle', feature: 'for', set: { enabled: false } }],
  [
    'toggle wem ON for 2h at tomorrow at 9:00 because Because at 5 it was off',
    {
      verb: 'toggle',
      feature: 'wem',
      set: {
        enabled: true,
        at: { kind: 'tomorrow', time: '09:00' },
        for: 'PT2H',
        because: 'Because at 5 it was off',
      },
    },
  ],
  ['grant cloudCX3 to ana@example.com', grant([ana])],
  ['grant cloudCX3 to ana@example.com bob@example.com', grant([ana, bob])],
  ['grant cloudCX3 to ana@example.com,bob@example.com', grant([ana, bob])],
  ['grant cloudCX3 to ana@example.com; bob@example.com', grant([ana, bob])],
  [
    'grant cloudCX3 TO Ana Lima, Bob, and @{U1} AND "To Lan"',
    grant([named('Ana Lima'), named('Bob'), mention('U1'), named('To Lan')]),
  ],
  ['grant cloudCX3 to “Ana Lima” ‘Bob’', grant([named('Ana Lima'), named('Bob')])],
  ['grant cloudCX3 to Andy', grant([named('Andy')])],
  ['grant cloudCX3 to ana@example.com for 2h30m', { ...grant([ana]), until: { for: 'PT2H30M' } } as Command],
  [
    'grant cloudCX3 to ana@example.com until friday because "trial" until May',
    {
      ...grant([ana]),
      until: { at: { kind: 'weekday', day: 5, time: '00:00' } },
      because: '"trial" until May',
    } as Command,
  ],
  ['revoke cloudCX3 from ana@example.com', { verb: 'revoke', license: 'cloudCX3', people: [ana] }],
  ['changes', { verb: 'changes', which: 'all' }],
  ['changes Mine', { verb: 'changes', which: 'mine' }],
  ['changes 2', { verb: 'changes', which: 'all', page: 2 }],
  ['changes open 3', { verb: 'changes', which: 'open', page: 3 }],
  ['changes 1', { verb: 'changes', which: 'all' }],
  ['change 0123456789abcdefghj1 PEOPLE', { verb: 'change', changeId: '0123456789abcdefghj1', people: 1 }],
  ['change 0123456789abcdefghj1 people 2', { verb: 'change', changeId: '0123456789abcdefghj1', people: 2 }],
  ['approvals', { verb: 'approvals' }],
  ['reject O123456789ABCDEFGHJI', { verb: 'reject', changeId: '0123456789abcdefghj1' }],
  [
    'reject 0123456789abcdefghj1 because of: to, from and "all"',
    { verb: 'reject', changeId: '0123456789abcdefghj1', because: 'of: to, from and "all"' },
  ],
  ['change O123456789ABCDEFGHJI', { verb: 'change', changeId: '0123456789abcdefghj1' }],
  ['undo 0123456789abcdefghjk', { verb: 'undo', changeId: '0123456789abcdefghjk' }],
  [
    'undo 0123456789abcdefghjk because of a slip',
    { verb: 'undo', changeId: '0123456789abcdefghjk', because: 'of a slip' },
  ],
  ['changes due', { verb: 'changes', which: 'due' }],
  ['end 0123456789abcdefghjk', { verb: 'end', changeId: '0123456789abcdefghjk' }],
  [
    'extend 0123456789ABCDEFGHJK for 90 minutes',
    { verb: 'extend', changeId: '0123456789abcdefghjk', until: { for: 'PT1H30M' } },
  ],
  [
    'extend 0123456789abcdefghjk until 18:00',
    { verb: 'extend', changeId: '0123456789abcdefghjk', until: { at: { kind: 'clock', time: '18:00' } } },
  ],
  ['cancel 0123456789abcdefghjk', { verb: 'cancel', changeId: '0123456789abcdefghjk' }],
  ['retry 0123456789ABCDEFGHJK', { verb: 'retry', changeId: '0123456789abcdefghjk' }],
  ['results 0123456789abcdefghjk', { verb: 'results', changeId: '0123456789abcdefghjk' }],
  ['results 0123456789abcdefghjk 3', { verb: 'results', changeId: '0123456789abcdefghjk', page: 3 }],
  [
    'results 0123456789abcdefghjk Not applied 2',
    { verb: 'results', changeId: '0123456789abcdefghjk', outcome: 'not.applied', page: 2 },
  ],
  ['settle 0123456789abcdefghjk', { verb: 'settle', changeId: '0123456789abcdefghjk' }],
  ['schedules', { verb: 'schedules' }],
  ['writes', { verb: 'writes' }],
  ['pause Genesys is "being moved', { verb: 'pause', because: 'Genesys is "being moved' }],
  ['pause because of the move', { verb: 'pause', because: 'of the move' }],
  ['resume', { verb: 'resume', because: undefined }],
  ['resume  the move is done', { verb: 'resume', because: 'the move is done' }],
]

describe('a line', () => {
  it.each(LINES)('%s', (line, command) => {
    expect(parseLine(line)).toEqual({ command })
  })
})

describe('what can be asked for', () => {
  it.each(Object.entries(verbs))(
    '%s has a usage line that begins with it, and one sentence of help',
    (verb, about) => {
      expect(about.usage.split(' ')[0]).toBe(verb)
      expect(about.help).toMatch(/^[A-Z][^.!?]*\.$/)
      expect(about.alsoCalled.filter(isVerb)).toEqual([])
    },
  )

  it.each(Object.entries(verbs))('%s has examples that are understood as it', (verb, { examples }) => {
    expect(examples.length).toBeGreaterThan(0)
    for (const line of examples) expect(parseLine(line)).toMatchObject({ command: { verb } })
  })
})
