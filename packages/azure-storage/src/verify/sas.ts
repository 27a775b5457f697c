import { refusal } from './refusal.ts'

/** What an account SAS signs. */
export function expectedAccountSas(accountName: string, of: (name: string) => string): string {
  let text = `${accountName}\n`
  for (const name of ['sp', 'ss', 'srt', 'st', 'se', 'sip', 'spr', 'sv', 'ses']) text += `${of(name)}\n`
  return text
}

/**
 * What a service SAS signs for the resource that the URL names.
 *
 * @throws EZ_AUTHORIZATION_INVALID for a path that is not UTF-8
 */
export function expectedServiceSas(accountName: string, url: URL, of: (name: string) => string): string {
  const segments = url.pathname.split('/').slice(1).map(decoded)
  if (!url.host.startsWith(`${accountName}.`)) segments.shift()
  const isBlob = of('sr') !== ''
  const name = of('sr') === 'b' ? segments.join('/') : segments[0]
  let text = ''
  for (const parameter of ['sp', 'st', 'se']) text += `${of(parameter)}\n`
  text += `/${isBlob ? 'blob' : 'queue'}/${accountName}/${name}\n`
  text += `${of('si')}\n${of('sip')}\n${of('spr')}\n${of('sv')}`
  if (isBlob)
    for (const parameter of ['sr', 'snapshot', 'ses', 'rscc', 'rscd', 'rsce', 'rscl', 'rsct'])
      text += `\n${of(parameter)}`
  return text
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw refusal('EZ_AUTHORIZATION_INVALID', 'the path is not UTF-8.')
  }
}
