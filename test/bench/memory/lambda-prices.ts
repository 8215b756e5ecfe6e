/**
 * What Lambda lists for a GB-second, dollars: us-east-1, first tier, November 2026; beyond the free 400,000 a month.
 * https://aws.amazon.com/lambda/pricing/. The start of a function is billed too.
 */
export const LAMBDA_PRICES = { arm64: 0.0000133334, x86_64: 0.0000166667 } as const
export const PRICES_FROM = 'us-east-1, first tier, November 2026'
