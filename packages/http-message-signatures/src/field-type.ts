/** How a structured field is read: as an item, a list or a dictionary. */
export type FieldType = 'item' | 'list' | 'dictionary'

/** Types of fields by their lower-case names. */
export type FieldTypes = Readonly<Record<string, FieldType>>

/** The fields that are known to be structured. Source: IANA, Hypertext Transfer Protocol Field Name Registry. */
export const knownFieldTypes: FieldTypes = {
  'accept-ch': 'list',
  'cache-status': 'list',
  'capsule-protocol': 'item',
  'client-cert': 'item',
  'client-cert-chain': 'list',
  'content-digest': 'dictionary',
  'proxy-status': 'list',
  priority: 'dictionary',
  'repr-digest': 'dictionary',
  signature: 'dictionary',
  'signature-agent': 'dictionary',
  'signature-input': 'dictionary',
  'want-content-digest': 'dictionary',
  'want-repr-digest': 'dictionary',
}
