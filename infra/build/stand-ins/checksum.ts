/**
 * Stands in for @smithy/core/checksum inside the bundles (infra/build/bundles.ts): the SHA-256 that requests are signed with,
 * and the MD5 by which SQS tells what it received, from Node alone. The SDK's own brings implementations in JavaScript
 * for runtimes without them.
 * It saves 4 kB, and no time that could be measured.
 */
export { Md5, Sha256 } from '../../../lib/aws/node-hash.ts'
