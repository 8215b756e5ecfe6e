import type { Permissions } from '../operation.ts'

/** What Genesys asks of a reader's OAuth client. */
export const viewLicenses: Permissions = { anyOf: ['authorization:grant:add', 'authorization:license:view'] }

/** What Genesys asks of a writer's OAuth client. */
export const grantLicenses: Permissions = { anyOf: ['authorization:grant:add'] }

/** Genesys documents no permission for the operation, or is not asked. */
export const noPermission: Permissions = { anyOf: [] }
