/** The rules of an org file about what the stack takes over from the account it is in. */
import * as z from 'zod'
import { must, oneOf, text, whole } from './sentences.ts'

/** A ledger that is there already: restored from a backup, or kept when a stack went. */
export const ledgerTable = z.strictObject(
  {
    /** The table's name, in the stack's own account and region. */
    name: text("a DynamoDB table's name", /^[A-Za-z0-9_.-]{3,255}$/),
    /** The customer managed key it is encrypted with, where that is not this stack's own. Default: this stack's, or AWS's. */
    keyArn: text(
      "a KMS key's ARN, not that of an alias",
      /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/,
    ).optional(),
  },
  { error: must('{ name, keyArn }, of which name is needed') },
)

/** S3's own bound of a retention: a hundred years. */
const MAX_LOCKED_DAYS = 36_500

/** How the record that can be checked is kept, or the bucket that it goes on in: one kept when a stack went. */
export const audit = z
  .strictObject(
    {
      mode: oneOf("'GOVERNANCE' or 'COMPLIANCE'", ['GOVERNANCE', 'COMPLIANCE']).optional(),
      days: whole(`a whole number of days from 1 to ${MAX_LOCKED_DAYS}`, 1, MAX_LOCKED_DAYS).optional(),
      /** In the stack's own account and region; as it is, so neither mode nor days go with it. */
      bucketName: text(
        "an S3 bucket's name without dots: lower-case letters, digits and hyphens",
        /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
      ).optional(),
    },
    { error: must('{ mode, days } or { bucketName }') },
  )
  .superRefine(({ mode, days, bucketName }, context) => {
    if (bucketName === undefined || (mode === undefined && days === undefined)) return
    const message = 'must stand alone: a bucket that is there already locks files as it is set to'
    context.addIssue({ code: 'custom', path: ['bucketName'], message })
  })

/** CloudFormation's own limit of a stack's tags. */
const MAX_TAGS = 50

/** What every service takes that the stack has resources of (AWS's tagging guide, "Tag naming limits and requirements"). */
const TAG = /^[\p{L}\p{Z}\p{N}_.:/=+@-]*$/u

const table = `a table of at most ${MAX_TAGS} tags, each a key -> a value`
const value = 'a text of at most 256 letters, digits, blanks and _.:/=+@-'

export const tags = z
  .record(
    z.string(),
    z.string({ error: must(value) }).refine((each) => isTag(each, 256), { error: must(value) }),
    {
      error: must(table),
    },
  )
  .superRefine((all, context) => {
    const keys = Object.keys(all)
    const fault = (path: readonly string[], message: string) =>
      context.addIssue({ code: 'custom', path: [...path], message })
    if (keys.length > MAX_TAGS) fault([], `must be ${table}, not ${keys.length}`)
    for (const key of keys) {
      const twin = keys.find((each) => each < key && each.toLowerCase() === key.toLowerCase())
      if (key === '' || !isTag(key, 128) || /^aws:/i.test(key)) {
        fault([key || "''"], 'must be under a key of 1 to 128 such characters that does not begin with aws:')
      } else if (twin !== undefined) {
        fault([key], `must not be there beside ${twin}: to IAM they are one key`)
      }
    }
  })

function isTag(written: string, maxLength: number): boolean {
  return written.length <= maxLength && TAG.test(written)
}
