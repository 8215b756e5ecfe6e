/** Schedules, in words. */
import { listing, time, type Words } from './words.ts'

const when = {
  at: 'Once, at this local time in `timeZone`',
  cron: 'Again and again: six fields (minute, hour, day, month, weekday, year), as EventBridge Scheduler has them, in `timeZone`',
  rate: 'Again and again, so far apart: `5 minutes`, `1 hour`, `30 days`',
}

export const scheduleWords: Words = {
  ScheduleId: ['The id of a schedule: 20 letters and digits'],
  ScheduleOrder: [
    'A change to be made at a time, or again and again',
    {
      ...when,
      timeZone: 'The name of an IANA time zone, such as Europe/Berlin; UTC where it is left out',
      change:
        'What is ordered each time, without `notBefore`, `notAfter` and `revertAt`: the schedule says when',
    },
  ],
  Schedule: [
    'A schedule as it stands',
    {
      id: 'Its id',
      state:
        '`CREATING`: EventBridge Scheduler does not have it yet. `AWAITING_APPROVAL`: it fires in vain until a second person has approved it. `ACTIVE`: it fires. `DONE`: its one time has come. `DELETED`: somebody has deleted it, and `REJECTED`: an approver has said no; neither fires any more',
      ...when,
      timeZone: 'The name of its IANA time zone',
      change: 'What it orders each time',
      digest: 'What to name to approve it',
      actor: 'Who made it',
      approval: 'The approval that is asked for',
      seats:
        'Of what waits for approval: what it would do to the seats of its licenses if it fired now, as `findings.seats` of a change; absent where nothing is known of them',
      offers:
        'What you may do about it now, `approve`, `reject` and `delete`; absent where requests are signed, since the IAM policy decides then',
      lastChangeId: 'The last change that it made',
      createdAt: `When it was made. ${time}`,
    },
  ],
  ScheduleListing: ['One page of schedules, newest first', listing('The schedules of this page')],
}
