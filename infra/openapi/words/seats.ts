/** Seats and billing periods, in words: what each figure is, and what it is not. */
import { time, type Words } from './words.ts'

const day = 'A day in UTC, such as 2026-11-28'

const dated = {
  asOf: `When the reading of the whole organization began that counts are from: nothing in it is older. What the gateway has settled since is counted too. ${time}`,
  isWhole: 'False where somebody may be missing from that reading: counts may then be wrong',
  missing:
    'Where it is not whole: so many were not found in it, of whom it is not known yet what became. What they held counts as before',
  counting:
    'How the contract counts, by the org file: `named` bills people who logged in during the period, `concurrent` the most who were logged in at once. Absent where the org file does not say it, since no API of Genesys does',
  contractGoneSince: `When Genesys told of the contract last, where that is over a week ago: its seats count for today no longer. ${time}`,
}

const paid = {
  seats:
    'How many are paid for: by the org file where it names them, else by the charges of the contract that it maps to the license. Absent where nobody has told',
  seatsFrom: 'Who told the seats: `orgFile`, `contract`, or `none`',
  contractSeats:
    'What the mapped charges of the contract say is paid for, where the org file’s own number counts in its place',
  unknownCharges:
    'Charges that the org file maps to the license and that the contract does not have: while there are any, what the contract pays for it is not known',
  over: 'How many are held beyond the seats; 0 where they suffice, absent where one of the two is not known',
  billed:
    'What Genesys’s billing counts so far in the period, of the charges that the org file maps to the license; how fresh that is in an open period Genesys does not document. Held is never billed: the two differ',
  billedAsOf: `When billing was looked at, or to when its count reaches. ${time}`,
}

const period = {
  id: 'The period’s id: Genesys’s, or of a calendar month such as 2026-11',
  from: '`contract`: a billing period of the contract, as Genesys tells it. `calendar`: a month in UTC, where Genesys tells none',
  start: 'Its beginning, as Genesys gives it; of a month its first day',
  end: 'Its end, as Genesys gives it, which does not document whether that is the last day or the one after; it counts as the last day unless another period begins on it. Of a month its last day',
  status:
    'As Genesys tells it, else by its end. What a closed period came to may still be settled by billing',
  toldAt: `Of a contract’s period: when Genesys listed it last. ${time}`,
  selfUri: 'Where it is looked at: a path of this API',
}

