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

  it('knows no other functions', async () => {
    expect(await invoked('else', {})).toMatchObject({
      status: 404,
      body: { __type: 'ResourceNotFoundException' },
    })
  })
})
