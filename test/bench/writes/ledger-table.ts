/** The ledger's table, as servers and functions know it. */
export const LEDGER_TABLE = 'ledger'
