import { describe, expect, it } from 'vitest'
import { parseLine } from '../../../lib/chat/grammar/parse.ts'
import { verbs } from '../../../lib/chat/grammar/verbs.ts'

function misunderstood(line: string) {
  const parsed = parseLine(line)
  if ('command' in parsed) throw new Error(`understood as ${JSON.stringify(parsed.command)}`)
  return parsed.misunderstood
}

describe('a slip', () => {
  it.each([
    ['grnat cx to ana@example.com', 'grant'],
    ['Usr ana@example.com', 'user'],
    ['definitons', 'definitions'],
    ['help togle', 'toggle'],
    ['help?', 'help'],
    ['give cx to ana@example.com', 'grant'],
    ['remove cx from ana@example.com', 'revoke'],
    ['toggle wem of', 'off'],
    ['toggle wem onn', 'on'],
    ['toggle wem on becuase x', 'because'],
    ['toggle wem on until 18:00', 'for'],
    ['grant cx ot ana@example.com', 'to'],
    ['grant cx ana@example.com', 'to'],
    ['grant cx from ana@example.com', 'to'],
    ['revoke cx form ana@example.com', 'from'],
    ['revoke cx to ana@example.com', 'from'],
    ['grant cx to Ana Lima untill friday', 'until'],
    ['grant cx to ana@example.com becuase of it', 'because'],
    ['grant cx to ana@example.com until tomorow 9:00', 'tomorrow'],
    ['grant cx to ana@example.com for 3 dayz', 'day'],
    ['changes opne', 'open'],
    ['changes 0123456789abcdefghjk', 'change'],
    ['change mine', 'changes'],
    ['redo 0123456789abcdefghjk', 'retry'],
    ['outcomes 0123456789abcdefghjk', 'results'],
    ['results 0123456789abcdefghjk conflicts', 'conflict'],
    ['definitions cx', 'definition'],
  ])('in %s: did you mean %s?', (line, meant) => {
    expect(misunderstood(line).didYouMean).toBe(meant)
  })

  it('too far from any verb suggests none', () => {
    expect(misunderstood('xyzzy')).toEqual({ error: 'I do not know “xyzzy”.', usage: verbs.help.usage })
    expect(misunderstood(`${'grant'.repeat(50)} x`).didYouMean).toBeUndefined()
    expect(misunderstood('constructor').didYouMean).toBeUndefined()
  })

  it('comes with the usage line of the verb', () => {
    expect(misunderstood('revoke cx').usage).toBe(verbs.revoke.usage)
    expect(misunderstood('revok cx').usage).toBe(verbs.revoke.usage)
  })
})

