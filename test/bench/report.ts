/** docs/performance.md, written by `npm run bench -- --write`. */
import { availableParallelism, cpus, totalmem } from 'node:os'
import type { Row } from './row.ts'
import { failures, markdownTable } from './table.ts'

/** @param now when it was measured. */
export function report(rows: readonly Row[], now = new Date()): string {
  const failed = failures(rows)
  const verdict =
    failed.length === 0
      ? 'Every budget was met.'
      : `Not met: ${failed.length} of ${rows.filter(({ isMet }) => isMet !== undefined).length} budgets.\n\n${failed.map((sentence) => `- ${sentence}`).join('\n')}`
  return `# Performance

Written by \`npm run bench -- --write\` on ${now.toISOString().slice(0, 10)}: Node ${process.versions.node}, ${process.platform} ${process.arch}, ${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${(totalmem() / 2 ** 30).toFixed(0)} GiB of memory. Milliseconds and microseconds are this machine's; compare the ratios.

${verdict}

${markdownTable(rows)}

\`must\` is a budget: \`npm run bench\` ends with 1 where one is not met. \`aim\` is what is hoped for beyond it. A row with neither is for information.

## Method

The gateway's functions are the bundles that deploy (\`infra/build/bundles.ts\`). The rivals are written as a sensible author would and built in the same run:

- **bare**: node:https, a GetSecretValue signed by hand with node:crypto, the token kept, the answer handed on as text. It checks nothing, logs nothing and repeats nothing, so it is the floor and no choice.
- **usual**: @middy/core, @middy/secrets-manager with \`setToContext\`, @middy/http-error-handler, and the global fetch. Built as CDK's NodejsFunction does by default (CommonJS, esbuild's own choice between a package's files), but minified, and with the AWS SDK in the bundle.
- **official-sdk**: purecloud-platform-client-v2 with the token from the same secret, which the AWS SDK reads. Built likewise.
- **bolt**, for Slack's webhook alone: @slack/bolt with its AwsLambdaReceiver and \`processBeforeResponse\`, and the AWS SDK's clients for the signing secret and the bus. Its \`authorize\` hands out a made-up token without asking anybody, so that neither a bot token is read from a secret nor auth.test called, which is to its advantage. Built likewise, but that Express's packages share one \`mime-types\`: only in this repository, where another package has an older one, would each bring its own.

All speak HTTP on the loopback interface to the embedded org and the stand-in for Secrets Manager, which run in a process of their own, and answer the same REST proxy event: for reads, GET one user, about 1.2 kB of licenses. Where writes are measured, the rival is the bare handler, which sends the one POST and knows nothing of what came of it; ours plans, records, sends once, reads back, records that and puts the event. The ledger is dynalite in memory, behind a proxy in the servers' process that counts the calls and, where a row says so, makes each take a stated time; the event bus is the stand-in's. Contenders take turns, another one first each round; figures are medians.

- **Cold start**: a new process per sample, from its start to the answer. Node's own start is in it, as it is in a Lambda's; the rows below leave it out. A write's first answer has all its ledger calls in it. What is left of a read's and a webhook's: a third of the CPU of loading is Node's own \`node:crypto\` and \`node:https\` (some 11 ms), which everything that signs and speaks TLS loads; two thirds (23 to 27 ms) are the bundle, most of it AWS's client of one service; and the first answer takes about as much again as the bundle, since all its code runs for the first time.
- **Slack's webhook**: one slash command as API Gateway hands it on, in base64, signed anew for each sample. Both read the signing secret, verify the signature, put one event on the bus, look at whether it was taken, and acknowledge with a text. Each cold sample is checked by the stand-in: one GetSecretValue, then one PutEvents, one more event on the bus, and an answer of 200; before them, a command signed with another secret must be answered 401 and leave nothing on the bus. Beyond that work, ours checks the command's fields and its workspace and writes a log line; Bolt parses the form and finds the listener. Warm, both keep the secret.
- **Warm CPU**: user and system time of the whole process per call, after 1,500 calls, one after the other. Log lines go to a file, and writing them counts as ours; the rivals write none. (Through a pipe, waking the reader adds what the machine makes of it: up to 20 µs a line on a virtual one.)
- **Requests** are counted by the org, the stand-in and the ledger's proxy. Which ledger calls came one after the other, and whether one ended after the answer, is told by their times at the proxy, of a ledger of 5 ms a call, where calls made at once overlap; what is begun within 200 ms of the answer is seen.
- **Recorded writes**: each has something to send (the opposite of what the org has by then) and a target of its own turn; the function's clock is moved on by 3 s between two of them, so that none waits for the one before it on its target to show in a read. Toggles take turns with six, so each finds the lock of a change before it. CPU is counted after 600 writes of ours and 1,500 of the bare handler's. Times are of one write after the other, from call to answer. What is not a ratio to hold on to: with Genesys and ledger at 0 ms the time is CPU, ours and the stand-ins'; the rows with stated times show what a caller waits.
- **Batches**: one assignment of 500 users, to whom a license is given, or taken from those who have it, after one small write. Where a row says so, a transaction of the ledger takes half a millisecond more for each of its items.
- **Lists**: people who lack a license are given it by a list of 50,000 pairs, planned and applied by the functions that deploy and carried out by take-turns and the tick, on a clock that moves by what is slept and by what is stated: Genesys 100 ms, the ledger 5 ms a call, a message 40 ms on its way. CPU takes no time on it. The org has its limit of 300 a minute on; it, the ledger and the stand-in for AWS are in a thread of their own, so that the heap is the function's, measured after a collection at a tenth, a half and all of the parts. The bound is three requests a part at 240 a minute: people are read, written and read back. A part whose people hold what it gives is read alone: ten such parts behind one that changes something are counted. \`npm run soak\` does the same through lost answers, faults of Genesys and processes that die.
- **First invocations**: a new process per sample loads the bundle with all the CPU there is, as Lambda starts a function of which it is asked something (https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html; it does so for at most 10 s), and is then held to the share of a core that goes with the memory that the stack gives (1,769 MB are one core), by a control group with a quota of each 20 ms. Where no such group can be made, a row says that CPU was divided by the share: the CPU time of the invocation, by the share, and what the call waited besides. The time is from call to answer, without the start; all that garbage collection and compiling take in it counts. Secrets and the bus answer as fast as the stand-in does.
- **First view**: the stack of \`npm start\` after a reading of 100,000 people, and a headless Chromium at its page, where somebody is signed in. Each view is a new tab at the page's address, through the identity provider's answer without a prompt, until the seats of each license and the chart of its days are drawn; the first is left out. The history has one reading: what ninety cost the API is counted by its tests.
- **Paging**: the iterator and the client of the gateway against an org of 100,000 users that waits 50 ms before each answer. The bound is page 1 alone, then the others through the lanes. Growth of the heap is measured after a collection, at a tenth of the pages and at the last one; the iterator remembers every id to hand out each user once, so what as many ids take is told beside it.

## Not measured

- TLS, which all contenders would pay alike, and which makes every ratio here look worse than it is on AWS.
- DynamoDB and EventBridge themselves: their times are stated, not measured.
- The network, DNS, API Gateway, and a Lambda's own placement and download of the code, of which a smaller bundle is the only part that is ours.
- Lambda's own cores: a share of one of this machine's is not a share of one of theirs.
`
}
