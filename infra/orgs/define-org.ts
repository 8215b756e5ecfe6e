/** Checks an org file when it is loaded, which is at synth, so that a wrong one never becomes a template. */
import type { z } from 'zod'
import { licensesToldTwice, TOLD_TWICE } from '../../lib/license-terms.ts'
import { escapeInvisible, ruleFor } from '../../lib/text.ts'
import { identityFaults } from './identities.ts'
import type { ApprovalRule, OrgFile } from './org-file.ts'
import { orgSchema } from './org-schema.ts'
import { people } from './people-schema.ts'
import { placementFaults } from './placement.ts'
import { variableFaults } from './variables.ts'

export type { OrgFile } from './org-file.ts'

/** One or more fields of an org file are wrong; the message has one sentence for each. */
export class OrgFileError extends Error {
  override readonly name = 'OrgFileError'
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(faults.join('\n'))
    this.faults = faults
  }
}

/**
 * @param file what the stack is made from; the types say the same as the checks, which also hold without them.
 * @returns the file, unchanged.
 * @throws OrgFileError with every fault at once, each naming the org and the field.
 */
export function defineOrg(file: OrgFile): OrgFile {
  const { success, error } = orgSchema.safeParse(file)
  const faults = [
    ...(error?.issues ?? []).flatMap((issue) => sentences(issue)),
    ...contradictionsIn(file),
    // These look at many fields, and are of use where each is right by itself.
    ...(success ? [...placementFaults(file), ...variableFaults(file)] : []),
  ]
  if (faults.length > 0) throw orgFileError(file, faults)
  return file
}

/** @param faults sentences without the name of the org and the full stop. */
export function orgFileError(file: Loose, faults: readonly string[]): OrgFileError {
  return new OrgFileError(faults.map((fault) => `Org file '${nameOf(file)}': ${fault}.`))
}

/**
 * @param files all orgs of the deployment.
 * @throws OrgFileError where two would be the same stack, or keep their records in one table or bucket.
 */
export function distinctOrgs(files: readonly OrgFile[]): readonly OrgFile[] {
  const faults = [
    ...repeatedIn(files.map(({ name }) => name)).map(
      (name) => `Org file '${name}': name must be unique, and another org has it too.`,
    ),
    ...repeatedIn(files.flatMap(ledgerOf)).flatMap((ledger) =>
      files
        .filter((file) => ledgerOf(file).includes(ledger))
        .map(
          ({ name }) =>
            `Org file '${name}': ledgerTable must be of this org alone, and another org has the same: each would carry out the other's changes.`,
        ),
    ),
    ...repeatedIn(files.flatMap(({ audit }) => audit?.bucketName ?? [])).flatMap((bucketName) =>
      files
        .filter(({ audit }) => audit?.bucketName === bucketName)
        .map(
          ({ name }) =>
            `Org file '${name}': audit.bucketName must be of this org alone, and another org has the same: each would find the other's file in the place of its own.`,
        ),
    ),
  ]
  if (faults.length > 0) throw new OrgFileError(faults)
  return files
}

function repeatedIn(texts: readonly string[]): string[] {
  return [...new Set(texts.filter((text, index) => texts.indexOf(text) !== index))]
}

/** The ledger's place, as far as the file says. */
function ledgerOf({ ledgerTable, aws }: OrgFile): string[] {
  return ledgerTable ? [[aws?.account, aws?.region, ledgerTable.name].join(' ')] : []
}

type Issue = z.core.$ZodIssue

/** @param of what it is a field that is none. */
export function sentences(issue: Issue, of = 'an org file'): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(
      (key) => `${fieldOf([...issue.path, key])} ${ruleFor(`is not a field of ${of}`, key)}`,
    )
  }
  const message = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message
  // A union puts the path of its discriminator, which is the field to mend.
  const key = issue.path.at(-1)
  return [`${fieldOf(issue.path) || 'it'} ${isAbout(issue) ? ruleFor(message, key, 'name') : message}`]
}

/** Whether a rule of a name in a table may be broken, and no character has been named. */
function isAbout({ code, message }: Issue): boolean {
  return ['custom', 'invalid_key'].includes(code) && !message.includes('; as character ')
}

function fieldOf(path: readonly PropertyKey[]): string {
  return path.map((part) => escapeInvisible(String(part))).join('.')
}

