/**
 * The least a function can do: one node:https request to Secrets Manager, signed by hand (SigV4), the token kept for
 * the container, and the caller's request forwarded. It checks nothing, logs nothing and repeats nothing.
 */
import { createHash, createHmac } from 'node:crypto'
import http from 'node:http'
import https from 'node:https'

interface Event {
  readonly httpMethod: string
  readonly path: string
  readonly body: string | null
}

interface Exchange {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

const {
  AWS_REGION = '',
  AWS_ACCESS_KEY_ID = '',
  AWS_SECRET_ACCESS_KEY = '',
  AWS_SESSION_TOKEN = '',
  AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoint = `https://secretsmanager.${AWS_REGION}.amazonaws.com`,
  GENESYS_API_URL: api = 'https://api.mypurecloud.com',
  READ_TOKEN_SECRET = '',
} = process.env

const agents = { http: new http.Agent({ keepAlive: true }), https: new https.Agent({ keepAlive: true }) }

let token: Promise<string> | undefined

export async function handler({ httpMethod, path, body }: Event) {
  token ??= readToken()
  const headers = {
    authorization: `Bearer ${await token}`,
    accept: 'application/json',
    'user-agent': 'bare',
  }
  const answer = await send(`${api}${path}`, {
    method: httpMethod,
    headers: body === null ? headers : { ...headers, 'content-type': 'application/json' },
    ...(body === null ? {} : { body }),
  })
  return { statusCode: answer.status, headers: { 'content-type': 'application/json' }, body: answer.body }
}

async function readToken(): Promise<string> {
  const body = JSON.stringify({ SecretId: READ_TOKEN_SECRET })
  const answer = await send(`${endpoint}/`, { method: 'POST', headers: signed(body), body })
  return JSON.parse(JSON.parse(answer.body).SecretString).accessToken
}

function send(url: string, { method, headers, body }: Exchange): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const isSecure = url.startsWith('https:')
    const options = { method, headers, agent: isSecure ? agents.https : agents.http }
    const request = (isSecure ? https : http).request(url, options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}

/** AWS Signature Version 4 of GetSecretValue ("Create a signed AWS API request", AWS IAM User Guide). */
function signed(body: string): Record<string, string> {
  const amzDate = new Date().toISOString().replaceAll(/[:-]|\.\d{3}/g, '')
  const day = amzDate.slice(0, 8)
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    host: new URL(endpoint).host,
    'x-amz-date': amzDate,
    'x-amz-security-token': AWS_SESSION_TOKEN,
    'x-amz-target': 'secretsmanager.GetSecretValue',
  }
  const names = Object.keys(headers).join(';')
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}`)
  const canonical = ['POST', '/', '', ...lines, '', names, sha256(body)].join('\n')
  const scope = `${day}/${AWS_REGION}/secretsmanager/aws4_request`
  const key = [AWS_REGION, 'secretsmanager', 'aws4_request'].reduce(
    hmac,
    hmac(`AWS4${AWS_SECRET_ACCESS_KEY}`, day),
  )
  const signature = hmac(key, ['AWS4-HMAC-SHA256', amzDate, scope, sha256(canonical)].join('\n')).toString(
    'hex',
  )
  const authorization = `AWS4-HMAC-SHA256 Credential=${AWS_ACCESS_KEY_ID}/${scope}, SignedHeaders=${names}, Signature=${signature}`
  return { ...headers, authorization, 'content-length': String(Buffer.byteLength(body)) }
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
