import type { PreRequestScript, Signer } from '@ez/core'

/** A pre-request script or a signer. */
export type ClientStep = PreRequestScript | Signer
