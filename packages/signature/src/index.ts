export { type DescribedProvider, defineSignature } from './define.ts'
export type {
  ListRule,
  OptionKind,
  OptionRule,
  PairSource,
  ReceivingRule,
  RefusalRule,
  SignatureDescription,
  TimeFormat,
  TimeRule,
} from './language/description.ts'
export type { Credential, OptionsOf } from './language/options-of.ts'
export type {
  Condition,
  HashName,
  KeyPairAlgorithm,
  ParameterList,
  Piece,
  PieceForm,
  Placements,
  SignatureRule,
  Transforms,
  Written,
} from './language/piece.ts'
export { type DescribedOptions, provider } from './provider.ts'
