import { caseOf } from '../analysis/share.ts'
import type { Example } from '../examples/example.ts'
import { examples } from '../examples/examples.ts'
import * as state from './state.ts'

/** What `ez inspect` writes into the page. */
interface GivenCase {
  readonly request: string
  readonly answer?: string
  readonly status?: number
  readonly at?: string
  readonly nonce?: string
}

/** Fills the page from what the command wrote into it, or from the address. */
export function load(): void {
  const given = JSON.parse(document.getElementById('case')?.textContent ?? 'null') as GivenCase | null
  if (given) fill({ ...given, use: given.answer ? 'diagnose' : 'explain' })
  else fromAddress()
  addEventListener('hashchange', fromAddress)
}

function fromAddress(): void {
  const shared = caseOf(location.hash)
  if (shared) fill({ ...shared, use: shared.use as state.Use })
  const [, id] = /^#example=([\w/-]+)$/.exec(location.hash) ?? []
  const example = id === undefined ? undefined : examples.find((one) => one.id === decodeURIComponent(id))
  if (example) void open(example)
}

/** Fills the page with an example. */
export async function open(example: Example): Promise<void> {
  fill(await example.fill())
  state.said.value = `Example: ${example.title}. Source: ${example.source}.`
}

interface Fill {
  readonly use: state.Use
  readonly request: string
  readonly answer?: string
  readonly status?: number
  readonly scheme?: string
  readonly credentials?: string
  readonly at?: string
  readonly nonce?: string
}

function fill(given: Fill): void {
  state.use.value = ['explain', 'diagnose', 'sign'].includes(given.use) ? given.use : 'explain'
  state.kind.value = 'auto'
  state.request.value = given.request
  state.answer.value = given.answer ?? ''
  state.status.value = given.status === undefined ? '' : String(given.status)
  state.scheme.value = given.scheme ?? ''
  state.credentials.value = given.credentials ?? ''
  state.at.value = given.at ?? ''
  state.nonce.value = given.nonce ?? ''
  state.pointed.value = ''
}