export const seatWords: Words = {
  PeriodId: ['The id of a period as `GET /v1/periods` lists it, or `current`'],
  LicenseSeats: [
    'Seats of one license',
    {
      licenseId: 'The license',
      held: 'How many hold it. Holding is not what is billed',
      unknown:
        'Of so many it is not known whether they hold it, since a write has had no clear answer; they are not in `held`',
      ...paid,
      standing:
        'How the count stands to the seats: `near` is from `nearPercent` of the org file (90 unless it says another) to all of them. Absent where nobody has told the seats',
    },
  ],
  LicenseDays: [
    'The days of one license',
    { licenseId: 'The license', days: 'Each day of the span, the earliest first' },
  ],
  SeatDayListing: [
    'Licenses by day',
    {
      from: `The first day. ${day}`,
      to: `The last day, which is today. ${day}`,
      asOf: dated.asOf,
      isWhole: dated.isWhole,
      seatsFromDay: `From which day on it is on record what was paid for, where not over all of the span: days before go by the org file’s first number. ${day}`,
      entities: 'Each license that anybody holds, or held then, or that the org file names',
    },
  ],
  SeatListing: [
    'Seats of each license that anybody holds or that the org file names',
    {
      ...dated,
      entities: 'The licenses, by id',
      unmapped:
        'Charges of the contract at work, and names of billable usage, that count for no license: where nobody has told the seats of one, one of these may be what pays for it',
    },
  ],
  BillingPeriod: ['A billing period', period],
  BillingPeriodListing: ['All periods that are on record', { entities: 'The newest first' }],
  PersonBehindOverage: [
    'Somebody who was given the license since the count was last within the seats, or since the first count on record where it never was, and holds it still',
    {
      userId: 'The user',
      name: 'The name, as the newest reading has it',
      email: 'The e-mail address, as the newest reading has it',
      since: `When the change was seen to hold, or a reading showed what was done outside. ${time}`,
      sinceAfter: `Of what was done outside: after that, as the whole reading before did not show it. ${time}`,
      by: 'What gave it: a change of the gateway’s, or `outside`, in Genesys itself',
      'by.changeId': 'The change’s id',
      askedBy: 'Who asked for that change, in words; of a part of a list, for the list',
      reason: 'What they said why',
      approvedBy: 'Who approved it, where that was asked for',
    },
  ],
  LicenseDay: [
    'One day of one license',
    {
      day,
      held: 'What the day’s last reading counted; of today, what is held now. Absent on a day without a reading',
      isWhole: 'Whether that reading was whole',
      seats: 'How many were paid for on that day; absent where nobody told',
    },
  ],
  LicenseInPeriod: [
    'What one license came to in the period: as it stands now, or of a period that is over as it stood at its end',
    {
      licenseId: 'The license',
      held: 'How many hold it now, or held it by the last whole reading of a period that is over; absent where there was none',
      unknown: 'Of so many it is not known whether they hold it; they are not in `held`',
      ...paid,
      atStart:
        'How many held it by the reading of the first day, or of the day before; absent where neither was read whole',
      most: 'The most that any whole reading of the period counted, or that hold it now. A peak between two readings is not seen',
      'most.held': 'How many that was',
      'most.day': `The first day of it. ${day}`,
      mostOver:
        'The most that a count of the period was beyond the seats of its day, also where it has come back since; absent where none was',
      'mostOver.over': 'By how many',
      'mostOver.day': `The first day of it. ${day}`,
      isOverFromFirst:
        'True where it was over by the first count on record already: nobody knows since when before that',
      heldFromFirst: 'Where it was so: how many hold it who held it by that first count; they are not named',
      overSince: `Since when, at the latest, more are held than paid for; absent where that is not so. ${day}`,
      given:
        'How often the gateway gave it to somebody in the period, from `countedFrom` on; absent, as the two below, where the period was over before the first reading',
      taken: 'How often the gateway took it from somebody',
      changedOutside: 'How often it was given or taken in Genesys itself, as readings showed it',
      people:
        'Who is behind the overage, the latest first; a thousand at most: who was given it since the count was last within the seats, or with `isOverFromFirst` since the first count. Empty where there is none',
      morePeople: 'So many more there are',
      days: 'Each day of the period until now; of a long period the latest 400',
      before: 'The same of the period before; absent where nothing of it is on record',
      'before.most': 'The most that a whole reading of it counted',
      'before.billed': 'What billing counted of it',
    },
  ],
  UnmappedCharge: [
    'A charge of the contract, or a name of billable usage, that counts for no license',
    {
      charge: 'Its name, as Genesys has it',
      isShared:
        'True where it is for this organization and others together, so that its quantities are no license’s of this one alone',
      isUsage:
        'True where it is a name of billable usage that no charge of the contract has: only what is billed is told of it',
      prepaid: 'How many are paid for in advance',
      billed: 'How many are billed so far',
    },
  ],
  BillingPeriodReport: [
    'What a billing period came to',
    {
      ...period,
      ...dated,
      asOf: `${dated.asOf} Of a period that is over: of its last reading. Absent where nobody read in it who held what, and so is \`isWhole\``,
      countedFrom: `Since when \`given\`, \`taken\` and \`changedOutside\` are counted, where the first reading came later than the period’s beginning. ${time}`,
      seatsFromDay: `From which day on it is on record what was paid for, where that is later than the period’s beginning: days before go by the org file’s number of that day. ${day}`,
      licenses: 'Each license that anybody holds or that the org file names, by id',
      unmapped:
        'Charges and names of billable usage that the org file maps to no license, and charges of several organizations together: shown, never guessed',
      previousId: 'The period before',
    },
  ],
}

