/** Two stages of an interruption: no new request, and then, at the second signal, the end. */
export interface Interruption {
  /** Aborted by the first signal. */
  readonly stop: AbortSignal
  dispose(): void
}

/** Listens for SIGINT and SIGTERM; what is in flight may end, since it may have arrived already. */
export function onInterrupt(note: (text: string) => void): Interruption {
  const controller = new AbortController()
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(130)
    note('Interrupted: waiting for what is in flight. Interrupt again to leave at once.')
    controller.abort()
  }
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  return {
    stop: controller.signal,
    dispose: () => void process.off('SIGINT', interrupt).off('SIGTERM', interrupt),
  }
}
