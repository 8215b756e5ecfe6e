/** Who is meant, and whom a card names, where people are hard to tell apart. */
import { describe, expect, it } from 'vitest'
import { person } from '../../../../infra/local/org/people/people.ts'
import { allChanges } from '../../../support/changes/change-world.ts'
import { type ChatWorld, chatWorld, textOf } from '../../chat-world.ts'

const USERS = 500
const everybody = Array.from({ length: USERS }, (_, index) => person(index))
const called = (name: string) => everybody.filter((each) => each.name === name)
const start = (policy = {}) => chatWorld({ org: { users: USERS }, policy })

async function said(world: ChatWorld, line: string): Promise<string> {
  return textOf(await world.type('UOLGA', line))
}

const search = { method: 'POST', path: '/api/v2/users/search' }

describe.each([
  ['takes their state', true],
  ['refuses their state', false],
])('whoever has left and still holds a license, where the search of users %s', (_what, searchesDeleted) => {
  const startWith = () => chatWorld({ org: { users: USERS, searchesDeleted } })

  it.each(['Ike Gone', 'ike  gone', 'ike.gone@example.com', 'IKE.GONE@example.com', 'Ike'])(
    'is found as %s, and can be relieved of it',
    async (typed) => {
      const world = await startWith()
      const [ike] = called('Ike Gone')
      const held = world.org.truth().users[ike?.id ?? '']?.[0] ?? ''
      const plan = await world.type('UOLGA', `revoke ${held} from ${typed} because they have left`)
      expect(textOf(plan)).toContain(`Take ${held} from Ike Gone`)
      await world.press('UOLGA', plan, 'Confirm')
      expect(world.org.truth().users[ike?.id ?? '']).not.toContain(held)
    },
  )

  it('is told from somebody of the same name and address who is here', async () => {
    const world = await startWith()
    for (const typed of ['Gus Back', 'gus.back@example.com']) {
      const reply = await said(world, `user ${typed}`)
      expect(reply).toContain('could be any of 2')
      expect(reply).toContain('deleted')
    }
  })
})

describe('a name', () => {
  it.each(['Wei Li', 'Kim Le', 'An Ng', 'wei  li'])(
    'that two people have is nobody’s, wherever in the answer they stand: %s',
    async (name) => {
      const world = await start()
      const reply = await said(world, `grant wallboardUser to ${name}`)
      expect(reply).toContain(`“${name.replace('  ', ' ')}” could be any of 2`)
      const two = called(
        everybody.find((each) => each.name.toLowerCase() === name.replace('  ', ' ').toLowerCase())?.name ??
          '',
      )
      expect(two).toHaveLength(2)
      for (const { email } of two) expect(reply).toContain(email)
      expect(await allChanges(world)).toEqual([])
    },
  )

  it('that is the beginning of ten others is the one’s who has just that', async () => {
    const world = await start()
    const plan = await world.type('UOLGA', 'grant collaboratePro to Mei Lan')
    expect(textOf(plan)).toContain('Give collaboratePro to Mei Lan?')
    await world.press('UOLGA', plan, 'Confirm')
    const longer = everybody.filter(({ name }) => name.startsWith('Mei Lan'))
    const given = longer.filter(({ id }) => world.org.truth().users[id]?.includes('collaboratePro'))
    expect(longer).toHaveLength(11)
    expect(given.map(({ name }) => name)).toContain('Mei Lan')
    expect(world.posts()).toBe(1)
  })

  it.each([
    ['Zoë Brontë', 2],
    ['Zoë Brontë'.normalize('NFD'), 2],
    ["Sean O'Neill", 2],
    ['Sean O’Neill', 2],
    ['Ada Stone', 2],
    ['Jo Desk', 2],
    ['Max Rest', 2],
  ])('is compared without how it is written: %s is %i', async (name, count) => {
    expect(await said(await start(), `user "${name}"`)).toContain(`could be any of ${count}`)
  })

  it.each([
    ['René Dvořák', 'rene.dvorak@example.com'],
    ["Niamh O'Dea", "niamh.o'dea@example.com"],
    ['ivo marsh', 'ivo.marsh@example.com'],
    ['Una Field', 'una.field@example.com'],
    ['Niamh OʼDea', "niamh.o'dea@example.com"],
    ['Niamh OʻDea', "niamh.o'dea@example.com"],
    ["Keala Ka'ale", 'keala@example.com'],
    ['علی\u200cرضا محمدی', 'alireza@example.com'],
    ['علیرضا محمدی', 'alireza@example.com'],
    ['علیرضا', 'alireza@example.com'],
  ])('is found however it is written there: %s', async (name, email) => {
    expect(await said(await start(), `user ${name}`)).toContain(email)
  })

  it('is shown with what parts its letters', async () => {
    expect(await said(await start(), 'user alireza@example.com')).toContain('علی\u200cرضا محمدی')
  })

  it('of which one person’s is the whole and nobody else’s a part may be said in part', async () => {
    expect(await said(await start(), 'user Livingst')).toContain('wei.livingston@example.com')
  })

  it('of somebody who was deleted is found while they hold something', async () => {
    expect(await said(await start(), 'user Ike Gone')).toContain('Ike Gone (deleted)')
  })

  it('that too many have is nobody’s, and no plan is made', async () => {
    const world = await start()
    const results = [{ id: person(0).id, name: 'Ana Abebe', state: 'active' }]
    world.org.addFaults([
      { match: search, do: { status: 200, body: { results, total: 1_200, pageCount: 12 } } },
    ])
    const reply = await said(world, 'grant wallboardUser to Ana Abebe')
    expect(reply).toMatch(/Too many people are found by “Ana Abebe”[\s\S]*e-mail/)
    expect(await allChanges(world)).toEqual([])
  })

  it('is not looked for in an answer that lacks somebody', async () => {
    const world = await start()
    const results = [{ id: person(0).id, name: 'Ana Abebe', state: 'active' }]
    world.org.addFaults([{ match: search, do: { status: 200, body: { results, total: 2, pageCount: 1 } } }])
    expect(await said(world, 'grant wallboardUser to Ana Abebe')).toMatch(/try again/)
    expect(await allChanges(world)).toEqual([])
  })

  it('that Genesys alone finds alike is offered and never taken', async () => {
    const world = await start()
    const results = [{ id: person(0).id, name: 'Ana Abebe', state: 'active' }]
    world.org.addFaults([{ match: search, do: { status: 200, body: { results, total: 1, pageCount: 1 } } }])
    expect(await said(world, 'grant wallboardUser to Anna Abebe')).toMatch(
      /Nobody is called “Anna Abebe”[\s\S]*Ana Abebe/,
    )
    expect(await allChanges(world)).toEqual([])
  })
})

