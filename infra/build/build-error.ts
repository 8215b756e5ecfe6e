/** What is built is not fit to be deployed; the message has one sentence for each reason. */
export class BuildError extends Error {
  override readonly name = 'BuildError'
}
