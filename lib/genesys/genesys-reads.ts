/**
 * Genesys's License API and the directory of users beside it. A question in the gateway's terms comes in, Genesys's answer
 * goes out once it has passed its model, or a GatewayError. Start here, with the reads, one method an operation; the one way
 * to write is `send-write.ts`, one try and what an answer means are in `exchange.ts`, its models are in `models/`.
 */
import * as z from 'zod/mini'
import { GatewayError } from '../errors.ts'
import {
  isFaultyUpstream,
  isFoundBy,
  type PageOf,
  readDirectoryPage,
  readDirectoryUsers,
  STATES,
  STATES_LEFT,
  searchDirectory,
  type UserSearch,
} from './directory.ts'
import { type Begun, eachPage, type PageWalk } from './each-page.ts'
import { requestsLeftOf, secondsToNextShareOf, usedShareError } from './minute-share.ts'
import type { DirectoryUser } from './models/directory-user.ts'
import { MAX_PAGE_SIZE } from './models/ids.ts'
import {
  LicenseDefinition,
  LicenseIds,
  LicenseOrgToggle,
  LicensesByUser,
  LicenseUser,
  type UserLicenses,
  UserLicensesEntityListing,
} from './models/licenses.ts'
import type { Scope } from './scope.ts'
import { sendRead } from './send-read.ts'
import { type Stretch, walkStretch } from './walk-stretch.ts'

const LICENSE = '/api/v2/license'

const Definitions = z.array(LicenseDefinition)

const DEFINITIONS_LIFE_MS = 10 * 60_000

/** Everybody whom a search finds. */
export interface EveryFound {
  readonly users: readonly DirectoryUser[]
  /** The deleted could not be looked through: whoever is not among these may be one of them. */
  readonly isWithoutDeleted: boolean
}

/**
 * Bound to one request of ours: its token, its deadline, its observations. Every method throws GatewayError.
 * Ids must have passed their grammar; they are encoded all the same.
 */
export class GenesysReads {
  readonly #scope: Scope
  /** Upstream has refused to search the deleted, and is not asked to again. */
  #isWithoutDeleted = false
  /** All who are deleted, read once however many are searched for. */
  #deleted: Promise<readonly DirectoryUser[]> | undefined

  constructor(scope: Scope) {
    this.#scope = scope
  }

  getDefinitions() {
    return this.#get(`${LICENSE}/definitions`, Definitions)
  }

  /**
   * The definitions, read by this container within the last ten minutes or now: they change a few times a year.
   *
   * @param isEnough whether what was kept will do; a license that is new is looked for anew.
   */
  async getRecentDefinitions(
    isEnough: (definitions: readonly LicenseDefinition[]) => boolean,
  ): Promise<readonly LicenseDefinition[]> {
    const { clock, definitionsKept = {} } = this.#scope
    const { last } = definitionsKept
    const atMs = clock.nowMs()
    if (last && atMs - last.atMs < DEFINITIONS_LIFE_MS && isEnough(last.definitions)) return last.definitions
    const definitions = await this.getDefinitions()
    definitionsKept.last = { definitions, atMs }
    return definitions
  }

  getDefinition(licenseId: string) {
    return this.#get(`${LICENSE}/definitions/${encodeURIComponent(licenseId)}`, LicenseDefinition)
  }

  getUser(userId: string) {
    return this.#get(`${LICENSE}/users/${encodeURIComponent(userId)}`, LicenseUser)
  }

