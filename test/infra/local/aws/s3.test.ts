import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { TEST_KEY } from '../../../../infra/local/aws/access-key.ts'
import type { S3Options } from '../../../../infra/local/aws/s3/server.ts'
import { BUCKET, s3ForTests } from '../../../support/ledger/audit.ts'

const Key = 'audit/2026-11-15.ndjson'

async function bucketForTests(options: Partial<S3Options> = {}, credentials = TEST_KEY) {
  const s3 = await s3ForTests(options)
  const settings = {
    region: 'us-east-1',
    endpoint: s3.url,
    forcePathStyle: true,
    credentials,
    maxAttempts: 1,
  }
  const client = new S3Client({ ...settings, requestChecksumCalculation: 'WHEN_REQUIRED' })
  const put = (Body: string, more: object = { ChecksumAlgorithm: 'SHA256' }) =>
    client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body, ...more }))
  const get = async (VersionId?: string) =>
    await (
      await client.send(new GetObjectCommand({ Bucket: BUCKET, Key, VersionId }))
    ).Body?.transformToString()
  const remove = (more: object = {}) => client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key, ...more }))
  return { s3, put, get, remove }
}

describe('the stand-in for S3', () => {
  it('keeps each version of an object, and answers the newest or the one that is named', async () => {
    const { put, get } = await bucketForTests()
    const { VersionId } = await put('one')
    await put('two')
    expect([await get(), await get(VersionId)]).toEqual(['two', 'one'])
  })

  it('refuses to remove what is locked, with the right to bypass a GOVERNANCE lock aside', async () => {
    const { put, remove } = await bucketForTests()
    const { VersionId } = await put('one')
    await expect(remove({ VersionId })).rejects.toMatchObject({ name: 'AccessDenied' })
    await expect(remove({ VersionId, BypassGovernanceRetention: true })).resolves.toBeDefined()
  })

  it('removes nothing under COMPLIANCE before its time, whoever asks, and everything after it', async () => {
    let nowMs = Date.parse('2026-11-15T12:00:00Z')
    const lock = { mode: 'COMPLIANCE', days: 30 } as const
    const { put, remove } = await bucketForTests({ lock, nowMs: () => nowMs })
    const { VersionId } = await put('one')
    const removal = { VersionId, BypassGovernanceRetention: true }
    await expect(remove(removal)).rejects.toMatchObject({ name: 'AccessDenied' })
    nowMs += 30 * 86_400_000
    await expect(remove(removal)).resolves.toBeDefined()
  })

  it('puts a marker where somebody deletes without a version, and all is still there', async () => {
    const { put, get, remove } = await bucketForTests()
    const { VersionId } = await put('one')
    await remove()
    await expect(get()).rejects.toMatchObject({ name: 'NoSuchKey' })
    expect(await get(VersionId)).toBe('one')
  })

  it('refuses a put without a checksum, with a wrong one, and over what is there where it must not be', async () => {
    const { put, get } = await bucketForTests()
    await expect(put('one', {})).rejects.toMatchObject({ name: 'InvalidRequest' })
    const wrong = Buffer.alloc(32).toString('base64')
    await expect(put('one', { ChecksumSHA256: wrong })).rejects.toMatchObject({ name: 'BadDigest' })
    await put('one')
    const onlyNew = { ChecksumAlgorithm: 'SHA256', IfNoneMatch: '*' }
    await expect(put('two', onlyNew)).rejects.toMatchObject({ name: 'PreconditionFailed' })
    expect(await get()).toBe('one')
  })

  it('fails as it is told to, and answers nobody who signs with another key', async () => {
    const { s3, put } = await bucketForTests()
    s3.fail('PutObject', { code: 'SlowDown', status: 503 })
    await expect(put('one')).rejects.toMatchObject({ name: 'SlowDown' })
    const stranger = await bucketForTests({}, { accessKeyId: 'other', secretAccessKey: 'other' })
    await expect(stranger.put('one')).rejects.toMatchObject({ name: 'InvalidAccessKeyId' })
  })
})
