/**
 * Decodes an answer's content encoding. The gateway asks for none, so this serves a proxy that compresses
 * anyway; node:zlib is loaded only then.
 *
 * @param maxBytes cap on the decoded size, so that a small answer cannot fill the memory.
 * @throws Error for a corrupt body, an unknown encoding, or a decoded size over the cap.
 */
export async function decodeBody(
  body: Buffer,
  encoding: string | undefined,
  maxBytes: number,
): Promise<Buffer> {
  if (encoding === undefined || encoding === 'identity') return body
  const { brotliDecompressSync, gunzipSync, inflateSync } = await import('node:zlib')
  const decoders = { gzip: gunzipSync, deflate: inflateSync, br: brotliDecompressSync }
  const decode = Object.hasOwn(decoders, encoding) ? decoders[encoding as keyof typeof decoders] : undefined
  if (!decode) throw new Error('unknown content encoding')
  return decode(body, { maxOutputLength: maxBytes })
}
