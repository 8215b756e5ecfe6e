/**
 * The region that a client of the SDK calls: the org file's, or what every AWS tool finds.
 *
 * @param org the org file's name.
 * @throws Error that says where to name one, where there is none.
 */
export async function awsRegionOf(
  client: { readonly config: { readonly region: () => Promise<string> } },
  org: string,
): Promise<string> {
  try {
    return await client.config.region()
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Error(
      `It is not known in which AWS region the stack of '${org}' is (${why}): name it as aws.region in the org file, or set AWS_REGION or a profile that has one`,
      { cause },
    )
  }
}
