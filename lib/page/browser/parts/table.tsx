/** Rows and columns. What is wider than the screen scrolls within, and is reached by keyboard; on a narrow one rows are blocks. */
import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'

export interface Column<T> {
  readonly name: string
  /** Numbers stand at the right, under each other. */
  readonly isNumber?: boolean
  readonly cell: (row: T) => ComponentChildren
}

interface TableProps<T> {
  /** What the table is of, for whoever hears it. */
  readonly caption: string
  readonly columns: readonly Column<T>[]
  readonly rows: readonly T[]
  readonly keyOf: (row: T) => string
}

/** The first column heads the rows. */
export function Table<T>({ caption, columns, rows, keyOf }: TableProps<T>) {
  return (
    <Scroller label={caption}>
      <table>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ name, isNumber }) => (
              <th key={name} scope="col" class={isNumber ? 'number' : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ name, isNumber, cell }, place) =>
                place === 0 ? (
                  <th key={name} scope="row">
                    {cell(row)}
                  </th>
                ) : (
                  <td key={name} data-column={name} class={isNumber ? 'number' : undefined}>
                    <div>{cell(row)}</div>
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  )
}

interface ScrollerProps {
  readonly label: string
  readonly children: ComponentChildren
}

/** A stop for the keyboard, and a place of its own for whoever hears the page, only where there is something to scroll. */
function Scroller({ label, children }: ScrollerProps) {
  const place = useRef<HTMLDivElement>(null)
  const [isCut, setCut] = useState(false)
  useLayoutEffect(() => {
    const outer = place.current
    if (outer === null) return
    const observer = new ResizeObserver(() =>
      setCut(outer.scrollWidth > outer.clientWidth || outer.scrollHeight > outer.clientHeight),
    )
    observer.observe(outer)
    for (const inner of outer.children) observer.observe(inner)
    return () => observer.disconnect()
  }, [])
  return (
    <div ref={place} class="scroller" {...(isCut && { role: 'region', 'aria-label': label, tabIndex: 0 })}>
      {children}
    </div>
  )
}
