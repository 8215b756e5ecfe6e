import { expect, it } from 'vitest'
import { orderTextOf, repeatTextOf } from '../../../lib/changes/answers/words/schedule-words.ts'

it.each([
  ['0 8 ? * MON *', 'every Monday at 08:00'],
  ['0 8 ? * MON-FRI *', 'Monday to Friday at 08:00'],
  ['30 17 ? * SUN,MON,WED *', 'every Monday, Wednesday and Sunday at 17:30'],
  ['0 8,20 * * ? *', 'every day at 08:00 and 20:00'],
  ['5 * * * ? *', 'every hour, 5 minutes past'],
  ['0 8 1 * ? *', 'on day 1 of every month at 08:00'],
  ['0 8 1,15 JAN,7 ? *', 'on days 1 and 15 of January and July at 08:00'],
  ['0 8 L * ? *', 'on the last day of every month at 08:00'],
  ['0 8 ? * 2#1 *', 'on the first Monday of every month at 08:00'],
  ['0 8 ? * MON 2027', 'by cron 0 8 ? * MON 2027'],
  ['0/7 8 ? * MON *', 'by cron 0/7 8 ? * MON *'],
  ['0 8 ? * 6L *', 'by cron 0 8 ? * 6L *'],
])('%s is told as %s', (cron, told) => {
  expect(repeatTextOf({ cron })).toBe(told)
})

it.each([
  ['1 hour', 'every hour'],
  ['1 days', 'every day'],
  ['5 minutes', 'every 5 minutes'],
])('a rate of %s is told as %s', (rate, told) => {
  expect(repeatTextOf({ rate })).toBe(told)
})

it('what is ordered is told as a change is', () => {
  const assignments = [{ licenseId: 'cloudCX3', userIdsAdd: ['ana'], userIdsRemove: [] }]
  expect(orderTextOf({ kind: 'assignments', assignments }, () => 'Ana Abebe')).toBe(
    'Give cloudCX3 to Ana Abebe',
  )
  expect(orderTextOf({ kind: 'toggle', featureName: 'wallboards', enabled: false })).toBe(
    'Switch wallboards off',
  )
})
