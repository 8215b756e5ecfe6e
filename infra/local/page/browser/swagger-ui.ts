/** Of swagger-ui what the reference uses; the package comes without types. */

export interface Sending {
  readonly url: string
  readonly headers: Record<string, string>
  /** What stands in the curl line besides. */
  curlOptions?: readonly string[]
}

/** A request as its curl line is made of it, an Immutable map. */
export interface Shown {
  deleteIn(way: readonly string[]): Shown
}

/** Makes a component out of the one there is. */
type Wrapping = (
  original: unknown,
  system: { readonly React: { createElement(type: unknown, props: unknown): unknown } },
) => (props: { readonly request: Shown }) => unknown

export type SwaggerUi = (options: {
  readonly url: string
  readonly dom_id: string
  readonly deepLinking: boolean
  readonly docExpansion: 'list' | 'full' | 'none'
  readonly defaultModelsExpandDepth: number
  readonly validatorUrl: null
  readonly requestInterceptor: (request: Sending) => Promise<Sending>
  readonly plugins: readonly { readonly wrapComponents: Readonly<Record<string, Wrapping>> }[]
}) => unknown