describe('an e-mail', () => {
  it('that somebody deleted has too is nobody’s, and their ids are told', async () => {
    const world = await start()
    const reply = await said(world, 'grant wallboardUser to gus.back@example.com')
    expect(reply).toContain('could be any of 2')
    for (const { id } of called('Gus Back')) expect(reply).toContain(id)
    expect(await allChanges(world)).toEqual([])
  })

  it('is found with either apostrophe', async () => {
    expect(await said(await start(), 'user sean.o’neill@example.com')).toContain("Sean O'Neill")
  })
})

describe('a card', () => {
  it('names somebody who has a namesake with their e-mail, to whoever confirms and to whoever approves', async () => {
    const world = await start({ approvals: [{ licenses: ['collaboratePro'] }] })
    const plan = await world.type('UOLGA', 'grant collaboratePro to wei.li2@example.com')
    expect(textOf(plan)).toContain('Give collaboratePro to Wei Li (wei.li2@example.com)?')
    await world.press('UOLGA', plan, 'Confirm')
    const [asked] = await world.tell()
    expect(asked && textOf(asked.message)).toContain('Give collaboratePro to Wei Li (wei.li2@example.com)')
    expect(await said(world, 'changes')).toContain('Give collaboratePro to Wei Li (wei.li2@example.com)')
  })

  it('names them with their id where they have no e-mail, and with their state', async () => {
    const world = await start()
    const [, second] = called('Jo Desk')
    expect(await said(world, `grant collaboratePro to ${second?.id}`)).toContain(`Jo Desk (${second?.id})`)
    expect(await said(world, 'grant collaboratePro to max.rest2@example.com')).toContain(
      'Max Rest (max.rest2@example.com, inactive)',
    )
    const [left] = called('Gus Back')
    expect(await said(world, `revoke communicate from ${left?.id}`)).toContain(
      `Gus Back (${left?.id}, deleted)`,
    )
  })

  it('names somebody with their e-mail where it cannot be known whether they have a namesake', async () => {
    const world = await start()
    world.org.addFaults([{ match: search, do: { status: 200, body: { total: 1_200, pageCount: 12 } } }])
    expect(await said(world, `grant collaboratePro to ${person(0).id}`)).toContain(
      'Ana Abebe (ana@example.com)',
    )
  })

  it('of many names looks for few of them, and tells the others apart all the same', async () => {
    const world = await start()
    const people = everybody.slice(1, 9)
    const reply = await said(world, `grant collaboratePro to ${people.map(({ id }) => id).join(', ')}`)
    const apart = people.filter(({ name, email }) => reply.includes(`${name} (${email}`))
    expect(apart.length).toBeGreaterThan(0)
    const searches = world.org.requests().filter(({ path }) => path === '/api/v2/users/search')
    expect(searches.length).toBeLessThanOrEqual(5)
  })
})

describe('who holds a license', () => {
  it('is listed page by page, without a request to Genesys, and each hint can be typed', async () => {
    const world = await chatWorld({ org: { users: USERS } })
    await world.read()
    const asked = world.org.requests().length
    const held = world.org.truth().users
    const holders = everybody.filter(({ id }) => held[id]?.includes('cloudCX2'))
    const replies: string[] = []
    for (let line: string | undefined = 'who cloudCX2'; line !== undefined; ) {
      const reply: string = await said(world, line)
      expect(reply).not.toContain('GET /')
      replies.push(reply)
      line = /who cloudCX2 \d+/.exec(reply)?.[0]
    }
    expect(replies).toHaveLength(Math.ceil(holders.length / 20))
    for (const { email, id } of holders) {
      expect(replies.filter((each) => each.includes(email ?? id))).not.toEqual([])
    }
    expect(world.org.requests()).toHaveLength(asked)
  })

  it('past the last page says which that is', async () => {
    const world = await start()
    await world.read()
    expect(await said(world, 'who cloudCX2 99')).toMatch(/page 99 is past the end[\s\S]*who cloudCX2 \d/)
  })
})
