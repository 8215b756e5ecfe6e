/** The four secrets of one org's stack. */
export interface SecretNames {
  readonly readClient: string
  readonly writeClient: string
  readonly readToken: string
  readonly writeToken: string
}

/** @param org the org file's name, e.g. `example`. */
export function secretNames(org: string): SecretNames {
  const prefix = prefixOf(org)
  return {
    readClient: `${prefix}/read-client-credentials`,
    writeClient: `${prefix}/write-client-credentials`,
    readToken: `${prefix}/read-token`,
    writeToken: `${prefix}/write-token`,
  }
}

/** The secrets of chat, where the org has it. */
export interface ChatSecretNames {
  readonly slackSigning: string
  readonly slackBot: string
  readonly teamsKeys: string
}

/** @param org the org file's name, e.g. `example`. */
export function chatSecretNames(org: string): ChatSecretNames {
  const prefix = prefixOf(org)
  return {
    slackSigning: `${prefix}/slack-signing`,
    slackBot: `${prefix}/slack-bot-token`,
    teamsKeys: `${prefix}/teams-keys`,
  }
}

function prefixOf(org: string): string {
  return `genesys-license-gateway/${org}`
}