/** Columns of a period as a file. */
export const periodColumnWords: Readonly<Record<string, string>> = {
  'getPeriod.row': 'What the row is: license, charge, person or day',
  'getPeriod.periodId': 'The period’s id',
  'getPeriod.periodStart': 'Its beginning, as Genesys gives it',
  'getPeriod.periodEnd': 'Its end, as Genesys gives it',
  'getPeriod.periodFrom': 'contract or calendar',
  'getPeriod.status': 'open or closed',
  'getPeriod.asOf': 'When the reading that counts are from began',
  'getPeriod.isWhole': 'Whether everybody was in that reading; of a day, in the day’s',
  'getPeriod.missing': 'Where somebody was not in it: how many, where that is on record',
  'getPeriod.counting': 'named or concurrent, by the org file',
  'getPeriod.contractGoneSince':
    'When Genesys told of the contract last, where that is too long ago to count for today',
  'getPeriod.licenseId': 'The license',
  'getPeriod.charge': 'A charge, or a name of billable usage, that counts for no license',
  'getPeriod.isShared': 'Whether the charge is for other organizations as well',
  'getPeriod.isUsage': 'Whether it is a name of billable usage, which no charge has',
  'getPeriod.day': 'A day, in UTC',
  'getPeriod.held': 'How many hold it; empty where that is not known',
  'getPeriod.contractSeats': 'What the contract says is paid for, where the org file’s number counts',
  'getPeriod.unknownCharges': 'Charges that the org file maps to it and that the contract does not have',
  'getPeriod.countedFrom':
    'Since when given, taken and changedOutside are counted, where not over all of the period',
  'getPeriod.unknown': 'Of so many it is not known whether they hold it',
  'getPeriod.seats': 'How many are paid for; of a charge, in advance',
  'getPeriod.seatsFrom': 'Who told the seats: orgFile, contract or none',
  'getPeriod.over': 'How many are held beyond the seats',
  'getPeriod.mostOver': 'The most that a count was beyond the seats of its day',
  'getPeriod.mostOverDay': 'The first day of that',
  'getPeriod.isOverFromFirst': 'Whether it was over by the first count on record already',
  'getPeriod.heldFromFirst': 'Where it was so: how many hold it who held it then',
  'getPeriod.seatsFromDay':
    'From which day on it is on record what was paid for, where not over all of the period',
  'getPeriod.overSince': 'Since which day, at the latest, more are held than paid for',
  'getPeriod.billed': 'What billing counts so far; held is not billed',
  'getPeriod.billedAsOf': 'When billing was looked at, or to when its count reaches',
  'getPeriod.atStart': 'How many held it at the start',
  'getPeriod.most': 'The most that a whole reading counted',
  'getPeriod.mostDay': 'The day of it',
  'getPeriod.given': 'How often the gateway gave it',
  'getPeriod.taken': 'How often the gateway took it',
  'getPeriod.changedOutside': 'How often it was given or taken in Genesys itself',
  'getPeriod.mostBefore': 'The most of the period before',
  'getPeriod.billedBefore': 'What billing counted of the period before',
  'getPeriod.userId': 'Of a person behind an overage: the user',
  'getPeriod.name': 'The name',
  'getPeriod.email': 'The e-mail address',
  'getPeriod.since': 'When they were given it',
  'getPeriod.sinceAfter': 'Of what was done outside: after that',
  'getPeriod.by': 'What gave it: the id of the change, or `outside` (in Genesys itself)',
  'getPeriod.morePeople':
    'Of a license: so many more people are behind its overage than the rows of people name',
  'getSeats.licenseId': 'The license',
  'getSeats.held': 'How many hold it. Holding is not what is billed',
  'getSeats.unknown': 'Of so many it is not known whether they hold it',
  'getSeats.seats': 'How many are paid for; empty where nobody has told',
  'getSeats.seatsFrom': 'Who told the seats: orgFile, contract or none',
  'getSeats.contractSeats': 'What the contract says is paid for, where the org file’s number counts',
  'getSeats.unknownCharges': 'Charges that the org file maps to it and that the contract does not have',
  'getSeats.over': 'How many are held beyond the seats',
  'getSeats.billed': 'What billing counts so far; held is not billed',
  'getSeats.billedAsOf': 'When billing was looked at, or to when its count reaches',
  'getSeats.asOf': 'When the reading that counts are from began',
  'getSeats.isWhole': 'Whether everybody was in that reading',
  'getSeats.missing': 'Where somebody was not in it: how many',
  'getSeats.counting': 'named or concurrent, by the org file',
  'getSeats.contractGoneSince':
    'When Genesys told of the contract last, where that is too long ago to count for today',
  'listPeriods.id': 'The period’s id',
  'listPeriods.from': 'contract or calendar',
  'listPeriods.start': 'Its beginning, as Genesys gives it',
  'listPeriods.end': 'Its end, as Genesys gives it',
  'listPeriods.status': 'open or closed',
  'listPeriods.toldAt': 'When Genesys listed it last',
}
