/**
 * What the OpenAPI document says of the models. It stands here and not beside the schemas, since whatever stands there is
 * part of every bundle that checks a request. A model or property without words, or words for none, is an error.
 */

/** By the model's name: what it is, and what each of its properties is, by path (`revert.at`; lists add nothing). */
export type Words = Readonly<
  Record<string, readonly [model: string, properties?: Readonly<Record<string, string>>]>
>

export const time = 'ISO 8601, in UTC'

/** Of one page of a list that goes on by cursor. */
export const listing = (entities: string) => ({
  entities,
  next: 'The `cursor` of the page after this one, to be sent with the same filters. Absent on the last page, and only there: a page may be short, or empty, and still have it',
})

/** Of whatever rests on a reading of the whole organization. */
export const dated = {
  asOf: `When the reading began that this is from: nothing in it is older, and what the gateway's own changes have brought about since is in it. ${time}`,
  isWhole:
    'False where somebody may be missing: they were not in the newest whole reading, and it is not known yet what became of them',
}