  /** @param page size from 1 to 100, number from 1. */
  getUsers({ pageSize, pageNumber }: PageOf) {
    return this.#get(
      `${LICENSE}/users?pageSize=${pageSize}&pageNumber=${pageNumber}`,
      UserLicensesEntityListing,
    )
  }

  /** All users with the ids of their licenses, as far as one request comes; see `walkStretch`. */
  walkLicenses(begun?: Begun): Promise<Stretch<UserLicenses>> {
    return walkStretch<UserLicenses>(this.#scope, {
      fetchPage: (scope, pageNumber) =>
        new GenesysReads(scope).getUsers({ pageSize: MAX_PAGE_SIZE, pageNumber }),
      begun,
      onInconsistency: (what) => {
        this.#scope.observed.inconsistency = what
      },
    })
  }

  /** A page of the directory, inactive and deleted users too. */
  getDirectoryPage(page: PageOf) {
    return readDirectoryPage(this.#scope, page)
  }

  /** Those of at most 100 ids that the directory knows. */
  getDirectoryUsers(ids: readonly string[]) {
    return readDirectoryUsers(this.#scope, ids)
  }

  /** A page of the users that are found, in any state; `isWithoutDeleted` where upstream refuses to search the deleted. */
  async searchUsers(search: UserSearch, page: PageOf) {
    if (!this.#isWithoutDeleted) {
      try {
        return { ...(await searchDirectory(this.#scope, search, page, STATES)), isWithoutDeleted: false }
      } catch (error) {
        if (!isFaultyUpstream(error)) throw error
      }
    }
    const found = await searchDirectory(this.#scope, search, page, STATES_LEFT)
    this.#isWithoutDeleted = true
    return { ...found, isWithoutDeleted: true }
  }

  /**
   * All users that are found, from every page of the answer.
   *
   * @throws GatewayError `response.too.large` after page 1 where they are more than `most`; `upstream.bad.response` where
   *   they changed from one page to the next, so that somebody may be missing; `too.many.requests.retry.after` where half of
   *   the minute's requests is used and there are more pages.
   */
  async findEveryUser(search: UserSearch, most: number): Promise<EveryFound> {
    let isWithoutDeleted = false
    const users = await this.#everyUser(most, async (pageNumber) => {
      const page = await this.searchUsers(search, { pageSize: MAX_PAGE_SIZE, pageNumber })
      isWithoutDeleted ||= page.isWithoutDeleted
      return page
    })
    if (!isWithoutDeleted && users.length > 0) return { users, isWithoutDeleted }
    // Nor is it documented that a search which takes the state finds anybody by it.
    const deleted = await this.#deletedLike(search, most)
    return {
      users: [...users, ...(deleted ?? [])],
      isWithoutDeleted: isWithoutDeleted && deleted === undefined,
    }
  }

  /** @returns undefined where so many are deleted that they are not looked through. */
  async #deletedLike(search: UserSearch, most: number): Promise<readonly DirectoryUser[] | undefined> {
    const fetchPage = (pageNumber: number) =>
      readDirectoryPage(this.#scope, { pageSize: MAX_PAGE_SIZE, pageNumber }, 'deleted')
    try {
      this.#deleted ??= this.#everyUser(most, fetchPage)
      const all = await this.#deleted
      return all.filter((user) => user.state === 'deleted' && isFoundBy(search, user))
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'response.too.large') return undefined
      throw error
    }
  }

  async #everyUser(
    most: number,
    fetchPage: PageWalk<DirectoryUser>['fetchPage'],
  ): Promise<readonly DirectoryUser[]> {
    const { observed } = this.#scope
    const found: DirectoryUser[] = []
    let pagesLeft = 0
    const pages = eachPage({
      fetchPage,
      canAsk: (underWay) => requestsLeftOf(observed) > underWay,
      onFirstPage({ total }, pageCount) {
        pagesLeft = pageCount
        if (Math.max(total ?? 0, (pageCount - 1) * MAX_PAGE_SIZE + 1) <= most) return
        throw new GatewayError(
          'response.too.large',
          `More than ${most} users are found, which are too many to look through; name them more exactly`,
        )
      },
      onInconsistency() {
        throw new GatewayError(
          'upstream.bad.response',
          'Users changed in Genesys while they were looked through; try again',
          { upstreamStatus: 200 },
        )
      },
    })
    for await (const page of pages) {
      for (const user of page) found.push(user)
      pagesLeft -= 1
    }
    if (pagesLeft > 0) throw usedShareError(secondsToNextShareOf(observed))
    return found
  }

  /**
   * Licenses of several users.
   *
   * @param userIds undefined sends no body, as the contract allows.
   */
  async getUsersById(userIds: readonly string[] | undefined): Promise<LicensesByUser> {
    try {
      return await this.#post(`${LICENSE}/users`, userIds, LicensesByUser)
    } catch (error) {
      const isTooLarge = error instanceof GatewayError && error.upstreamStatus === 413
      if (!isTooLarge || userIds === undefined || userIds.length < 2) throw error
      const half = Math.ceil(userIds.length / 2)
      // One after the other: the halves of a request that was too large are in no hurry.
      const head = await this.getUsersById(userIds.slice(0, half))
      return { ...head, ...(await this.getUsersById(userIds.slice(half))) }
    }
  }

  inferFromRoles(roleIds: readonly string[] | undefined) {
    return this.#post(`${LICENSE}/infer`, roleIds, LicenseIds)
  }

  inferFromPermissions(permissions: readonly string[] | undefined) {
    return this.#post(`${LICENSE}/infer/permissions`, permissions, LicenseIds)
  }

  /** @throws GatewayError `upstream.bad.response` where upstream answers for another feature. */
  async getToggle(featureName: string): Promise<LicenseOrgToggle> {
    const path = `${LICENSE}/toggles/${encodeURIComponent(featureName)}`
    const toggle = await this.#get(path, LicenseOrgToggle).catch((error: unknown) => {
      throw nameUnknownToggle(error, featureName)
    })
    return requireSameToggle(toggle, featureName)
  }

  #get<S extends z.core.$ZodType>(path: string, schema: S) {
    return sendRead(this.#scope, { method: 'GET', path }, schema)
  }

  /** A POST that only reads. */
  #post<S extends z.core.$ZodType>(path: string, body: unknown, schema: S) {
    return sendRead(this.#scope, { method: 'POST', path, body }, schema)
  }
}

/** What Genesys answers 404 says nothing but that; which toggle is meant is known here alone. */
function nameUnknownToggle(error: unknown, featureName: string): unknown {
  if (!(error instanceof GatewayError) || error.code !== 'not.found') return error
  const { upstreamStatus, upstreamBody } = error
  return new GatewayError('not.found', `Genesys has no toggle ${featureName} (status 404)`, {
    cause: error,
    upstreamStatus,
    upstreamBody,
  })
}

/** An answer for another feature is no answer. */
export function requireSameToggle(toggle: LicenseOrgToggle, featureName: string): LicenseOrgToggle {
  if (toggle.featureName === featureName) return toggle
  throw new GatewayError(
    'upstream.bad.response',
    'Genesys answered for another toggle than the one asked for',
    {
      upstreamStatus: 200,
    },
  )
}
