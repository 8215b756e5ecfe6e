import type { SeatsOfLicense } from './concern.ts'

/** CSS pixels. */
const HEIGHT = 20

/**
 * How much of what is paid for is held: a bar as wide as the larger of both, a mark where what is paid for ends, and what is
 * beyond it hatched. What it shows stands in words beside it.
 */
export function SeatBar({ license: { held, unknown = 0, seats } }: { readonly license: SeatsOfLicense }) {
  // A bar says how much of something: of what nobody has told there is none.
  if (seats === undefined) return null
  const whole = Math.max(held + unknown, seats, 1)
  const share = (count: number) => `${(count / whole) * 100}%`
  const within = Math.min(held, seats)
  return (
    <svg class="bar" width="100%" height={HEIGHT} aria-hidden="true">
      <rect class="track" width={share(seats)} height={HEIGHT} />
      <rect class="held" width={share(within)} height={HEIGHT} />
      {held > seats && <rect class="over" x={share(seats)} width={share(held - seats)} height={HEIGHT} />}
      {unknown > 0 && <rect class="unsure" x={share(held)} width={share(unknown)} height={HEIGHT} />}
      {held + unknown > seats && <line class="mark" x1={share(seats)} x2={share(seats)} y1="0" y2={HEIGHT} />}
    </svg>
  )
}

/** What bars and charts are filled with, once on the page. */
export function Hatches() {
  return (
    <svg class="unseen" width="0" height="0" aria-hidden="true">
      <defs>
        <pattern
          id="over-hatch"
          width="7"
          height="7"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <path class="over-ground" d="M0 0h7v7h-7z" />
          <path class="over-line" d="M1.5 0v7" />
        </pattern>
        <pattern
          id="unsure-hatch"
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <path class="unsure-line" d="M1.5 0v6" />
        </pattern>
      </defs>
    </svg>
  )
}
