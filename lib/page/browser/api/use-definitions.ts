/** The licenses that the org can hold, which Genesys gives an id and a description, and no name. */
import type { LicenseDefinition } from '../../../genesys/models/licenses.ts'
import { useAnswer } from './use-answer.ts'

export function useDefinitions() {
  const { value, problem, refresh } = useAnswer<readonly LicenseDefinition[]>('api/v2/license/definitions')
  return { definitions: value, problem, refresh }
}