describe('what is missing or too much is said in plain words', () => {
  it.each([
    ['user', 'Who?'],
    ['user Ana, Bob', 'One person at a time'],
    ['user ,', 'Somebody is missing before “,”'],
    ['user ""', 'no name between the quotes'],
    ['user ana@', 'no e-mail address'],
    ['user @ana', 'no mention'],
    ['user ---', 'no name'],
    ['user "ana', 'opened and not closed'],
    ['user "ana"lima', 'behind a closing quote'],
    ['user an"a"', 'beginning of a word'],
    ['who', 'Which license?'],
    ['who a/b', '“a/b” is no license id'],
    ['who cx1 cx2', 'One license at a time'],
    ['who cx1 0', 'Which page?'],
    ['who cx1 -1', 'Which page?'],
    ['who cx1 2 3', 'Which page?'],
    ['seats cx1 cx2', 'One license at a time: “cx2” is too much'],
    ['seats cx1, cx2', 'One license at a time: “cx2” is too much'],
    ['seats cx1,', 'One license at a time: “,” is too much'],
    ['seats a/b', '“a/b” is no license id'],
    ['report a/b', '“a/b” is no period id'],
    ['report 2026-11, 2026-12', 'One period at a time: “2026-12” is too much'],
    ['history', 'Who?'],
    ['history ana@example.com, ben@example.com', 'One person at a time'],
    ['history ana@example.com 0', 'Which page?'],
    ['history ana@example.com -2', 'Which page?'],
    ['history ana@example.com 1000', 'Which page?'],
    ['infer', 'Which roles?'],
    ['toggle', 'Which feature?'],
    ['toggle wem because x', 'on or off'],
    ['toggle wem on at', 'At what time?'],
    ['toggle wem on at 9:00 for', 'For how long?'],
    ['toggle wem on at 9:00 for 2h at 10:00', '“at” is there twice'],
    ['grant', 'who should get it?'],
    ['grant cx', 'Who should get cx?'],
    ['grant cx to', 'Who should get cx?'],
    ['grant cx to until 18:00', 'Who should get cx?'],
    ['grant cx to Ana,', 'Somebody is missing at the end'],
    ['grant cx to Ana and and Bob', 'Somebody is missing before “and”'],
    ['grant cx to and Bob', 'Somebody is missing before “and”'],
    ['grant cx to Ana Lima bob@example.com', 'Put commas between people'],
    ['grant cx to To Lan', 'put it in quotes'],
    ['grant cx to Ana 18:00', 'put it in quotes'],
    ['grant cx to ana@example.com for 2h until 18:00', 'not both'],
    ['grant cx to ana@example.com for', 'For how long?'],
    ['grant cx to ana@example.com until', 'Until when?'],
    ['grant cx to ana@example.com because', 'Because of what?'],
    ['grant cx to ana@example.com because \u200b', 'Because of what?'],
    ['grant cx to ana@example.com because \u3164', 'Because of what?'],
    [`grant cx to ana@example.com because ${'x'.repeat(501)}`, '500 characters'],
    ['revoke', 'who should lose it?'],
    ['revoke cx', 'Who should lose cx?'],
    ['revoke cx from ana@example.com until 18:00', 'for good'],
    ['undo', 'Which change?'],
    ['settle', 'Which change?'],
    ['retry', 'Which change?'],
    ['retry 0123456789abcdefghjk now', 'One change at a time'],
    ['results', 'Which change?'],
    ['results 0123456789abcdefghjk 0', 'no page and no outcome: those are applied, '],
    ['results 0123456789abcdefghjk 2 conflict', 'no page and no outcome'],
    ['cancel', 'Which change?'],
    ['end', 'Which change?'],
    ['end 0123456789abcdefghjk now', 'One change at a time'],
    ['extend', 'Which change?'],
    ['extend 0123456789abcdefghjk', 'Until when?'],
    ['extend 0123456789abcdefghjk friday', 'One change at a time'],
    ['extend 0123456789abcdefghjk for 2h until 18:00', 'not both'],
    ['extend 0123456789abcdefghjk for', 'For how long?'],
    ['undo 12', 'no change id'],
    ['undo 0123456789abcdefghjk now', 'One change at a time'],
    ['changes mine open', 'Which changes?'],
    ['changes 0', 'Which changes?'],
    ['changes 2 open', 'Which changes?'],
    ['change 0123456789abcdefghjk people none', 'Which page of the people?'],
    ['change 0123456789abcdefghjk people 2 3', 'Which page of the people?'],
    ['change people 2', 'One change at a time'],
    ['approvals mine', '“approvals” stands alone'],
    ['reject', 'Which change?'],
    ['reject 0123456789abcdefghjk the freeze', 'One change at a time'],
    ['reject 0123456789abcdefghjk because', 'Because of what?'],
    ['schedules all', 'stands alone'],
    ['writes off', 'alone'],
    ['pause', 'Why?'],
    ['pause because', 'Why?'],
    ['pause 29ddyq2e…', '20 letters and digits'],
    ['pause 29ddyq2e', '20 letters and digits'],
    ['resume 29ddyq2e...', '20 letters and digits'],
    ['pause \u200b', 'reason'],
    ['help grant revoke', 'one verb at a time'],
    [', grant', 'Begin with what'],
    ['"grant" cx to ana@example.com', 'I do not know “grant”'],
  ])('%s', (line, words) => {
    expect(misunderstood(line).error).toContain(words)
  })

  it('and long words are cut', () => {
    expect(misunderstood(`who /${'x'.repeat(500)}`).error.length).toBeLessThan(130)
  })
})

