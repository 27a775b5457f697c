import { EzError, type TraceStep } from '@ez/core'
import { printableJson } from '../output/printable.ts'
import { showTrace } from '../output/trace.ts'
import type { TransportFlags } from '../send/transport.ts'
import { type CommonFlags, Session } from '../session.ts'

/** `ez explain`: every stage of the trace, masked; of a request that cannot be prepared, the stages up to there. */
export async function explain(file: string, flags: CommonFlags & TransportFlags): Promise<void> {
  const session = await Session.open(flags)
  const request = await session.loadOne(file)
  const print = (trace: readonly TraceStep[]): void => {
    const text = flags.json ? printableJson({ name: request.value.name, trace }, 2) : showTrace(trace)
    process.stdout.write(`${text}\n`)
  }
  try {
    print((await session.prepare(request)).trace)
  } catch (error) {
    if (EzError.isInstance(error) && error.trace.length > 0 && !flags.json) print(error.trace)
    throw error
  }
}
