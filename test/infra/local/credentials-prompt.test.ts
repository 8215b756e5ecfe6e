import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { clientQuestions, clientsOf } from '../../../infra/credentials/clients.ts'
import { ask } from '../../../infra/credentials/questions.ts'
import { slackQuestions } from '../../../infra/credentials/slack.ts'
import { teamsQuestions } from '../../../infra/credentials/teams.ts'

/** A terminal that a test types on: what it shows, and whether its own echo is off. */
function terminal() {
  const modes: boolean[] = []
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (isRaw: boolean) => modes.push(isRaw),
  })
  const output = new PassThrough()
  const shown: string[] = []
  output.setEncoding('utf8').on('data', (text: string) => shown.push(text))
  return { input, output, modes, shown: () => shown.join('') }
}

const askForClients = async (...terminal: [NodeJS.ReadableStream, NodeJS.WritableStream]) =>
  clientsOf(await ask(clientQuestions, ...terminal))

const answers = {
  read: { clientId: 'read-id', clientSecret: 'canary-1' },
  write: { clientId: 'write-id', clientSecret: 'canary-2' },
}

describe('asking for the OAuth clients', () => {
  it('shows the ids as they are typed and the secrets never', async () => {
    const { input, output, modes, shown } = terminal()
    const asked = askForClients(input, output)
    for (const key of 'read-id\rcanary-1\rwrite-id\rcanary-2\r') input.write(key)
    expect(await asked).toEqual(answers)
    expect(shown()).toContain('Read client, id: ')
    expect(shown()).toContain('Write client, secret (not shown): ')
    expect(shown()).not.toContain('canary')
    expect(modes).toEqual([true, false])
  })

  it('hides secrets that are pasted together with all the rest', async () => {
    const { input, output, shown } = terminal()
    const asked = askForClients(input, output)
    input.write('read-id\ncanary-1\nwrite-id\ncanary-2\n')
    expect(await asked).toEqual(answers)
    expect(shown()).not.toContain('canary')
  })

  it('lets a secret be corrected without showing it', async () => {
    const { input, output, shown } = terminal()
    const asked = askForClients(input, output)
    input.write('read-id\ncanary-X\u007f1\nwrite-id\ncanary-2\n')
    expect(await asked).toEqual(answers)
    expect(shown()).not.toContain('canary')
  })

  it('asks again where nothing was typed, and drops spaces around', async () => {
    const { input, output, shown } = terminal()
    const asked = askForClients(input, output)
    input.write('\n  read-id \n\n canary-1\nwrite-id\ncanary-2\n')
    expect(await asked).toEqual(answers)
    expect(shown().split('Read client, id: ').length).toBeGreaterThan(2)
    expect(shown()).not.toContain('canary')
  })

  it.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('ends with a sentence at %s, the terminal as it was', async (_, key) => {
    const { input, output, modes } = terminal()
    const asked = askForClients(input, output)
    input.write('read-id\n')
    input.write(key)
    await expect(asked).rejects.toThrow('Stopped before all was answered; nothing was put')
    expect(modes).toEqual([true, false])
  })

  it('ends with a sentence where the terminal closes', async () => {
    const { input, output } = terminal()
    const asked = askForClients(input, output)
    input.end('read-id\n')
    await expect(asked).rejects.toThrow('Stopped before all was answered; nothing was put')
  })
})

describe('asking for what belongs to chat', () => {
  const signingSecret = 'ca4a71e5'.repeat(4)
  const botToken = 'xoxb-0123456789-canary'

  it('shows neither the signing secret nor the bot token', async () => {
    const { input, output, modes, shown } = terminal()
    const asked = ask(slackQuestions, input, output)
    for (const key of `${signingSecret}\r${botToken}\r`) input.write(key)
    expect(await asked).toEqual([signingSecret, botToken])
    expect(shown()).toContain('Signing secret of the Slack app (not shown; Enter leaves it as it is): ')
    expect(shown()).toContain('Bot token of the Slack app (not shown; Enter leaves it as it is): ')
    expect(shown()).not.toMatch(/ca4a|canary/)
    expect(modes).toEqual([true, false])
  })

  it('takes Enter for an answer', async () => {
    const { input, output } = terminal()
    const asked = ask(slackQuestions, input, output)
    input.write(`\r${botToken}\r`)
    expect(await asked).toEqual(['', botToken])
  })

  it.each([
    [
      'a signing secret',
      slackQuestions,
      signingSecret.toUpperCase(),
      signingSecret,
      'A signing secret is 32',
    ],
    [
      'a token that expires',
      slackQuestions.slice(1),
      `xoxe.${botToken}`,
      botToken,
      'leave token rotation off',
    ],
    [
      'a security token',
      teamsQuestions,
      'canary',
      'Y2FuYXJ5LWNhbmFyeS1jYW5hcnk=',
      'A security token is base64',
    ],
    [
      'a security token without its end',
      teamsQuestions,
      'Y2FuYXJ5LWNhbmFyeS1jYW5hcnk',
      'Y2FuYXJ5LWNhbmFyeS1jYW5hcnk=',
      'A security token is base64',
    ],
  ])(
    'asks again for %s that cannot be one, without showing it',
    async (_, questions, wrong, right, sentence) => {
      const { input, output, shown } = terminal()
      const asked = ask(questions, input, output)
      input.write(`${wrong}\r${right}\r${'\r'.repeat(questions.length - 1)}`)
      expect((await asked)[0]).toBe(right)
      expect(shown()).toContain(sentence)
      expect(shown()).not.toMatch(/ca4a|canary|Y2Fu/i)
    },
  )

  it('drops what is pasted behind the last answer', async () => {
    const { input, output } = terminal()
    const asked = ask(teamsQuestions, input, output)
    input.write('Y2FuYXJ5LWNhbmFyeS1jYW5hcnk=\nmore\nof\nit\n')
    expect(await asked).toEqual(['Y2FuYXJ5LWNhbmFyeS1jYW5hcnk='])
  })
})
