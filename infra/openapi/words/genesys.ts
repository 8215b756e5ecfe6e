/** Genesys's own models and the ids, in words. What no source of Genesys's says is not said here either. */
import type { Words } from './words.ts'

const ids =
  'Written as Genesys spells it, since it is told apart by every letter; an operation that finds it in any case says so.'

export const genesysWords: Words = {
  UserId: ['A Genesys user id: a UUID in any case, which is lower-cased'],
  LicenseId: [`A license id, such as cloudCX3, as GET /api/v2/license/definitions lists them. ${ids}`],
  FeatureName: [
    "The feature name of a license toggle; Genesys publishes no list of them, and the org's differ",
  ],
  RoleId: ['The id of a Genesys role'],
  PermissionId: ['A Genesys permission, domain:entity:action; * stands for any entity or any action'],
  AddressableLicenseDefinition: [
    'A license definition by its id alone',
    { id: 'The license id', selfUri: 'Where its definition is read' },
  ],
  LicenseDefinition: [
    'A license that the organization can hold. Genesys gives it no name, and only its id is sure to be there',
    {
      id: 'The license id',
      description: "Genesys's own description",
      permissions: 'What whoever holds the license may be granted',
      'permissions.ids':
        'Permissions, domain:entity:action. The list of definitions may lack some that one definition has',
      prerequisites: 'Licenses that a user must hold for this one to be of use',
      comprises: 'Licenses that this one includes: beside it they bring nothing',
      selfUri: 'Where this definition is read',
    },
  ],
  LicenseUser: [
    'One user with the definitions of all licenses held',
    {
      id: "The user's id",
      licenses: 'The definition of each license that the user holds',
      selfUri: 'Where this is read',
    },
  ],
  UserLicenses: [
    'One user with the ids of all licenses held',
    { id: "The user's id", licenses: 'License ids', selfUri: 'Where this is read' },
  ],
  UserLicensesEntityListing: [
    'One page of users. It names no next page: go on with `pageNumber` up to `pageCount`',
    {
      entities: 'The users of this page',
      pageSize: 'How many users a page has at most',
      pageNumber: 'Which page this is, from 1',
      total: 'How many users there are in all',
      pageCount: 'How many pages there are: the last has this number',
    },
  ],
  LicenseOrgToggle: [
    'A license toggle',
    {
      featureName: 'Its feature name',
      enabled: 'Whether it is on; Genesys documents that it always reads true',
    },
  ],
  LicenseOrganization: [
    'Who holds what in the whole organization',
    {
      id: "The organization's id, from the gateway's own settings",
      name: "The organization's name, from the gateway's own settings",
      licenses: 'By license id: who holds it',
      'licenses.id': "A holder's user id",
      'licenses.selfUri': "Where this holder's licenses are read",
      selfUri: 'Where this is read',
    },
  ],
  LicenseAssignmentRequest: [
    'One license: who gets it and who loses it. Somebody must be named',
    {
      userIdsAdd: 'Users who get the license; empty where nobody does',
      userIdsRemove: 'Users who lose the license; empty where nobody does. Nobody can be in both lists',
    },
  ],
  LicenseBatchAssignmentRequest: [
    'Licenses to give and to take: at most 500 pairs of a license and a user in all',
    { assignments: 'One entry or more for each license' },
  ],
  'getLicenseDefinitions.response': ['All licenses that the organization can hold'],
  'postLicenseOrganization.response': ['What became of each pair, in no order that Genesys promises'],
  'postLicenseUsers.body': ['User ids; without a body, none'],
  'postLicenseUsers.response': [
    'By user id: what the user holds, in whichever of these shapes Genesys answers; whom it does not know is left out',
  ],
  'postLicenseInfer.body': ['Role ids; without a body, none'],
  'postLicenseInfer.response': ['License ids'],
  'postLicenseInferPermissions.body': ['Permissions; without a body, none'],
}