/** What no single field can know. Looked at even where other fields are wrong, so that all is said at once. */
function contradictionsIn(file: Loose): string[] {
  const isPrivate = file?.network?.kind === 'private'
  return [
    ...pageFaultsIn(file),
    ...seatlessRulesIn(file),
    ...doubleSeatsIn(file),
    ...(isPrivate && file?.customDomain !== undefined
      ? [
          "customDomain must be left out with network.kind 'private': a private API is called by its endpoint's name",
        ]
      : []),
    ...(hasApprovals(file) && !hasApprover(file)
      ? [
          "approvals must be left out or people must have somebody with role approver and an identity of auth.kind, 'iam' or 'jwt', or of slack where chat.slack is set: as it is, nobody could approve",
        ]
      : []),
    ...(file?.audit?.bucketName !== undefined && file.ledgerTable === undefined
      ? [
          'audit.bucketName must be left out or ledgerTable must name the ledger kept with it: a ledger made anew knows no file of the chain, and would begin another among them',
        ]
      : []),
    ...identityFaults(file ?? {}),
  ]
}

/** Its discovery document names the endpoints of version 1, which know no scopes and no single-page applications. */
const ENTRA_VERSION_1 = /^https:\/\/sts\.(windows\.net|chinacloudapi\.cn)\//

/** A page whose people could not sign in, or not do anything then. */
function pageFaultsIn(file: Loose): string[] {
  const { page, auth } = file ?? {}
  if (typeof page !== 'object' || page === null) return []
  if (auth?.kind === 'iam') {
    return [
      "page must be left out with auth.kind 'iam': people sign in to it with tokens of an issuer, which 'jwt' takes",
    ]
  }
  if (auth?.kind !== 'jwt') return []
  if (ENTRA_VERSION_1.test(String(auth.issuer))) {
    return [
      'page must be left out where auth.issuer is that of version 1 tokens of Entra, by which no browser signs in: set requestedAccessTokenVersion: 2 in the manifest of the API, and auth.issuer to https://login.microsoftonline.com/TENANT/v2.0',
    ]
  }
  const audiences: readonly unknown[] = [auth.audience].flat()
  if (auth.audienceClaim === 'client_id') {
    return audiences.includes(page.clientId)
      ? []
      : [
          "auth.audience must have page.clientId too: with audienceClaim 'client_id' the page's tokens are refused without it",
        ]
  }
  return page.audience === undefined || audiences.includes(page.audience)
    ? []
    : ['page.audience must be one of auth.audience: tokens for another are refused']
}

/** Rules about seats of which nobody has told any: they would never ask. */
function seatlessRulesIn(file: Loose): string[] {
  if (!Array.isArray(file?.approvals)) return []
  const told = [...Object.keys(tableIn(file.licenses)), ...Object.keys(tableIn(file.seats))]
  const counted = told.map((id) => id.toLowerCase())
  return file.approvals.flatMap((rule: ApprovalRule | null, index) => {
    if (rule?.overSeats !== true) return []
    const { licenses } = rule
    // Anything else is told of by its own field's check.
    const isAny = !Array.isArray(licenses) || licenses.includes('*')
    const fits = isAny
      ? counted.length > 0
      : licenses.some((each) => counted.includes(`${each}`.toLowerCase()))
    return fits
      ? []
      : [`approvals.${index}.overSeats must be left out, or licenses must say which seats such a license has`]
  })
}

function doubleSeatsIn(file: Loose): string[] {
  return licensesToldTwice({ licenses: tableIn(file?.licenses), seats: tableIn(file?.seats) }).map(
    (id) => `seats.${escapeInvisible(id)} ${TOLD_TWICE}`,
  )
}

/** What is no table is told of by its own field's check. */
function tableIn(value: unknown): object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}

function hasApprovals(file: Loose): boolean {
  return Array.isArray(file?.approvals) && file.approvals.length > 0
}

/**
 * Whether some person can call the operation that approves, or press its button; in Teams there is none. With faulty
 * people that is left open, since they are told of first.
 */
function hasApprover(file: Loose): boolean {
  const kind = file?.auth?.kind
  const found = people.safeParse(file?.people ?? {})
  if (!found.success || (kind !== 'iam' && kind !== 'jwt')) return true
  const hasSlack = file?.chat?.slack !== undefined
  return Object.values(found.data).some(
    (person) =>
      person.role === 'approver' && (person[kind] !== undefined || (hasSlack && person.slack !== undefined)),
  )
}

/** An org file of which nothing is certain yet. */
type Loose = { readonly [Field in keyof OrgFile]?: OrgFile[Field] } | null | undefined

function nameOf(file: Loose): string {
  return typeof file?.name === 'string' && file.name !== '' ? file.name : 'without a name'
}
