import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainText } from '../../lib/chat/plain-text.ts'
import { anyReply, plan, replyOf, UNSEEN } from './replies.ts'

describe('a reply in a terminal', () => {
  it('has its columns aligned and its buttons in brackets', () => {
    expect(plainText(plan)).toBe(
      [
        '? Give cloudCX3 to Ana Lima?',
        '',
        'Nothing has happened yet.',
        '',
        'Who      Ana Lima',
        'License  cloudCX3',
        'Before   none',
        'After    cloudCX3',
        '',
        'Name      License',
        'Ana Lima  cloudCX3',
        '1 of 3 shown. The rest: who cloudCX3',
        '',
        '  /license change 0123456789abcdefghjk',
        '    /license help',
        '',
        'Change 0123456789abcdefghjk',
        '',
        '[Confirm] [Cancel] [Later]',
      ].join('\n'),
    )
  })

  it('says where it is for one person alone, and where a table is empty', () => {
    const reply = replyOf({ kind: 'table', headings: ['Name', 'License'], rows: [] })
    expect(plainText({ ...reply, isPrivate: true })).toBe('T\n(only you see this)\n\nName  License\nNone.')
  })

  it('aligns what has an accent made of two characters', () => {
    const rows = [
      ['Jose\u0301', 'a'],
      ['Jose', 'b'],
    ]
    expect(plainText(replyOf({ kind: 'table', headings: ['Name', 'X'], rows }))).toBe(
      'T\n\nName  X\nJose\u0301  a\nJose  b',
    )
  })

  it('moves no cursor and hides nothing, whatever is in it (B20)', () => {
    fc.assert(
      fc.property(anyReply, (reply) => {
        expect(plainText(reply)).not.toMatch(UNSEEN)
      }),
      { numRuns: 100 },
    )
  })
})
