/** The very functions that deploy, loaded by the rule that names their files after their operations. */
import { existsSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { APIGatewayAuthorizerResult } from 'aws-lambda'
import type { Handler } from '../../lib/http/lambda.ts'
import { operations } from '../../lib/operations/index.ts'

const root = fileURLToPath(new URL('../../functions/', import.meta.url))
const folders = ['license', 'gateway']

export interface Functions {
  readonly authorize: (event: unknown) => Promise<APIGatewayAuthorizerResult>
  readonly rotate: (event: unknown) => Promise<void>
  readonly functionOf: (operationId: string) => Handler
}

/** The file of an operation's function. @throws Error where there is none. */
export function functionFile(operationId: string): string {
  const name = operationId.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  const file = folders.map((folder) => `${root}${folder}/${name}.ts`).find((path) => existsSync(path))
  if (file === undefined) throw new Error(`The operation ${operationId} has no function file ${name}.ts`)
  return file
}

/** Imports every function; process.env must be complete before, since each reads it as it is loaded. */
export async function loadFunctions(): Promise<Functions> {
  const handlers = new Map<string, Handler>()
  for (const { id } of operations) {
    const { handler }: { handler: Handler } = await import(pathToFileURL(functionFile(id)).href)
    handlers.set(id, handler)
  }
  const { handler: authorize } = await import('../../functions/gateway/authorize.ts')
  const { handler: rotate } = await import('../../functions/credentials/rotate-token.ts')
  return {
    authorize,
    rotate,
    functionOf(operationId) {
      const handler = handlers.get(operationId)
      if (!handler) throw new Error(`No function was loaded for ${operationId}`)
      return handler
    },
  }
}
