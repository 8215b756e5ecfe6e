/**
 * The function of an operation that declares files: the same chain as every other's, and an answer that goes out while it
 * is made, by Lambda's response streaming. JSON goes the same way, whole.
 */
import type { StreamifyHandler } from 'aws-lambda'
import type { Clock } from '../clock.ts'
import { Faults } from '../field-faults.ts'
import { mediaTypesOf } from '../files.ts'
import { deadlineOfRest, runInvocation } from '../invocation.ts'
import type { Effect, Operation } from '../operation.ts'
import { type Call, type Middleware, requirePresent } from './chain.ts'
import { chooseMedia } from './files/choose-media.ts'
import { contentTypes, fileEndings } from './files/encode-rows.ts'
import { OutgoingFile } from './files/outgoing-file.ts'
import { ClientStalled, sendWhole } from './files/write-stream.ts'
import { answerWithValue, type Composition, chainOf, newCall, type Respond } from './lambda.ts'
import { renderAnswer } from './render-answer.ts'
import { headerListOf } from './rest-request.ts'

/** As Lambda's runtime invokes what streams. */
export type StreamedHandler = StreamifyHandler<unknown, void>

/** Why the connection breaks, for Lambda's own log; the request's line has the cause. */
class BrokenOff extends Error {
  override readonly name = 'BrokenOff'

  constructor(requestId: string) {
    super(`A file was broken off after its first byte; the line of request ${requestId} names the cause`)
  }
}

/**
 * @returns a Lambda handler that streams. Until the first byte every failure is an answer; after it the handler rejects,
 *   by which the connection breaks: nobody takes a part for the whole.
 * @throws Error for an operation without files, whose function is made by `lambda`.
 */
export function streamed<E extends Effect>(
  operation: Operation<E>,
  composition: Composition<E>,
): StreamedHandler {
  if (!operation.files) throw new Error(`${operation.id} has no files: its function must be made by lambda()`)
  const { clock, log } = composition
  const chain = chainOf(operation, composition, respondBy(clock), [chooseType(operation)])

  return awslambda.streamifyResponse<unknown, void>(async (event, stream, context) => {
    const first = newCall(event, context, clock)
    // Whatever is at work looks at it anew each time: from the first rows on, the file has more.
    let { deadline } = first
    const call: Call = { ...first, deadline: { remainingMs: () => deadline.remainingMs() } }
    // What goes wrong with the stream shows in that it is not taken; without this it would end the process.
    stream.on('error', () => {})
    await runInvocation(call.requestId, async () => {
      const answer = await chain(call, context)
      const { statusCode, headers, body } = answer
      const out = awslambda.HttpResponseStream.from(stream, { statusCode, headers })
      const patience = { deadline: deadlineOfRest(context, clock), clock }
      if (call.file) deadline = patience.deadline
      try {
        call.taking = call.file
          ? await call.file.sendTo(out, patience)
          : await sendWhole(Buffer.from(body), out, patience)
      } catch (error) {
        call.error = error
      }
      log.noteRequest(operation, call, answer)
      if (call.taking === 'taken' || call.taking === 'gone') return
      if (call.taking === undefined) throw new BrokenOff(call.requestId)
      // The line is written. What has stalled would hold up an end that says so for as long as the function has.
      stream.destroy()
      throw new ClientStalled(call.requestId)
    })
  })
}

/** Which media type is asked for; and refuses what would make a part of a file, or has no sense without one. */
function chooseType(operation: Operation): Middleware {
  const offered = mediaTypesOf(operation)
  const { pagedBy = [] } = operation.files ?? {}
  return {
    before({ event: call }) {
      const { query } = requirePresent(call.request, 'request')
      call.media = chooseMedia(headerListOf(call.event, 'accept'), offered)
      const faults = new Faults()
      const refuse = (fieldName: string, message: string) =>
        faults.add({ fieldName, errorCode: 'CONTRADICTION', message })
      if (call.media !== 'text/csv' && query.has('bom')) {
        refuse('bom', 'must be left out unless Accept asks for text/csv: nothing else has a byte order mark')
      }
      if (call.media !== 'application/json') {
        for (const name of pagedBy) {
          if (query.has(name)) refuse(name, 'must be left out where Accept asks for a file: a file is whole')
        }
      }
      faults.refuse()
    },
  }
}

function respondBy(clock: Clock): Respond {
  return async (operation, context, call, headers) => {
    const { files } = operation
    const media = requirePresent(call.media, 'media')
    if (!files || media === 'application/json')
      return await answerWithValue(operation, context, call, headers)
    const { params, query } = requirePresent(call.input, 'input')
    call.asked = describeAsked(params, query, files)
    const input = { params, query, body: undefined }
    const patience = { deadline: call.deadline, clock }
    if (media === 'text/html') {
      call.file = await OutgoingFile.ofPage(requirePresent(files.page?.(context, input), 'page'), patience)
    } else {
      const { columns } = files
      const hasBom = query['bom'] !== undefined
      call.file = await OutgoingFile.ofRows(
        media,
        { columns, rows: files.rows(context, input), hasBom },
        patience,
      )
    }
    return renderAnswer(200, '', call, {
      ...headers,
      'content-type': contentTypes[media],
      ...(media === 'text/html' ? { 'content-security-policy': PAGE_POLICY } : {}),
      'content-disposition': `${media === 'text/html' ? 'inline' : 'attachment'}; filename="${safeNameOf(files.name(input))}.${fileEndings[media]}"`,
    })
  }
}

/** What the log has of what was asked: names are all there, values where they can be no name, e-mail or text. */
function describeAsked(
  params: Readonly<Record<string, unknown>>,
  query: Readonly<Record<string, unknown>>,
  { loggedQuery, pagedBy }: { readonly loggedQuery: readonly string[]; readonly pagedBy: readonly string[] },
): Readonly<Record<string, unknown>> {
  const given = Object.entries(query).filter(
    ([name, value]) => value !== undefined && !pagedBy.includes(name),
  )
  const told = given.map(([name, value]) => [name, loggedQuery.includes(name) ? value : NOT_LOGGED])
  return { ...params, ...Object.fromEntries(told) }
}

const NOT_LOGGED = '[not logged]'

/** A page of ours is whole in itself, and runs nothing. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Whatever the name is made of, nothing in it ends the header or leaves the folder. */
function safeNameOf(name: string): string {
  return (
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9-]+/g, '-')
      .slice(0, MAX_NAME) || 'file'
  )
}

/** Of a file's name, without its ending; characters. */
const MAX_NAME = 100
