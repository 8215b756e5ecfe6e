import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import { afterEach, describe, expect, it } from 'vitest'
import { bearerOf, TEST_KEY } from '../../../../infra/local/aws/access-key.ts'
import { type AwsOptions, type LocalAws, startAws } from '../../../../infra/local/aws/server.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function start(options: AwsOptions = {}): Promise<{ aws: LocalAws; client: SecretsManagerClient }> {
  const aws = await startAws(options)
  const client = new SecretsManagerClient({
    endpoint: aws.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  })
  closers.push(aws.close, () => client.destroy())
  return { aws, client }
}

const versionA = 'aaaaaaaa-0000-4000-8000-000000000001'
const versionB = 'bbbbbbbb-0000-4000-8000-000000000002'
const versionC = 'cccccccc-0000-4000-8000-000000000003'

describe('a description', () => {
  it('can lag behind what was put, for as many looks as it is told to', async () => {
    const { client, aws } = await start()
    aws.createSecret({ name: 's', value: 'one' })
    const stages = async () =>
      (await client.send(new DescribeSecretCommand({ SecretId: 's' }))).VersionIdsToStages?.[versionB]
    aws.lagBehind('s', 2)
    await client.send(
      new PutSecretValueCommand({ SecretId: 's', SecretString: 'two', ClientRequestToken: versionB }),
    )
    expect([await stages(), await stages(), await stages()]).toEqual([undefined, undefined, ['AWSCURRENT']])
  })
})

describe('secret values', () => {
  it('are read back by name and by ARN, with ARN, version and date as the service has them', async () => {
    const { client } = await start({ now: () => Date.parse('2026-11-01T00:00:00.500Z') })
    const created = await client.send(
      new CreateSecretCommand({ Name: 'read-token', SecretString: 'one', ClientRequestToken: versionA }),
    )
    expect(created.ARN).toMatch(
      /^arn:aws:secretsmanager:us-east-1:000000000000:secret:read-token-[0-9a-zA-Z]{6}$/,
    )
    for (const SecretId of ['read-token', created.ARN]) {
      expect(await client.send(new GetSecretValueCommand({ SecretId }))).toMatchObject({
        ARN: created.ARN,
        Name: 'read-token',
        SecretString: 'one',
        VersionId: versionA,
        VersionStages: ['AWSCURRENT'],
        CreatedDate: new Date('2026-11-01T00:00:00.500Z'),
      })
    }
  })

  it('may be bytes', async () => {
    const { client, aws } = await start()
    aws.createSecret({ name: 'bytes', value: Uint8Array.of(0, 255, 10) })
    const { SecretBinary, SecretString } = await client.send(new GetSecretValueCommand({ SecretId: 'bytes' }))
    expect([...(SecretBinary ?? [])]).toEqual([0, 255, 10])
    expect(SecretString).toBeUndefined()
  })

  it('may be broken on purpose', async () => {
    const { client, aws } = await start()
    aws.createSecret({ name: 'broken', value: '{"clientId":' })
    const read = new GetSecretValueCommand({ SecretId: 'broken' })
    expect((await client.send(read)).SecretString).toBe('{"clientId":')
    aws.putSecret('broken', '')
    expect((await client.send(read)).SecretString).toBe('')
  })

  it('that do not exist are ResourceNotFoundException', async () => {
    const { client, aws } = await start()
    aws.createSecret({ name: 'empty' })
    for (const SecretId of ['empty', 'absent']) {
      await expect(client.send(new GetSecretValueCommand({ SecretId }))).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
        $metadata: { httpStatusCode: 400 },
      })
    }
  })

  it('of a name that is taken are ResourceExistsException, unless the same creation is repeated', async () => {
    const { client } = await start()
    const create = { Name: 'one', SecretString: 'x', ClientRequestToken: versionA }
    await client.send(new CreateSecretCommand(create))
    expect((await client.send(new CreateSecretCommand(create))).VersionId).toBe(versionA)
    await expect(
      client.send(new CreateSecretCommand({ Name: 'one', SecretString: 'x' })),
    ).rejects.toMatchObject({ name: 'ResourceExistsException' })
  })
})

