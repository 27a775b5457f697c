/** Something of the engine that must be freed. */
interface Disposable {
  dispose(): void
}

/** Uses a handle and frees it, also when the use throws: what is left over breaks the engine when it is freed. */
export function use<Handle extends Disposable, Result>(
  handle: Handle,
  run: (handle: Handle) => Result,
): Result {
  try {
    return run(handle)
  } finally {
    handle.dispose()
  }
}
