/** JSON of so many lists, one within the other: JSON.parse takes it, JSON.stringify cannot write it. */
export const nested = (levels = 100_000): string => `${'['.repeat(levels)}${']'.repeat(levels)}`
