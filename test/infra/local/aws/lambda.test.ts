import { describe, expect, it } from 'vitest'
import { authorization, startedAws } from './running-aws.ts'

async function invoked(name: string, payload: unknown) {
  const { aws } = await startedAws({
    functions: {
      greet: async (given) => ({ hello: given }),
      silent: async () => undefined,
      broken: async () => {
        throw new TypeError('of its own')
      },
    },
  })
  const response = await fetch(`${aws.url}/2015-03-31/functions/${encodeURIComponent(name)}/invocations`, {
    method: 'POST',
    headers: { authorization },
    body: JSON.stringify(payload),
  })
  return {
    status: response.status,
    error: response.headers.get('x-amz-function-error'),
    body: JSON.parse(await response.text()),
  }
}

describe("Lambda's Invoke", () => {
  it('answers with what the function returns', async () => {
    expect(await invoked('greet', { a: 1 })).toEqual({ status: 200, error: null, body: { hello: { a: 1 } } })
    expect(await invoked('silent', {})).toEqual({ status: 200, error: null, body: null })
  })

  it('answers 200 for a function that throws, and says so in a header', async () => {
    expect(await invoked('broken', {})).toEqual({
      status: 200,
      error: 'Unhandled',
      body: { errorType: 'TypeError', errorMessage: 'of its own' },
    })
  })

  it('is under way until the function has ended, whoever waits for its result', async () => {
    const [asked, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const ended: string[] = []
    const { aws } = await startedAws({
      functions: {
        async slow() {
          asked.resolve()
          await end.promise
          ended.push('the function')
        },
      },
    })
    const caller = new AbortController()
    const given = { method: 'POST', headers: { authorization }, body: '{}', signal: caller.signal }
    const answer = fetch(`${aws.url}/2015-03-31/functions/slow/invocations`, given)
    await asked.promise
    caller.abort()
    await expect(answer).rejects.toThrow()
    const idle = aws.idle().then(() => ended.push('what is under way'))
    end.resolve()
    await idle
    expect(ended).toEqual(['the function', 'what is under way'])
  })

  it('knows no other functions', async () => {
    expect(await invoked('else', {})).toMatchObject({
      status: 404,
      body: { __type: 'ResourceNotFoundException' },
    })
  })
})
