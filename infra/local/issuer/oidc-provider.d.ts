/** As much of oidc-provider's interface as is used here; it brings no types. */
declare module 'oidc-provider' {
  import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

  /** Koa's context of a request. */
  export interface Context {
    readonly req: IncomingMessage
    readonly res: ServerResponse
    readonly method: string
    readonly path: string
    status: number
    type: string
    body: unknown
    set(name: string, value: string): void
    remove(name: string): void
    redirect(url: string): void
    readonly response: { get(name: string): string }
    readonly oidc: {
      readonly provider: Provider
      readonly account?: Account
      readonly client?: { readonly clientId: string }
      readonly session?: { grantIdFor(clientId: string): string | undefined }
      readonly entities: { readonly IdTokenHint?: unknown }
    }
  }

  export interface Account {
    readonly accountId: string
    readonly claims: () => Readonly<Record<string, unknown>> & { readonly sub: string }
  }

  /** What was allowed to a client for an account. */
  interface Grant {
    readonly accountId: string
    addOIDCScope(scope: string): void
    addResourceScope(resource: string, scope: string): void
    save(): Promise<string>
  }

  interface GrantModel {
    new (of: { readonly accountId: string; readonly clientId: string }): Grant
    find(id: string): Promise<Grant | undefined>
  }

  interface Interaction {
    readonly prompt: { readonly name: string }
  }

  export class Provider {
    constructor(issuer: string, configuration: object)
    readonly Grant: GrantModel
    use(middleware: (ctx: Context, next: () => Promise<void>) => Promise<void>): this
    callback(): RequestListener
    on(event: 'server_error', told: (ctx: Context, error: unknown) => void): this
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<Interaction>
    /** @returns where the browser goes on. */
    interactionResult(
      request: IncomingMessage,
      response: ServerResponse,
      result: object,
      options: { readonly mergeWithLastSubmission: boolean },
    ): Promise<string>
  }

  export const errors: { readonly InvalidTarget: new () => Error }
}

declare module 'oidc-provider/lib/adapters/memory_adapter.js' {
  /** What keeps a provider's state in memory; the one that stands by default is the same, and prints a warning. */
  export function createMemoryAdapter(): (model: string) => object
}
