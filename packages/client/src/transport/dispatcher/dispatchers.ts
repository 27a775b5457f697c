import type { PreparedRequest } from '@ez/core'
import type { Dispatcher } from 'undici'
import type { Answer, ExchangeOptions, Transport } from '../transport.ts'
import type { TransportOptions } from '../transport-options.ts'
import { createDispatcher } from './create-dispatcher.ts'
import { DispatchedExchange } from './dispatched-exchange.ts'
import { type LoadedUndici, loadUndici, type Undici } from './load-undici.ts'

const latest = Symbol.for('undici.globalDispatcher.2')
const earlier = Symbol.for('undici.globalDispatcher.1')

/** What sends through undici 8. */
export class Dispatchers {
  readonly #undici: Undici
  // What stands there when nobody wished for anything.
  readonly #default: unknown
  readonly #defaultOfFetch: unknown
  readonly #own: Transport

  constructor({ undici, before }: LoadedUndici) {
    this.#undici = undici
    // An agent of this very library is used as it is, whoever made it; one of another copy is the runtime's own.
    this.#default =
      before === undefined
        ? globalOf(latest)
        : isPlain(before) && !(before instanceof undici.Agent)
          ? before
          : undefined
    this.#defaultOfFetch = isPlain(globalOf(earlier)) ? globalOf(earlier) : undefined
    this.#own = transportOf(createDispatcher(undici, {}))
  }

  /**
   * For requests without any wish of their own: the dispatcher that somebody made the global one, as tests do, else
   * ours. `undefined` when somebody replaced that of the runtime's own fetch.
   */
  get shared(): Transport | undefined {
    const set = globalOf(latest)
    if (set !== undefined && set !== this.#default) return transportOf(set as Dispatcher)
    return globalOf(earlier) === this.#defaultOfFetch ? this.#own : undefined
  }

  create(options: TransportOptions): { readonly transport: Transport; readonly fetch: typeof fetch } {
    const dispatcher = createDispatcher(this.#undici, options)
    const send = this.#undici.fetch
    return {
      transport: transportOf(dispatcher),
      // Its types are another copy of the same standard.
      fetch: ((input: string, init?: object) =>
        send(input, { ...init, dispatcher })) as unknown as typeof fetch,
    }
  }
}

const globalOf = (name: symbol): unknown => (globalThis as unknown as Record<symbol, unknown>)[name]

// What undici and Node put there themselves; a MockAgent or a ProxyAgent is somebody's wish.
function isPlain(dispatcher: unknown): boolean {
  const name = (dispatcher as object | undefined)?.constructor?.name
  return name === 'Agent' || name === 'Dispatcher1Wrapper'
}

function transportOf(dispatcher: Dispatcher): Transport {
  return {
    exchange: (prepared: PreparedRequest, options: ExchangeOptions) =>
      new Promise<Answer>((resolve, reject) => {
        new DispatchedExchange(prepared, options, resolve, reject).start(dispatcher)
      }),
  }
}

/** What sends through undici 8; `undefined` when it is not installed, or an older one is. */
export async function loadDispatchers(): Promise<Dispatchers | undefined> {
  const loaded = await loadUndici()
  return loaded && new Dispatchers(loaded)
}
