/** Questions to whoever runs the command: asked on a terminal, else answered by environment variables. */
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { UsageError } from '../local/usage.ts'

export interface SecretQuestion {
  readonly prompt: string
  /** Not echoed. */
  readonly isSecret: boolean
  /** What answers it where there is no terminal. */
  readonly variable: string
  /** Nothing is an answer too. */
  readonly isOptional?: boolean
  /** @returns what is wrong with an answer, in a sentence that does not quote it; undefined where nothing is. */
  readonly faultOf?: (answer: string) => string | undefined
}

/**
 * @returns the answers in the questions' order, '' for what was left open.
 * @throws UsageError naming every variable that is missing or wrong.
 */
export function answersIn(
  questions: readonly SecretQuestion[],
  variables: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const missing = questions.filter(({ variable, isOptional }) => !isOptional && !variables[variable])
  const isNothing = questions.every(({ variable }) => !variables[variable])
  if (missing.length > 0 || isNothing) {
    const which = missing.length > 0 ? 'these variables' : 'one of these variables'
    const names = (missing.length > 0 ? missing : questions).map(({ variable }) => variable)
    throw new UsageError(`There is no terminal to ask on, so ${which} must be set: ${names.join(', ')}`)
  }
  const faults = questions.flatMap(({ variable, faultOf }) => {
    const answer = variables[variable]
    const fault = answer ? faultOf?.(answer) : undefined
    return fault === undefined ? [] : [`${variable}: ${fault}`]
  })
  if (faults.length > 0) throw new UsageError(faults.join('\n'))
  return questions.map(({ variable }) => variables[variable] ?? '')
}

/**
 * Asks one after the other, and again where an answer is missing or wrong. What is secret is not echoed, however fast
 * it is pasted: what is shown is decided as each line ends, before the next character is looked at.
 *
 * @returns the answers in the questions' order, '' for what was left open.
 * @throws UsageError when the input ends before all is answered.
 */
export function ask(
  questions: readonly SecretQuestion[],
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<readonly string[]> {
  let isHidden = false
  const echo = new Writable({
    write(chunk, _, done) {
      if (!isHidden) output.write(chunk)
      done()
    },
  })
  const reader = createInterface({ input, output: echo, terminal: true, historySize: 0 })
  const answers: string[] = []

  const askNext = () => {
    const question = questions[answers.length]
    if (!question) return reader.close()
    isHidden = false
    reader.setPrompt(question.prompt)
    reader.prompt()
    isHidden = question.isSecret
  }

  return new Promise((resolve, reject) => {
    reader.on('line', (line) => {
      const question = questions[answers.length]
      if (!question) return
      if (isHidden) output.write('\n')
      const answer = line.trim()
      const fault = answer === '' ? undefined : question.faultOf?.(answer)
      if (fault !== undefined) output.write(`${fault}\n`)
      else if (answer !== '' || question.isOptional) answers.push(answer)
      askNext()
    })
    reader.on('SIGINT', () => reader.close())
    reader.on('close', () => {
      if (answers.length === questions.length) resolve(answers)
      else reject(new UsageError('\nStopped before all was answered; nothing was put'))
    })
    askNext()
  })
}
