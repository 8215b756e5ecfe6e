import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { askForClients } from '../../../infra/credentials/clients.ts'

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
