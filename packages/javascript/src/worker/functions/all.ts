import { cryptoFunctions } from './crypto.ts'
import type { HostFunction } from './host-function.ts'
import { requestFunctions } from './request.ts'
import { textFunctions } from './text.ts'

const fetchFunctions: Readonly<Record<string, HostFunction>> = {
  fetch: (given, run) =>
    run.send(
      given.number(0),
      given.text(1),
      given.text(2),
      given.text(3),
      given.isNull(4) ? null : given.data(4),
    ),
}

/** Every function of the host that the globals call, by name. */
export const hostFunctions: ReadonlyMap<string, HostFunction> = new Map(
  Object.entries({ ...cryptoFunctions, ...textFunctions, ...requestFunctions, ...fetchFunctions }),
)
