/** Of swagger-ui what the reference uses; the package comes without types. */

export interface Sending {
  readonly url: string
  readonly headers: Record<string, string>
}

export type SwaggerUi = (options: {
  readonly url: string
  readonly dom_id: string
  readonly deepLinking: boolean
  readonly docExpansion: 'list' | 'full' | 'none'
  readonly defaultModelsExpandDepth: number
  readonly validatorUrl: null
  readonly requestInterceptor: (request: Sending) => Promise<Sending>
  readonly plugins: readonly { readonly wrapComponents: Readonly<Record<string, () => () => null>> }[]
}) => unknown
