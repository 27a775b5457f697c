import { EzError } from '@ez/core'
import type { AzureStorageOptions } from '../options.ts'
import { type StorageService, serviceOf, targetOf } from '../target.ts'

/** What a service SAS is for. */
export interface SasResource {
  readonly service: 'blob' | 'queue' | 'table'
  /** `sr`; empty for queues and tables. */
  readonly kind: '' | 'b' | 'bs' | 'bv' | 'c' | 'd'
  /** `/blob/account/container/name`, decoded. */
  readonly canonicalName: string
  /** The snapshot or version that the URL names. */
  readonly instant: string
  /** `sdd`: how many directories deep. */
  readonly depth: string
  /** `tn`, as the URL writes it. */
  readonly table: string
  /** Parameters of the URL that are signed though they are not written. */
  readonly own: ReadonlyMap<string, string>
}

const ownNames = ['rscc', 'rscd', 'rsce', 'rscl', 'rsct', 'ses', 'saoid', 'scid']

/**
 * The container, blob, directory, queue or table that a URL names.
 *
 * @throws EZ_AZURE_RESOURCE_UNKNOWN, EZ_OPTION_INVALID
 */
export function resourceOf(
  accountName: string,
  { sas, service: given }: Pick<AzureStorageOptions, 'sas' | 'service'>,
  url: string,
): SasResource {
  const { host, path, query } = targetOf(url)
  const isVirtual = host.startsWith(`${accountName}.`) || host.startsWith(`${accountName}-secondary.`)
  const service = signable(sas?.service ?? given ?? serviceOf(host), host)
  const own = new Map(query.filter(([name]) => ownNames.includes(name)))
  const parameter = (wanted: string): string =>
    query.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? ''
  const [container = '', ...names] = decodedPath(isVirtual ? path : withoutAccount(path, accountName))
    .slice(1)
    .split('/')
  if (container === '') throw unknown('the URL names no container, queue or table')
  const none = { kind: '', instant: '', depth: '', table: '', own } as const
  if (service === 'queue') return { ...none, service, canonicalName: `/queue/${accountName}/${container}` }
  if (service === 'table') {
    const table = container.replace(/\(.*$/s, '')
    return { ...none, service, table, canonicalName: `/table/${accountName}/${table.toLowerCase()}` }
  }
  const isContainer = names.join('/') === ''
  const kind = sas?.resource ?? (isContainer ? 'container' : 'blob')
  if (isContainer && kind !== 'container') throw unknown(`the URL names no ${kind}`)
  const canonicalContainer = `/blob/${accountName}/${container}`
  if (kind === 'container') return { ...none, service, kind: 'c', canonicalName: canonicalContainer }
  if (kind === 'directory') {
    const directory = (sas?.directory ?? names.join('/')).replace(/^\/+|\/+$/g, '')
    if (!`${names.join('/')}/`.startsWith(`${directory}/`))
      throw unknown('the URL is not below sas.directory')
    const depth = String(directory.split('/').length)
    return { ...none, service, kind: 'd', depth, canonicalName: `${canonicalContainer}/${directory}` }
  }
  const [snapshot, version] = [parameter('snapshot'), parameter('versionid')]
  if (snapshot !== '' && version !== '') throw unknown('the URL names a snapshot and a version')
  const canonicalName = `${canonicalContainer}/${names.join('/')}`
  const blobKind = snapshot !== '' ? 'bs' : version !== '' ? 'bv' : 'b'
  return { ...none, service, kind: blobKind, instant: snapshot || version, canonicalName }
}

function signable(service: StorageService | undefined, host: string): SasResource['service'] {
  if (service === undefined) throw unknown(`the host ${host} does not tell the service. Give option service`)
  if (service === 'file')
    throw unknown('a service SAS for files is not supported. Use AccountSAS or SharedKey')
  return service
}

function withoutAccount(path: string, accountName: string): string {
  const [, first = '', rest = ''] = /^\/([^/]*)(.*)$/s.exec(path) ?? []
  return rest !== '' && (first === accountName || first === `${accountName}-secondary`) ? rest : path
}

function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    throw unknown('the path is not UTF-8, and names nothing. Encode the name as UTF-8')
  }
}

function unknown(problem: string): EzError {
  return new EzError('EZ_AZURE_RESOURCE_UNKNOWN', `azure-storage: ${problem}.`)
}
