import { EzError } from '@ez/core'
import type { Dispatchers } from './dispatcher/dispatchers.ts'
import { fetchTransport } from './fetch-exchange.ts'
import type { Transport } from './transport.ts'
import type { TransportOptions } from './transport-options.ts'

let loading: Promise<Dispatchers | undefined> | undefined
let dispatchers: Dispatchers | undefined
let loaded = false

/** Chooses what sends the requests of a client. */
export class Transports {
  readonly #options: TransportOptions
  // One for each place to connect to; a client has few.
  readonly #created = new Map<string, ReturnType<Dispatchers['create']>>()

  constructor({ tls, proxy }: Pick<TransportOptions, 'tls' | 'proxy'>) {
    this.#options = { ...(tls && { tls }), ...(proxy !== undefined && { proxy }) }
  }

  /**
   * What sends a request: a `fetch` that the caller gave; undici with the client's own wishes; the runtime's `fetch`,
   * when somebody replaced it, as msw does; the dispatcher that somebody made the global one; undici; `fetch`.
   *
   * @throws EZ_OPTION_INVALID for wishes that it cannot fulfil
   */
  choose(given: typeof fetch | undefined, connectTo: string | undefined): Transport | Promise<Transport> {
    const wish = wishIn(this.#options, connectTo)
    if (given !== undefined) {
      if (wish === undefined) return fetchTransport(given)
      throw new EzError(
        'EZ_OPTION_INVALID',
        `client: option ${wish} does not go with fetch: that makes its own connections. Leave one of them out.`,
      )
    }
    if (wish === undefined && !isRuntimeFetch(globalThis.fetch)) return fetchTransport(globalThis.fetch)
    if (loaded) return this.#choose(wish, connectTo)
    return load().then(() => this.#choose(wish, connectTo))
  }

  /** What scripts of the client send with: connections are made in the same way. */
  get fetch(): typeof fetch | undefined {
    const wish = wishIn(this.#options, undefined)
    if (wish === undefined) return undefined
    return async (input, init) => {
      await load()
      return this.#create(wish, undefined).fetch(input, init)
    }
  }

  #choose(wish: string | undefined, connectTo: string | undefined): Transport {
    if (wish === undefined) return dispatchers?.shared ?? fetchTransport(globalThis.fetch)
    return this.#create(wish, connectTo).transport
  }

  #create(wish: string, connectTo: string | undefined): ReturnType<Dispatchers['create']> {
    if (!dispatchers)
      throw new EzError(
        'EZ_OPTION_INVALID',
        `client: option ${wish} needs undici 8 on Node 22.19 or newer. Install undici beside @ez/client, or give a fetch that does it.`,
      )
    const known = this.#created.get(connectTo ?? '')
    if (known) return known
    const created = dispatchers.create({ ...this.#options, ...(connectTo !== undefined && { connectTo }) })
    this.#created.set(connectTo ?? '', created)
    return created
  }
}

function wishIn({ tls, proxy }: TransportOptions, connectTo: string | undefined): string | undefined {
  return connectTo !== undefined
    ? 'connectTo'
    : proxy !== undefined
      ? 'proxy'
      : tls !== undefined
        ? 'tls'
        : undefined
}

function load(): Promise<unknown> {
  loading ??= loadDispatchers()
  return loading.then((found) => {
    dispatchers = found
    loaded = true
  })
}

async function loadDispatchers(): Promise<Dispatchers | undefined> {
  if (!isNewNode()) return undefined
  const { loadDispatchers: load } = await import('#dispatcher')
  return load()
}

// Others call themselves Node too, and bring their own undici.
function isNewNode(): boolean {
  const { process, Bun, Deno } = globalThis as { process?: NodeJS.Process; Bun?: unknown; Deno?: unknown }
  if (Bun !== undefined || Deno !== undefined || process?.release?.name !== 'node') return false
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  return major > 22 || (major === 22 && minor >= 19)
}

let known: unknown

// Node's own says in its text where it comes from; what replaces it does not.
function isRuntimeFetch(candidate: unknown): boolean {
  if (candidate === known) return true
  if (!Function.prototype.toString.call(candidate).includes('internal/deps/undici')) return false
  known = candidate
  return true
}
