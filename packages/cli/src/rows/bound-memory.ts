import { setFlagsFromString } from 'node:v8'

/**
 * Keeps the heap of a long run small: what a row leaves behind is collected early, instead of when there is much of it.
 *
 * Rows and records leave nothing that lives on, so this costs hardly any time; see "Rows" and "Flows" in apps/bench/README.md.
 */
export function boundMemory(): void {
  // Megabytes of each half of the young generation; and by how much the old one may grow before it is collected.
  setFlagsFromString('--max-semi-space-size=4')
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--heap-growing-percent=30')
}
