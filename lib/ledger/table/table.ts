/** The ledger's one table: names that the stack, the laptop and the code must agree on. */
export const table = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** What partition keys begin with that some may put who may put nothing else: walks, the audit, readings, whoever asks for one. */
  prefixes: {
    snapshot: 'snapshot#',
    lease: 'lease#',
    audit: 'audit#',
    inventory: 'inventory',
    ask: 'inventory#ask',
    reading: 'reading#',
    difference: 'difference',
    billing: 'billing',
    notice: 'notice',
  },
  indexes: {
    /** What the tick is to look at, by time: sparse, keys alone. */
    due: { name: 'due', partitionKey: 'duePk', sortKey: 'dueAt', sortType: 'N' },
    /** What lists find changes by, newest last: keys alone. */
    list: { name: 'list', partitionKey: 'listPk', sortKey: 'listSk', sortType: 'S' },
  },
} as const
