import { signal } from '@preact/signals'
import type { InputKind } from '../read/read-input.ts'

/** What the page is used for. */
export type Use = 'explain' | 'diagnose' | 'sign'

export const use = signal<Use>('explain')
export const request = signal('')
export const kind = signal<InputKind | 'auto' | 'fields'>('auto')
export const answer = signal('')
/** The status of an answer whose body alone was pasted; empty for the usual one. */
export const status = signal('')
/** Id of the chosen scheme; empty to find it. */
export const scheme = signal('')
/** Options of the scheme as YAML; held in memory only. */
export const credentials = signal('')
export const at = signal('')
export const nonce = signal('')
/** Which part of the request a line points to. */
export const pointed = signal('')
/** What was just done, for screen readers. */
export const said = signal('')
