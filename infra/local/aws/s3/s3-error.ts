/** An error as S3 has it: XML, with S3's own short name and an HTTP status. */
export class S3Error extends Error {
  readonly code: string
  readonly status: number

  constructor(code: string, status: number, message: string) {
    super(message)
    this.name = code
    this.code = code
    this.status = status
  }
}

export const accessDenied = (message: string): S3Error => new S3Error('AccessDenied', 403, message)

/** Text within an element, and an element of it. */
export function element(name: string, value: string | number | boolean): string {
  const text = String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return `<${name}>${text.replaceAll('"', '&quot;')}</${name}>`
}

export const xmlOf = (body: string): string => `<?xml version="1.0" encoding="UTF-8"?>\n${body}`

export function errorXml({ code, message }: S3Error, requestId: string): string {
  const members = element('Code', code) + element('Message', message) + element('RequestId', requestId)
  return xmlOf(`<Error>${members}</Error>`)
}