describe('what nobody can see', () => {
  it.each([
    ['who cloud\u200eCX3', 'has an invisible character (U+200E) after “cloud”'],
    ['grant cloudCX3 to Ana Li\u00adma', 'has an invisible character (U+00AD) after “Li”'],
    ['grant cloudCX3 to "Ana Li\ufe0fma"', 'has an invisible character (U+FE0F) after “Ana Li”'],
    ['user ana\u200b@example.com', 'has an invisible character (U+200B) after “ana”'],
    ['who cloud\u200cCX3', 'has an invisible character (U+200C) after “cloud”'],
    ['user \u202emoc.elpmaxe@ana', 'has an invisible character (U+202E) at its beginning'],
    ['user ana\ufffdlima', 'A character could not be read after “user ana”'],
    [
      'grant cx to ana@example.com because a\u202eb',
      'The reason has an invisible character (U+202E) after “a”',
    ],
  ])('inside a word is told by name: %j', (line, words) => {
    expect(misunderstood(line).error).toContain(words)
  })

  it.each([
    ['\u200fuser\u200e \u202aana@example.com\u202c', 'user ana@example.com'],
    ['\ufeffuser "\u200eAna\u2060 Lima\u061c"\ufe0f', 'user "Ana Lima"'],
    ['user \u200e \u200b Ana\u00ad Lima\u200d', 'user Ana Lima'],
    [
      'grant cloudCX3\ufe0f to\u200b ana@example.com\u200e, \u2068Bob Li\u2069',
      'grant cloudCX3 to ana@example.com, Bob Li',
    ],
    ['toggle wem on\u200e because\u200e x', 'toggle wem on because x'],
    ['toggle wem on because \u2068x y\u2069', 'toggle wem on because x y'],
    ['who cloudCX3 2\u200e', 'who cloudCX3 2'],
  ])('at the ends of words is dropped: %j', (pasted, typed) => {
    expect(parseLine(pasted)).toEqual(parseLine(typed))
    expect(parseLine(typed)).toHaveProperty('command')
  })

  it('joins the letters of names and stays there', () => {
    for (const name of ['علی\u200cرضا محمدی', 'क्\u200dष', '👩\u200d💻 Desk']) {
      expect(parseLine(`user ${name}`)).toEqual({ command: { verb: 'user', person: { by: 'name', name } } })
    }
  })
})

it('an invisible joiner in a verb is told as such, and the verb that was meant', () => {
  const { error, didYouMean } = misunderstood('us\u200der ana')
  expect([error, didYouMean]).toEqual([
    '“user” has an invisible character (U+200D) after “us”. Please type it instead of pasting it.',
    'user',
  ])
})

it('the id of somebody mentioned, which nobody typed, is not said back', () => {
  const id = '@{00000000-1111-4222-8333-444444444444}'
  expect(misunderstood(`grant cloudCX3 to Ana ${id}`).error).toMatch(/tell them apart in “Ana @…”/)
})

describe('a dash where a hyphen belongs', () => {
  it.each([
    ['who gc1\u2013WEM', 'has an en dash (U+2013) where a hyphen belongs after “gc1”'],
    ['toggle wem\u2014new on', 'has an em dash (U+2014) where a hyphen belongs after “wem”'],
    ['user b1f4c2aa\u201393d0\u20134c39\u20138a6e\u20130123456789ab', 'has an en dash (U+2013)'],
    ['user b1f4c2aa-93d0\u22124c39-8a6e-0123456789ab', 'has a minus sign (U+2212)'],
    [
      'grant cx to ana@example.com until 2026\u201312\u201301',
      'has an en dash (U+2013) where a hyphen belongs after “2026”',
    ],
  ])('is told as such: %j', (line, words) => {
    expect(misunderstood(line).error).toContain(words)
  })

  it('is itself in a name', () => {
    const name = 'Ana Lima\u2013Brown'
    expect(parseLine(`user ${name}`)).toEqual({ command: { verb: 'user', person: { by: 'name', name } } })
  })
})
