import packageJson from '../../package.json' with { type: 'json' }

/** How the gateway names itself to Genesys, Slack, Teams and AWS. A bundle carries of the package its version alone (infra/build/bundles.ts). */
export const USER_AGENT = `genesys-license-gateway/${packageJson.version}`
