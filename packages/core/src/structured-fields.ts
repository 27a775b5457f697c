/**
 * Structured fields (RFC 9651): items, lists and dictionaries of a header, read and written.
 *
 * @module
 */
export type { ParseOptions } from './wire/structured/parse.ts'
export { parseDictionary, parseItem, parseList } from './wire/structured/parse.ts'
export {
  serializeDictionary,
  serializeInnerList,
  serializeItem,
  serializeList,
  serializeMember,
} from './wire/structured/serialize.ts'
export type { BareItem, Dictionary, InnerList, Item, Member, Parameters } from './wire/structured/types.ts'
