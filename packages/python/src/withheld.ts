import { EzError, type ScriptContext, secretHider } from '@ez/core'

// Anybody may know it: where it comes back it is refused, and nothing is put in its place.
const placeholder = 'ez-withheld-secret'

/** Hides the secrets that a script may not read in a text of the request that it is shown. */
export function hider({ withheld }: ScriptContext): (text: string) => string {
  return withheld.length === 0 ? (text) => text : secretHider(withheld, () => placeholder)
}

/** @throws EZ_SECRET_WITHHELD when a hidden secret comes back */
export function refuseHidden(id: string, written: readonly string[]): void {
  if (written.some((text) => text.includes(placeholder))) throw withheldFrom(id, 'what it writes')
}

/** The error of a script that needs a secret that it may not read. */
export function withheldFrom(id: string, what: string): EzError {
  return new EzError(
    'EZ_SECRET_WITHHELD',
    `${id}: ${what} holds a secret that scripts may not read. Allow it with allowedInScript, or sign with a provider.`,
  )
}
