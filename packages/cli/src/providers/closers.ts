const closers: (() => unknown)[] = []

/** Remembers what has to be ended before the process can end: interpreters that wait for another script. */
export function closeAtEnd(close: () => unknown): void {
  closers.push(close)
}

/** Ends it all. */
export async function closeAll(): Promise<void> {
  await Promise.allSettled(closers.splice(0).map((close) => close()))
}
