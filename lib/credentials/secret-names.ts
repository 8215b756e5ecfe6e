/** The four secrets of one org's stack. */
export interface SecretNames {
  readonly readClient: string
  readonly writeClient: string
  readonly readToken: string
  readonly writeToken: string
}

/** @param org the org file's name, e.g. `example`. */
export function secretNames(org: string): SecretNames {
  const prefix = `genesys-license-gateway/${org}`
  return {
    readClient: `${prefix}/read-client`,
    writeClient: `${prefix}/write-client`,
    readToken: `${prefix}/read-token`,
    writeToken: `${prefix}/write-token`,
  }
}
