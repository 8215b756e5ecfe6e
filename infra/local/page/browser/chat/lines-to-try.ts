/** Lines for somebody who has never typed one; the people and licenses are of the embedded org. */
export const LINES_TO_TRY: readonly { readonly label: string; readonly line: string }[] = [
  { label: 'Ana’s licenses', line: '/license user ana@example.com' },
  { label: 'Who has cloudCX3', line: '/license who cloudCX3' },
  { label: 'Seats', line: '/license seats' },
  { label: 'Ana’s history', line: '/license history ana@example.com' },
  { label: 'This period', line: '/license report' },
  { label: 'Give a license', line: '/license grant wallboardUser to ana@example.com because of the pilot' },
  { label: 'Needs approval', line: '/license grant cxCloudSN to ben@example.com for 8h' },
  { label: 'A toggle', line: '/license toggle agentAssist' },
  { label: 'Open changes', line: '/license changes open' },
  { label: 'Help', line: '/license help' },
]
