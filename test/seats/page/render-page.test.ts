import { parseDocument } from 'htmlparser2'
import { describe, expect, it } from 'vitest'
import { countNamed, renderPeriodPage } from '../../../lib/seats/page/render-page.ts'
import { daysFrom, dice, fullReport, HOSTILE_NAMES, license, person, report } from './reports.ts'

const TAGS = /<[a-z/!][^>]*>/gi

/** All that the parser finds, in the page's order. */
function elementsOf(text: string): { readonly name: string; readonly attribs: Record<string, string> }[] {
  const found: { readonly name: string; readonly attribs: Record<string, string> }[] = []
  const walk = (nodes: ReturnType<typeof parseDocument>['childNodes']) => {
    for (const node of nodes) {
      if ('name' in node && 'attribs' in node) found.push({ name: node.name, attribs: node.attribs })
      if ('children' in node) walk(node.children as typeof nodes)
    }
  }
  walk(parseDocument(text).childNodes)
  return found
}

describe('the page of a period', () => {
  it('is one document that runs nothing and asks nobody', () => {
    const text = renderPeriodPage(fullReport(), 'Example GmbH')
    const elements = elementsOf(text)
    const names = new Set(elements.map(({ name }) => name))
    for (const name of ['script', 'link', 'img', 'iframe', 'form', 'object'])
      expect(names).not.toContain(name)
    for (const { attribs } of elements) {
      expect(Object.keys(attribs).filter((key) => /^on|^style$|^src/.test(key))).toEqual([])
      for (const key of ['href', 'xlink:href']) expect(attribs[key] ?? '#').toMatch(/^#/)
    }
    expect(text.replace(/<style>.*<\/style>/s, '')).not.toMatch(/https?:|\/\//)
    expect(/<style>(.*)<\/style>/s.exec(text)?.[1]).not.toMatch(/@import|url\((?!#)/)
  })

  it('says of what was over and came back by how many and when, before the table and in it', () => {
    const back = license('gcSTAupgrade', {
      ...{ held: 10, seats: 12, seatsFrom: 'orgFile', over: 0 },
      mostOver: { over: 2, day: '2026-11-30' },
    })
    const text = renderPeriodPage(report({ licenses: [back] }), 'Example GmbH')
    expect(text.replace(TAGS, '')).toContain('was over by 2 at most, on 30 Nov 2026')
    expect(text).toMatch(
      /<p class="summary is-over">.*Was over within the period:.*gcSTAupgrade.* by 2 at most/,
    )
    expect(text).toContain('No license is known to be held by more people than are paid for.')
  })

  it('says of what was over by the first count that it is so at the latest, and names nobody as given it since it was within', () => {
    const over = { held: 23, seats: 20, seatsFrom: 'orgFile', over: 3, overSince: '2026-11-29' } as const
    const first = { isOverFromFirst: true, heldFromFirst: 22 } as const
    const shown = (more: Partial<Parameters<typeof license>[1]>) =>
      renderPeriodPage(report({ licenses: [license('wallboardUser', { ...over, ...more })] }), 'Example GmbH')
    for (const people of [[person(1)], []]) {
      const text = shown({ ...first, people })
      expect(text.replace(TAGS, '')).toContain('since 29 Nov 2026 at the latest')
      expect(text).toContain(
        '22 people who hold it held it by the first count on record, which was over already.',
      )
      expect(text).not.toContain('since the count was last within')
    }
    expect(shown({ people: [person(1)] })).toContain('since the count was last within what is paid for')
  })

  it('says what a day of the chart shows, and that an overage began after the reading that its day shows', () => {
    const days = [
      { day: '2026-11-29', held: 75, seats: 78, isWhole: true },
      { day: '2026-11-30', held: 79, seats: 78, isWhole: true },
    ]
    const over = { held: 79, seats: 78, seatsFrom: 'orgFile', over: 1, days } as const
    const textOf = (overSince: string, more: Parameters<typeof report>[0] = {}) =>
      renderPeriodPage(
        report({ licenses: [license('cloudCX3', { ...over, overSince })], ...more }),
        'Example GmbH',
      ).replace(TAGS, '')
    expect(textOf('2026-11-29')).toContain('Over since 29 November 2026, after the reading of that day.')
    expect(textOf('2026-11-30')).toContain('Over since 30 November 2026.')
    const openDay = 'The last day, 30 Nov 2026, shows what is held now.'
    expect(textOf('2026-11-29')).toContain('what was given or taken after it shows on the next day')
    expect(textOf('2026-11-29')).toContain(openDay)
    expect(textOf('2026-11-29', { status: 'closed' })).not.toContain(openDay)
  })

  it('says of the period before what is on record of it: nobody’s readings, and yet what was billed', () => {
    const textOf = (before: { readonly billed?: number }) =>
      renderPeriodPage(report({ licenses: [license('cloudCX3', { before })] }), 'Example GmbH').replace(
        TAGS,
        '',
      )
    expect(textOf({ billed: 66 })).toContain('Period beforeno reading on record; what was billed in it is')
    expect(textOf({})).toContain('Period beforenot on record')
  })

  it('says of how many it is not known what became of them, and not that less was read', () => {
    const textOf = (more: Parameters<typeof report>[0]) =>
      renderPeriodPage(report({ isWhole: false, ...more }), 'Example GmbH').replace(TAGS, '')
    expect(textOf({ missing: 1 })).toContain(
      'Not whole. 1 person was not found in the reading behind these figures, and it is not known yet what became of them',
    )
    expect(textOf({ missing: 3 })).toContain('3 people were not found')
    expect(textOf({})).toContain('Somebody was not found')
    expect(textOf({ missing: 1 })).not.toContain('could not be read')
    expect(textOf({ missing: 1 })).toContain('counted as before')
  })

  it('begins with what is over, then what was, then what is paid for; the rest is known from what is held alone', () => {
    const licenses = [
      license('a', { held: 9 }),
      license('b', { held: 3, seats: 4, over: 0 }),
      license('c', { held: 3, seats: 4, over: 0, mostOver: { over: 1, day: '2026-11-02' } }),
      license('d', { held: 5, seats: 4, over: 1 }),
    ]
    const text = renderPeriodPage(report({ licenses }), 'Example GmbH')
    expect([...text.matchAll(/<h3[^>]*><bdi>(.)</g)].map(([, id]) => id)).toEqual(['d', 'c', 'b', 'a'])
  })

  it('says since when it is on record what was paid for, where that is later than the period', () => {
    expect(renderPeriodPage(report({ seatsFromDay: '2026-11-15' }), 'Example GmbH')).toContain(
      'What was paid for is on record from 15 Nov 2026 on.',
    )
  })

  it('names each part that it refers to, once', () => {
    const elements = elementsOf(renderPeriodPage(fullReport(), 'Example GmbH'))
    const ids = elements.flatMap(({ attribs }) => attribs['id'] ?? [])
    expect(new Set(ids).size).toBe(ids.length)
    const referred = elements.flatMap(({ attribs }) => [
      ...(attribs['href']?.slice(1).split(' ') ?? []),
      ...(attribs['aria-labelledby']?.split(' ') ?? []),
    ])
    for (const id of referred) expect(ids).toContain(id)
  })

  it.each(HOSTILE_NAMES)(
    'shows %j as a name, an id, an organization and a charge, and as nothing else',
    (name) => {
      const of = (text: string) =>
        renderPeriodPage(
          report({
            id: text,
            end: text,
            licenses: [
              license(text, {
                held: 2,
                seats: 1,
                seatsFrom: 'contract',
                over: 1,
                people: [person(1, { name: text, email: text, userId: text, by: { changeId: text } })],
                days: daysFrom('2026-11-01', 3, () => ({ held: 2, seats: 1, isWhole: true })),
              }),
            ],
            unmapped: [{ charge: text }],
          }),
          text,
        )
      const shapeOf = (text: string) =>
        elementsOf(text).map(({ name: tag, attribs }) => [tag, Object.keys(attribs)])
      expect(shapeOf(of(name))).toEqual(shapeOf(of('plain')))
      expect(of(name)).not.toMatch(/(?![\n])[\p{Cc}\u2028\u202a-\u202e]/u)
    },
  )

  it('is under a megabyte for a year of forty licenses of which no two days are alike, all with people behind them', () => {
    const roll = dice(3)
    const licenses = Array.from({ length: 40 }, (_, index) =>
      license(`license${index}`, {
        held: 99_000,
        seats: 95_000,
        seatsFrom: 'orgFile',
        over: 4_000,
        people: Array.from({ length: 5 }, (_none, each) => person(each)),
        days: daysFrom('2025-11-29', 366, () => ({
          held: 90_000 + roll(10_000),
          seats: 95_000,
          isWhole: roll(10) > 0,
        })),
      }),
    )
    const bytes = Buffer.byteLength(renderPeriodPage(report({ licenses }), 'Example GmbH'))
    expect(bytes).toBeLessThan(1_000_000)
  })

  it('tells a period that nobody read in apart from one that nobody told the seats of', () => {
    const licenses = [
      license('cloudCX3', { held: undefined, seats: 12, seatsFrom: 'contract', given: undefined }),
    ]
    const { asOfMs: _, isWhole: _whole, ...unread } = report({ status: 'closed', licenses })
    const text = renderPeriodPage(unread, 'Example GmbH').replace(TAGS, ' ')
    expect(text).toContain('Nobody has read who held what in this period')
    expect(text).not.toContain('Not whole.')
    expect(text).not.toContain('nobody has told how many are paid for')
    expect(text).not.toContain('given 0')
  })

  it('draws a small chart alone of a level line that is weighed against nothing', () => {
    const days = daysFrom('2026-11-01', 3, () => ({ held: 7, isWhole: true }))
    const text = renderPeriodPage(
      report({ licenses: [license('communicate', { held: 7, days })] }),
      'Example GmbH',
    )
    expect(text).toContain('class="small"')
    expect(text).not.toContain('class="plot"')
    expect(text).not.toContain('<use')
  })

  it('names whom the log says that it names: each once, and no more than it shows of a license', () => {
    const people = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => person(from + index))
    const of = (...licenses: (readonly ReturnType<typeof person>[])[]) =>
      report({ licenses: licenses.map((each, index) => license(`license${index}`, { people: each })) })
    for (const [shown, count] of [
      [of(), 0],
      [of([], people(1, 3)), 3],
      [of(people(1, 3), people(2, 3)), 4],
      [of(people(0, 260), people(150, 90)), 240],
    ] as const) {
      const text = renderPeriodPage(shown, 'Example GmbH')
      expect([countNamed(shown), new Set(text.match(/person\d+@/g)).size]).toEqual([count, count])
    }
  })

  it('names the charges that the contract does not have, and what follows', () => {
    const text = (unknownCharges: readonly string[]) =>
      renderPeriodPage(
        report({ licenses: [license('cloudCX3', { held: 3, unknownCharges })] }),
        'Example GmbH',
      ).replace(TAGS, '')
    expect(text(['CX 3 <Addon>', 'Other'])).toContain(
      'The org file maps charges to it that the contract does not have: CX 3 &lt;Addon&gt;, Other. So what the contract pays for it is not known.',
    )
    expect(text([])).not.toContain('does not have')
  })

  it('says that nothing is on record where nothing is', () => {
    const text = renderPeriodPage(report(), 'Example GmbH').replace(TAGS, ' ')
    expect(text).toContain('No license is on record for this period.')
    expect(text).not.toContain('Each license')
  })
})
