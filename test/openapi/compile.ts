/** What a user of the document does: types by a public generator, then the compiler at its strictest. */
import { join } from 'node:path'
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript'
import ts from 'typescript'

export const CALLS = join(import.meta.dirname, 'client/calls.ts')
/** Where the calls import it from; it is in no folder. */
const TYPES = join(import.meta.dirname, 'client/gateway-api.ts')

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2024,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ['lib.es2024.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: [],
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  verbatimModuleSyntax: true,
  allowImportingTsExtensions: true,
  noEmit: true,
  // Those of the packages; what was generated is no such file.
  skipLibCheck: true,
}

export async function typesOf(document: Record<string, unknown>): Promise<string> {
  return astToString(await openapiTS(structuredClone(document) as unknown as OpenAPI3))
}

/**
 * @param types what the generator made.
 * @param edit changes the calls, for a compiler that must then complain.
 * @returns a line for each complaint.
 */
export function complaints(types: string, edit: (calls: string) => string = (calls) => calls): string[] {
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile, getSourceFile } = host
  host.fileExists = (file) => file === TYPES || fileExists(file)
  host.readFile = (file) => (file === TYPES ? types : readFile(file))
  host.getSourceFile = (file, languageVersion) => {
    if (file === TYPES) return ts.createSourceFile(file, types, languageVersion)
    if (file === CALLS) return ts.createSourceFile(file, edit(readFile(file) ?? ''), languageVersion)
    return getSourceFile(file, languageVersion)
  }
  const program = ts.createProgram([CALLS, TYPES], options, host)
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText, file }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`)
}
