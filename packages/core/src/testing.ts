export type { DescribeSignerOptions, SignerCheck, TestRunner } from './testing/describe-signer.ts'
export { describeSigner, signerChecks } from './testing/describe-signer.ts'
export {
  describeVerifier,
  type VerifierCheck,
  type VerifierSubject,
  verifierChecks,
} from './testing/describe-verifier.ts'
export type { Mutant } from './testing/mutants.ts'
export { mutantsOf } from './testing/mutants.ts'
export type { SignedPart, SignerCheckOptions, SignerSource } from './testing/subject.ts'
export type { Vector, VectorBody } from './testing/vector.ts'
export { bytesOf, contextOf, parseVectors, requestOf } from './testing/vector.ts'
