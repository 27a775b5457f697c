/** The library. */
export type Undici = typeof import('undici')

/** The library, and the global dispatcher that was there before it. */
export interface LoadedUndici {
  readonly undici: Undici
  readonly before: unknown
}

const latest = Symbol.for('undici.globalDispatcher.2')
const ofFetch = Symbol.for('undici.globalDispatcher.1')

/**
 * undici 8, when it is installed; `undefined` otherwise.
 *
 * undici 8.13.1, as it is loaded, puts its own dispatcher under the runtime's `fetch` and in the place of one that
 * somebody set there by undici 7. What stood there is put back: loading this package changes nothing for others.
 */
export async function loadUndici(): Promise<LoadedUndici | undefined> {
  // Node makes its own when first asked for any of these classes.
  void globalThis.Response
  const globals = globalThis as unknown as Record<symbol, unknown>
  const before = globals[latest]
  const beforeOfFetch = globals[ofFetch]
  try {
    const undici = await import(/* webpackIgnore: true */ /* turbopackIgnore: true */ 'undici')
    return 'Dispatcher1Wrapper' in undici ? { undici, before } : undefined
  } catch {
    return undefined
  } finally {
    if (beforeOfFetch !== undefined && globals[ofFetch] !== beforeOfFetch) globals[ofFetch] = beforeOfFetch
  }
}
