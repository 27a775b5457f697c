/** Outside Node there is no undici: everything goes through `fetch`. */
export const loadDispatchers = (): Promise<undefined> => Promise.resolve(undefined)
