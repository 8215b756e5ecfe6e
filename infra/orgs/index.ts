/** The Genesys orgs that are deployed: one stack each. */
import { distinctOrgs } from './define-org.ts'
import { example } from './example.ts'

export const orgs = distinctOrgs([example])
