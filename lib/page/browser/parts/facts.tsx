import type { ComponentChildren } from 'preact'

export type NamedValue = readonly [name: string, value: ComponentChildren]

/** Names with their values, in two columns where there is room. What has no value is left out. */
export function Facts({ rows }: { readonly rows: readonly NamedValue[] }) {
  return (
    <dl class="facts">
      {rows.map(
        ([name, value]) =>
          value !== undefined &&
          value !== false &&
          value !== '' && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  )
}
