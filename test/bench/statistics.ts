/** The value below which a share of the samples lies, linear between neighbours. @throws Error without samples. */
function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  const at = share * (sorted.length - 1)
  const below = sorted[Math.floor(at)]
  const above = sorted[Math.ceil(at)]
  if (below === undefined || above === undefined) throw new Error('There are no samples')
  return below + (above - below) * (at - Math.floor(at))
}

export const median = (samples: readonly number[]) => quantile(samples, 0.5)
export const p90 = (samples: readonly number[]) => quantile(samples, 0.9)
