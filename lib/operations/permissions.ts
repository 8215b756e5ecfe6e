import type { Permissions } from '../operation.ts'

/** What Genesys asks of a reader's OAuth client. */
export const viewLicenses: Permissions = { anyOf: ['authorization:grant:add', 'authorization:license:view'] }

/** What Genesys asks for users with their names and what they hold. */
export const viewUsers: Permissions = { ...viewLicenses, allOf: ['directory:user:view'] }

/** What Genesys asks of a writer's OAuth client. */
export const grantLicenses: Permissions = { anyOf: ['authorization:grant:add'] }

/** Genesys documents no permission for the operation. */
export const noPermission: Permissions = { anyOf: [] }
