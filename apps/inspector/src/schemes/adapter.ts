import type { PreparedRequest, Provider } from '@ez/core'
import type { Covers } from '@ez/core/received'
import type { ProviderModule } from '@ez/request-file/signed'

/** Options as `with` of a request file has them. */
export type Options = Readonly<Record<string, unknown>>

/** What a right signature says, whatever its scheme. */
export interface Verified {
  readonly covers: Covers
  readonly keyId?: string
}

/** How the page works with one scheme. All of it is the packages'. */
export interface Adapter {
  /** As `schemeOf` names it. */
  readonly id: string
  readonly title: string
  /** As `use` of a request file names it. */
  readonly use: string
  /** What `diagnoseSigned` reads refusals with. */
  readonly module: ProviderModule
  /** Signs by options. */
  readonly provider: Provider<never>
  /** Options that are nobody's: a verifier that is given them says what it worked out. */
  nobody(prepared: PreparedRequest): Options
  /** @throws the codes of the package's verifier */
  verify(prepared: PreparedRequest, options: Options, now: Date): Promise<Verified>
  /** The steps from the secret to the signature, without values. */
  keySteps(stages: ReadonlyMap<string, string>): readonly string[]
}

/** A text of an object, or nothing. */
export const text = (value: unknown): string => (typeof value === 'string' ? value : '')
