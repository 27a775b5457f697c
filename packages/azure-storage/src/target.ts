/** The services of a storage account that Shared Key signs for; Data Lake (`dfs`) signs as `blob`. */
export type StorageService = 'blob' | 'queue' | 'table' | 'file'

/** The parts of a URL in wire form: the path as it is sent, the query decoded. */
export interface Target {
  readonly host: string
  readonly path: string
  readonly query: readonly (readonly [name: string, value: string])[]
}

/** Splits a URL in wire form; `new URL` would be free to rewrite it. */
export function targetOf(url: string): Target {
  const [, host = '', path = '', query = ''] = /^[^:]+:\/\/([^/?]*)([^?]*)(?:\?(.*))?$/s.exec(url) ?? []
  return { host, path: path || '/', query: query.split('&').filter(Boolean).map(decodedPair) }
}

const services: Readonly<Record<string, StorageService>> = {
  blob: 'blob',
  dfs: 'blob',
  web: 'blob',
  queue: 'queue',
  table: 'table',
  file: 'file',
}
// Where Azurite listens when it is not told otherwise.
const emulatorPorts: Readonly<Record<string, StorageService>> = {
  10000: 'blob',
  10001: 'queue',
  10002: 'table',
}

/**
 * The service that a host belongs to: `account.table.core.windows.net`, `account.z1.blob.storage.azure.net`, the
 * emulator's own ports; `undefined` for a domain of one's own.
 */
export function serviceOf(host: string): StorageService | undefined {
  const [name = '', port = ''] = host.split(':')
  const label = name
    .split('.')
    .slice(1, -1)
    .find((one) => Object.hasOwn(services, one))
  if (label !== undefined) return services[label]
  return /^(127\.0\.0\.1|localhost)$/.test(name) ? emulatorPorts[port] : undefined
}

function decodedPair(pair: string): [string, string] {
  const equals = pair.indexOf('=')
  return equals < 0 ? [decode(pair), ''] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))]
}

// As a form: the service, its emulator and Microsoft's clients read a `+` as a space.
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
