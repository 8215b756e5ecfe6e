import type { Deprecation } from '../../operation.ts'

/** Since the Genesys release of this day a toggle reads true and a POST does nothing; before it the POST switched. */
const since = new Date('2023-07-26T00:00:00Z')

export const toggleReadsTrue: Deprecation = {
  since,
  warning: 'Since 2023-07-26 Genesys documents that a license toggle always reads true',
}

export const toggleHasNoEffect: Deprecation = {
  since,
  warning: 'Since 2023-07-26 Genesys documents that switching a license toggle has no effect',
}
