/** Whole numbers from 0 to below a bound, always the same for the same seed. */
export type Random = (bound: number) => number

/** Mulberry32, a small generator with a state of 32 bits. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * Math.max(1, bound))
  }
}
