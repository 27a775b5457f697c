import type { QuickJSHandle } from 'quickjs-emscripten-core'
import type { Border } from './border.ts'
import { scripted } from './scripted.ts'

export type ScriptedPart = keyof typeof scripted

/** The scripted parts of one engine, compiled when they are needed, or before. */
export class ScriptedParts {
  readonly #border: Border
  readonly #compiled = new Map<ScriptedPart, QuickJSHandle>()
  /** The parts that this engine's script needed. */
  readonly used: Set<ScriptedPart> = new Set()

  constructor(border: Border) {
    this.#border = border
  }

  compile(part: ScriptedPart): QuickJSHandle {
    const known = this.#compiled.get(part)
    if (known !== undefined) return known
    const { context } = this.#border
    const made = this.#border.hold(context.unwrapResult(context.evalCode(scripted[part], `ez:${part}`)))
    this.#compiled.set(part, made)
    return made
  }

  get(part: ScriptedPart): QuickJSHandle {
    this.used.add(part)
    return this.compile(part)
  }
}
