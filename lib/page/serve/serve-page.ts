/**
 * What serves the page: `GET /` and, beside it, `GET /config.json`, which says where people sign in. A door and no
 * operation: whoever asks has no credential yet, and gets what is everybody's. It streams, since so bytes go out as they
 * are; of what is whole API Gateway makes text, unless all of an API's bodies are bytes.
 */
import { createHash } from 'node:crypto'
import type { Clock } from '../../clock.ts'
import { ClientStalled, sendWhole, type Taking } from '../../http/files/write-stream.ts'
import { headerListOf, requestIdOf, resourceOf } from '../../http/rest-request.ts'
import type { StreamedHandler } from '../../http/streamed.ts'
import { deadlineOfRest, runInvocation } from '../../invocation.ts'
import { chooseCoding } from './choose-coding.ts'
import { configHeaders, pageHeadersOf } from './page-headers.ts'
import type { PageFile } from './read-page.ts'

/** What the page is told of where it is. Nothing of it is secret. */
export interface SignInSettings {
  /** The Genesys org's name, as Genesys shows it. */
  readonly org: string
  readonly issuer: string
  readonly clientId: string
  readonly scopes: readonly string[]
  /** Sent as `audience` at sign-in, where the issuer asks for it. */
  readonly audience?: string
}

/** Of what was not taken to its end; API Gateway's access log has every request. */
export interface PageLog {
  noteAbandoned(asked: { readonly requestId: string; readonly path: string }, taking: Taking): void
}

export interface PageServing {
  /** Read when it is first asked for. */
  readonly read: () => PageFile
  readonly config: SignInSettings
  /** Origins that the page may ask beside its own. */
  readonly connect: readonly string[]
  readonly clock: Clock
  readonly log: PageLog
}

/** Something that can be asked for again: whoever has it with this tag has it already. */
interface Served {
  readonly etag: string
  readonly headers: Readonly<Record<string, string>>
  readonly bodyFor: (accepted: string | undefined) => {
    readonly body: Uint8Array
    readonly headers: Readonly<Record<string, string>>
  }
}

/** @returns a Lambda handler that streams. It rejects where there is no page, and where what it sends is not taken. */
export function servePage(serving: PageServing): StreamedHandler {
  const { clock, log } = serving
  const config = servedConfig(serving.config)
  let page: Served | undefined
  const servedAt = (path: string): Served => {
    if (path === '/config.json') return config
    if (path !== '/') throw new Error(`get-page serves / and /config.json, and was asked for ${path}`)
    page ??= servedPage(serving)
    return page
  }
  return awslambda.streamifyResponse<unknown, void>(async (event, stream, context) => {
    const requestId = requestIdOf(event) ?? context.awsRequestId
    // What goes wrong with the stream shows in that it is not taken; without this it would end the process.
    stream.on('error', () => {})
    await runInvocation(requestId, async () => {
      const path = resourceOf(event)
      const { statusCode, headers, body } = answerWith(servedAt(path), event)
      const out = awslambda.HttpResponseStream.from(stream, {
        statusCode,
        headers: { ...headers, 'x-request-id': requestId },
      })
      const taking = await sendWhole(body, out, { deadline: deadlineOfRest(context, clock), clock })
      if (taking === 'taken') return
      log.noteAbandoned({ requestId, path }, taking)
      if (taking === 'gone') return
      stream.destroy()
      throw new ClientStalled(requestId)
    })
  })
}

const NOTHING = new Uint8Array()

function answerWith({ etag, headers, bodyFor }: Served, event: unknown) {
  const standing = { ...headers, etag }
  if (isKnown(etag, headerListOf(event, 'if-none-match'))) {
    return { statusCode: 304, headers: standing, body: NOTHING }
  }
  const { body, headers: own } = bodyFor(headerListOf(event, 'accept-encoding'))
  return { statusCode: 200, headers: { ...standing, ...own }, body }
}

/** RFC 9110, 13.1.2: compared weakly, since the forms of one page differ in their bytes. */
function isKnown(etag: string, known: string | undefined): boolean {
  return (known ?? '').split(',').some((each) => {
    const tag = each.trim()
    return tag === '*' || tag.replace(/^W\//, '') === etag.replace(/^W\//, '')
  })
}

function servedPage({ read, connect }: PageServing): Served {
  const { etag, forms, ...hashes } = read()
  const headers = pageHeadersOf(hashes, connect)
  return {
    // A browser keeps some headers of the copy that it has, so that other ones are another page.
    etag: weakTagOf(etag + JSON.stringify(headers)),
    headers,
    bodyFor(accepted) {
      const coding = chooseCoding(accepted)
      return { body: forms[coding], headers: coding === 'identity' ? {} : { 'content-encoding': coding } }
    },
  }
}

function servedConfig(config: SignInSettings): Served {
  const text = JSON.stringify(config)
  const body = new TextEncoder().encode(text)
  return { etag: weakTagOf(text), headers: configHeaders, bodyFor: () => ({ body, headers: {} }) }
}

function weakTagOf(text: string): string {
  return `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 32)}"`
}
