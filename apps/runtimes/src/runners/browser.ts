// A page of a browser: the outcome is left where the driver finds it.
import { runConformance } from '../conformance.ts'

declare const ENDPOINT: string

Object.assign(globalThis, { outcome: runConformance(ENDPOINT) })
