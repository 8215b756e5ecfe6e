/** Names that more than one construct must agree on. */
import type { Operation } from '../../lib/operation.ts'
import type { OrgFile } from '../orgs/org-file.ts'

/** The API's one stage; part of the default endpoint's address and of every method ARN. */
export const STAGE = 'live'

/** Where the page is served; its own links are relative to the first of them, whatever stage or name is before it. */
export const PAGE_PATHS = ['/', '/config.json'] as const

export const stackNameOf = ({ name }: Pick<OrgFile, 'name'>): string => `genesys-license-${name}`

/** Secrets and log groups of an org live under this path. */
export const pathOf = ({ name }: Pick<OrgFile, 'name'>): string => `genesys-license-gateway/${name}`

/** `getLicenseUser` -> `get-license-user`: the function's file name, without its folder. */
export const functionNameOf = ({ id }: Pick<Operation, 'id'>): string =>
  id.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
