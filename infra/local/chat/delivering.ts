/** How the platforms deliver to a webhook: once, within their limit, and what comes of it. */

export interface Delivered {
  readonly status: number
  readonly body: string
}

/** @returns undefined where no answer came in time, or none at all. */
export async function deliver(
  url: string,
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
  withinMs: number,
): Promise<Delivered | undefined> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(withinMs),
    })
    return { status: response.status, body: await response.text() }
  } catch {
    return undefined
  }
}
