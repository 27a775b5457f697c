import { EzError, type Pairs } from '@ez/core'
import type { SasOptions } from '../options.ts'
import { inOrder, type Letters } from './permissions.ts'
import type { SasResource } from './resource.ts'
import { filled, responseHeaderNames, type Sas, type SasInput, timesOf } from './sas.ts'

/** What is signed beside the resource: who gave the key, for a user delegation SAS. */
type Delegation = Pairs

const kinds: Readonly<Record<string, Letters>> = { c: 'container', d: 'directory' }

/**
 * A signature for the container, blob, directory, queue or table that the URL names.
 *
 * Source: Microsoft Learn, "Create a service SAS", "Create a user delegation SAS", version 2020-12-06 and later.
 *
 * @throws EZ_OPTION_INVALID
 */
export function createServiceSas(input: SasInput, resource: SasResource, delegation: Delegation): Sas {
  const { version, sas, now } = input
  checkFits(sas, resource, delegation)
  const { service, kind, canonicalName, own } = resource
  const { identifier = '', ip = '', protocol = 'https' } = sas
  const letters = service === 'blob' ? (kinds[kind] ?? 'blob') : service
  const permissions = inOrder('sas.permissions', letters, sas.permissions ?? '')
  const { start, end } = timesOf(sas, now)
  const overrides = (Object.keys(responseHeaderNames) as (keyof typeof responseHeaderNames)[]).map(
    (name) => [responseHeaderNames[name], sas.responseHeaders?.[name] ?? ''] as const,
  )
  const scope = sas.encryptionScope ?? own.get('ses') ?? ''
  const lines = [permissions, start, end, canonicalName]
  if (delegation.length > 0) {
    lines.push(...delegation.map(([, value]) => value), own.get('saoid') ?? '', '', own.get('scid') ?? '')
    // The tenant and object of a delegated user, from this version on.
    if (version >= '2025-07-05') lines.push('', '')
  } else lines.push(identifier)
  lines.push(ip, protocol, version)
  if (service === 'blob') {
    lines.push(kind, resource.instant, scope)
    // Headers and query parameters that the request must have, from this version on.
    if (delegation.length > 0 && version >= '2026-04-06') lines.push('', '')
    lines.push(...overrides.map(([name, value]) => value || (own.get(name) ?? '')))
  }
  const range = keysOf(sas)
  if (service === 'table') lines.push(...range.map(([, value]) => value))
  return {
    stringToSign: lines.join('\n'),
    parameters: filled([
      ['sv', version],
      ['tn', resource.table],
      ['sr', kind],
      ['sdd', resource.depth],
      ['st', start],
      ['se', end],
      ['sp', permissions],
      ['si', identifier],
      ['sip', ip],
      ['spr', protocol],
      ...delegation,
      ['ses', sas.encryptionScope ?? ''],
      ...overrides,
      ...range,
    ]),
  }
}

function keysOf({ startPartitionKey, startRowKey, endPartitionKey, endRowKey }: SasOptions): Pairs {
  return [
    ['spk', startPartitionKey ?? ''],
    ['srk', startRowKey ?? ''],
    ['epk', endPartitionKey ?? ''],
    ['erk', endRowKey ?? ''],
  ]
}

const ofBlobs = ['resource', 'directory', 'encryptionScope', 'responseHeaders'] as const
const ofTables = ['startPartitionKey', 'startRowKey', 'endPartitionKey', 'endRowKey'] as const

function checkFits(sas: SasOptions, { service, own }: SasResource, delegation: Delegation): void {
  const foreign = [...(service === 'blob' ? [] : ofBlobs), ...(service === 'table' ? [] : ofTables)].find(
    (name) => sas[name] !== undefined,
  )
  if (foreign !== undefined) throw invalid(`sas.${foreign} is not for the service ${service}`)
  const [parameter] = own.keys()
  if (service !== 'blob' && parameter !== undefined)
    throw invalid(`the URL holds ${parameter}, which is signed for blobs only. Leave it out`)
  if (delegation.length > 0 && (service !== 'blob' || sas.identifier !== undefined))
    throw invalid('a UserDelegationSAS is for blobs, and has no stored access policy')
  if (sas.directory !== undefined && sas.resource !== 'directory')
    throw invalid("sas.directory needs sas.resource 'directory'")
}

function invalid(problem: string): EzError {
  return new EzError('EZ_OPTION_INVALID', `azure-storage: ${problem}.`)
}
