import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { importDiagram } from '../../../infra/docs/import-diagram.ts'

function arrowsOf(files: Readonly<Record<string, string>>): string[] {
  const root = mkdtempSync(join(tmpdir(), 'imports-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return importDiagram(root)
    .split('\n')
    .filter((line) => line.includes('-->'))
    .map((line) => line.trim())
}

it('an arrow stands for imports between folders, types included, and not for those that longer ways say', () => {
  const arrows = arrowsOf({
    'lib/errors.ts': '',
    'lib/transport/transport.ts': "import '../errors.ts'",
    'lib/genesys/client.ts': "import { send } from '../transport/transport.ts'",
    'lib/genesys/models/ids.ts': "import type { Client } from '../client.ts'",
    'lib/changes/model/change.ts': "import type { Id } from '../../genesys/models/ids.ts'",
    'lib/changes/writer.ts': "import './model/change.ts'\nimport '../transport/transport.ts'",
    'functions/license/put.ts': "import { writer } from '../../lib/changes/writer.ts'\nimport 'zod'",
  })
  expect(arrows).toEqual([
    'changes --> changes_model',
    'changes_model --> genesys',
    'functions --> changes',
    'genesys --> transport',
  ])
})

it('of a circle nothing is lost that can be reached', () => {
  const arrows = arrowsOf({
    'lib/chat/run.ts': "import './slack/command.ts'",
    'lib/chat/slack/command.ts': "import type { Run } from '../run.ts'",
  })
  expect(arrows).toEqual(['chat --> chat_slack', 'chat_slack --> chat'])
})
