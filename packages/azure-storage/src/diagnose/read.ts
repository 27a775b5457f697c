import { headerOf, type ResponseSnapshot } from '@ez/core'

/** What a refusal by Azure Storage says. */
export interface ServiceError {
  /** `AuthenticationFailed`; empty when the answer names none. */
  readonly code: string
  readonly message: string
  /** `AuthenticationErrorDetail`, which says why the signature is wrong. */
  readonly detail: string
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }

/** Reads the error of Blob, Queue and File (XML) or of Table (JSON, or XML of OData). */
export function readServiceError({ headers, body }: ResponseSnapshot): ServiceError {
  const text = new TextDecoder().decode(body.subarray(0, 65_536))
  const ofTable = readJson(text)
  return {
    code:
      headerOf(headers, 'x-ms-error-code') ??
      ofTable?.code ??
      (element(text, 'Code') || element(text, 'm:code')),
    message: ofTable?.message ?? (element(text, 'Message') || element(text, 'm:message')),
    detail: element(text, 'AuthenticationErrorDetail'),
  }
}

interface TableError {
  readonly 'odata.error'?: { readonly code?: unknown; readonly message?: { readonly value?: unknown } }
}

function readJson(text: string): { code: string; message: string } | undefined {
  if (!/^\s*\{/.test(text)) return undefined
  try {
    const { 'odata.error': error } = JSON.parse(text) as TableError
    return { code: String(error?.code ?? ''), message: String(error?.message?.value ?? '') }
  } catch {
    return undefined
  }
}

/** The text of an element of the service's XML; empty when there is none. */
function element(xml: string, name: string): string {
  const start = xml.indexOf(`<${name}`)
  const open = start < 0 ? -1 : xml.indexOf('>', start)
  const end = open < 0 ? -1 : xml.indexOf(`</${name}>`, open)
  const text = end < 0 ? '' : xml.slice(open + 1, end)
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, entity: string) => entities[entity] ?? '')
}
