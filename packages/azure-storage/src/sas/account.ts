import { inOrder } from './permissions.ts'
import { filled, type Sas, type SasInput, timesOf } from './sas.ts'

/**
 * A signature for a whole account; it covers neither method nor URL.
 *
 * Source: Microsoft Learn, "Create an account SAS", version 2020-12-06 and later.
 *
 * @throws EZ_OPTION_INVALID
 */
export function createAccountSas({ accountName, version, sas, now }: SasInput): Sas {
  const { services = 'bq', resourceTypes = 'sco', ip = '', protocol = 'https', encryptionScope = '' } = sas
  const permissions = inOrder('sas.permissions', 'account', sas.permissions ?? '')
  const [ss, srt] = [
    inOrder('sas.services', 'services', services),
    inOrder('sas.resourceTypes', 'resourceTypes', resourceTypes),
  ]
  const { start, end } = timesOf(sas, now)
  const lines = [accountName, permissions, ss, srt, start, end, ip, protocol, version, encryptionScope, '']
  return {
    stringToSign: lines.join('\n'),
    parameters: filled([
      ['sv', version],
      ['ss', ss],
      ['srt', srt],
      ['st', start],
      ['se', end],
      ['sp', permissions],
      ['sip', ip],
      ['spr', protocol],
      ['ses', encryptionScope],
    ]),
  }
}