describe('versions', () => {
  async function withVersions() {
    const started = await start()
    const put = (ClientRequestToken: string, SecretString: string, VersionStages?: string[]) =>
      started.client.send(
        new PutSecretValueCommand({
          SecretId: 's',
          ClientRequestToken,
          SecretString,
          ...(VersionStages && { VersionStages }),
        }),
      )
    const stages = async () =>
      (await started.client.send(new DescribeSecretCommand({ SecretId: 's' }))).VersionIdsToStages
    const move = (VersionStage: string, RemoveFromVersionId?: string, MoveToVersionId?: string) =>
      started.client.send(
        new UpdateSecretVersionStageCommand({
          SecretId: 's',
          VersionStage,
          RemoveFromVersionId,
          MoveToVersionId,
        }),
      )
    started.aws.createSecret({ name: 's' })
    return { ...started, put, stages, move }
  }

  it('put one after the other become current and previous, the oldest loses its label', async () => {
    const { put, stages } = await withVersions()
    await put(versionA, 'a')
    await put(versionB, 'b')
    expect(await stages()).toEqual({ [versionA]: ['AWSPREVIOUS'], [versionB]: ['AWSCURRENT'] })
    await put(versionC, 'c')
    expect(await stages()).toEqual({ [versionB]: ['AWSPREVIOUS'], [versionC]: ['AWSCURRENT'] })
  })

  it('put twice with the same value are one, with another value are refused', async () => {
    const { put, stages } = await withVersions()
    await put(versionA, 'a')
    await put(versionA, 'a')
    await expect(put(versionA, 'b')).rejects.toMatchObject({ name: 'ResourceExistsException' })
    expect(await stages()).toEqual({ [versionA]: ['AWSCURRENT'] })
  })

  it('put as pending leave the current one alone, and are read by label and by id', async () => {
    const { client, put } = await withVersions()
    await put(versionA, 'a')
    await put(versionB, 'b', ['AWSPENDING'])
    const read = async (input: { VersionId?: string; VersionStage?: string }) =>
      (await client.send(new GetSecretValueCommand({ SecretId: 's', ...input }))).SecretString
    expect(await read({})).toBe('a')
    expect(await read({ VersionStage: 'AWSPENDING' })).toBe('b')
    expect(await read({ VersionId: versionB })).toBe('b')
    expect(await read({ VersionId: versionB, VersionStage: 'AWSPENDING' })).toBe('b')
    await expect(read({ VersionId: versionA, VersionStage: 'AWSPENDING' })).rejects.toMatchObject({
      name: 'InvalidRequestException',
    })
  })

  it('get current by moving the label, which the one before gives up as previous', async () => {
    const { put, move, stages } = await withVersions()
    await put(versionA, 'a')
    await put(versionB, 'b', ['AWSPENDING'])
    await expect(move('AWSCURRENT', undefined, versionB)).rejects.toMatchObject({
      name: 'InvalidParameterException',
    })
    await expect(move('AWSCURRENT', versionC, versionB)).rejects.toMatchObject({
      name: 'InvalidParameterException',
    })
    await move('AWSCURRENT', versionA, versionB)
    expect(await stages()).toEqual({ [versionA]: ['AWSPREVIOUS'], [versionB]: ['AWSPENDING', 'AWSCURRENT'] })
    await move('AWSPENDING', versionB)
    expect(await stages()).toEqual({ [versionA]: ['AWSPREVIOUS'], [versionB]: ['AWSCURRENT'] })
  })

  it('never leave a secret without a current one', async () => {
    const { put, move } = await withVersions()
    await put(versionA, 'a')
    await expect(move('AWSCURRENT', versionA)).rejects.toMatchObject({ name: 'InvalidParameterException' })
    await expect(move('AWSCURRENT', versionA, versionC)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
  })
})

describe('the stand-in', () => {
  it('lists the calls without what they carried', async () => {
    const { aws, client } = await start({ now: () => 0 })
    await client.send(new CreateSecretCommand({ Name: 'canary', SecretString: 'canary-value' }))
    await client.send(new GetSecretValueCommand({ SecretId: 'canary' }))
    const listed = await (
      await fetch(`${aws.url}/__aws/requests`, { headers: { authorization: bearerOf(TEST_KEY) } })
    ).json()
    expect(listed).toEqual(aws.requests())
    expect(listed).toEqual([
      { action: 'CreateSecret', secretId: 'canary', at: '1970-01-01T00:00:00.000Z' },
      { action: 'GetSecretValue', secretId: 'canary', at: '1970-01-01T00:00:00.000Z' },
    ])
  })

  it('fails an action as often as it is told to', async () => {
    const { aws, client } = await start()
    aws.createSecret({ name: 's', value: 'v' })
    aws.fail('GetSecretValue', { type: 'AccessDeniedException', times: 2 })
    aws.fail('GetSecretValue', { type: 'InternalServiceError', status: 500 })
    const read = () => client.send(new GetSecretValueCommand({ SecretId: 's' }))
    await expect(read()).rejects.toMatchObject({ name: 'AccessDeniedException' })
    await expect(read()).rejects.toMatchObject({ name: 'AccessDeniedException' })
    await expect(read()).rejects.toMatchObject({
      name: 'InternalServiceError',
      $metadata: { httpStatusCode: 500 },
    })
    expect((await read()).SecretString).toBe('v')
  })

  it('refuses what it does not know, and what is no JSON', async () => {
    const { aws } = await start()
    const send = async (target: string, body: string) => {
      const answer = await fetch(aws.url, {
        method: 'POST',
        headers: { authorization: bearerOf(TEST_KEY), 'x-amz-target': target },
        body,
      })
      return [answer.status, answer.headers.get('x-amzn-errortype'), await answer.text()]
    }
    for (const [target, body, type] of [
      ['secretsmanager.DeleteSecret', '{}', 'UnknownOperationException'],
      ['secretsmanager.toString', '{}', 'UnknownOperationException'],
      ['secretsmanager.GetSecretValue', '{', 'SerializationException'],
      ['secretsmanager.GetSecretValue', '{}', 'ValidationException'],
    ] as const) {
      expect(await send(target, body)).toEqual([400, type, expect.stringContaining(`"__type":"${type}"`)])
    }
  })

  it('keeps secrets over a restart and gives up a rotation that was cut short', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'local-aws-'))
    closers.push(() => rmSync(folder, { recursive: true }))
    const stateFile = join(folder, 'aws.json')
    const first = await start({ stateFile })
    const { arn } = first.aws.createSecret({ name: 's', rotation: true, value: 'v' })
    await first.client.send(
      new PutSecretValueCommand({
        SecretId: 's',
        ClientRequestToken: versionB,
        SecretString: 'p',
        VersionStages: ['AWSPENDING'],
      }),
    )
    await first.aws.close()

    const second = await start({ stateFile })
    expect(second.aws.createSecret({ name: 's', rotation: true, value: 'ignored' })).toEqual({ arn })
    expect(await second.client.send(new GetSecretValueCommand({ SecretId: arn }))).toMatchObject({
      SecretString: 'v',
    })
    const { VersionIdsToStages } = await second.client.send(new DescribeSecretCommand({ SecretId: 's' }))
    expect(Object.values(VersionIdsToStages ?? {})).toEqual([['AWSCURRENT']])
    expect(JSON.parse(readFileSync(stateFile, 'utf8'))).toMatchObject({ version: 1 })
  })
})
