/**
 * People who are hard to tell apart, as every large organisation has them: namesakes on both sides of a page's end, a
 * name that is the beginning of ten others, one name written in several ways, people without e-mail, and those who have
 * left. They stand in for a few of the people of `person`, at the same places in every org that is large enough.
 */
export type PersonState = 'active' | 'inactive' | 'deleted'

export interface Namesake {
  readonly name: string
  readonly email?: string
  readonly state: PersonState
}

const here = (...names: readonly string[]): Namesake[] =>
  names.map((name) => ({ name, email: addressOf(name), state: 'active' }))

/** Two people of one name: the second has an address of their own. */
const another = (name: string): Namesake => ({
  name,
  email: addressOf(name).replace('@', '2@'),
  state: 'active',
})

function addressOf(name: string): string {
  const local = name.trim().normalize('NFD').replaceAll('’', "'").replace(/\s+/g, '.')
  return `${local.replace(/[^A-Za-z.']/g, '').toLowerCase()}@example.com`
}

/** So many names that begin with this one and go on, all different. */
function longer(name: string, count: number): Namesake[] {
  const starts = ['b', 'd', 'f', 'k', 'l', 'm', 'n', 'r', 's', 't']
  const ends = ['a', 'an', 'el', 'en', 'er', 'i', 'in', 'is', 'o', 'y']
  const all = starts.flatMap((start) => ends.map((end) => `${name}${start}${end}`))
  return here(...all.slice(0, count))
}

/** By the index of the first; each list goes on from there. */
const lists: readonly (readonly [firstIndex: number, people: readonly Namesake[]])[] = [
  // Two who are exactly that among twelve: the fourth and the last.
  [
    100,
    [
      ...here(
        'Wei Lin',
        'Wei Liang',
        'Wei Lima',
        'Wei Li',
        'Wei Lind',
        'Wei Lindt',
        'Wei Lisle',
        'Wei Lister',
      ),
      ...here('Wei Liu', 'Wei Little', 'Wei Livingston'),
      another('Wei Li'),
    ],
  ],
  // One who is exactly that, behind ten of longer names.
  [112, [...longer('Mei Lan', 10), ...here('Mei Lan')]],
  // The last on a page of 25, and the first on the next.
  [123, [...longer('Kim Le', 24), ...here('Kim Le'), another('Kim Le')]],
  [
    150,
    [
      // Composed, and decomposed.
      ...here('Zoë Brontë'),
      another('Zoë Brontë'.normalize('NFD')),
      ...here('René Dvořák'.normalize('NFD')),
      // The apostrophe of a typewriter, and the one of a phone.
      ...here("Sean O'Neill"),
      another('Sean O’Neill'),
      ...here('Niamh O’Dea'),
      // Blanks that nobody sees.
      ...here('Ada Stone'),
      another('Ada  Stone '),
      ...here('Ivo  Marsh', 'Una Field '),
      { name: 'Jo Desk', state: 'active' },
      { name: 'Jo Desk', state: 'active' },
      { name: 'Jo Kiosk', state: 'active' },
      ...here('Max Rest'),
      { ...another('Max Rest'), state: 'inactive' },
      // Has left and still holds a license; has left and come back, with the same address.
      { name: 'Ike Gone', email: 'ike.gone@example.com', state: 'deleted' },
      { name: 'Gus Back', email: 'gus.back@example.com', state: 'deleted' },
      ...here('Gus Back'),
      // Parted by a character without width, and an apostrophe that is a letter to Unicode.
      { name: 'علی\u200cرضا محمدی', email: 'alireza@example.com', state: 'active' },
      { name: 'Keala Kaʻale', email: 'keala@example.com', state: 'active' },
    ],
  ],
  // The last on a page of 100, and the first on the next.
  [300, [...longer('An Ng', 99), ...here('An Ng'), another('An Ng')]],
]

/** By index. */
export const namesakes: ReadonlyMap<number, Namesake> = new Map(
  lists.flatMap(([firstIndex, people]) =>
    people.map((each, place): [number, Namesake] => [firstIndex + place, each]),
  ),
)
