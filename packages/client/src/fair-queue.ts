/** A queue of several lanes that take turns, so that a long lane does not hold up a short one. */
export class FairQueue<Item> {
  // Insertion order is the order of turns: a lane that had its turn goes to the end.
  readonly #lanes = new Map<string, Item[]>()

  get empty(): boolean {
    return this.#lanes.size === 0
  }

  add(lane: string, item: Item): void {
    const items = this.#lanes.get(lane)
    if (items) items.push(item)
    else this.#lanes.set(lane, [item])
  }

  /** The next item of the lane whose turn it is. */
  take(): Item | undefined {
    for (const [lane, items] of this.#lanes) {
      const item = items.shift()
      this.#lanes.delete(lane)
      if (items.length > 0) this.#lanes.set(lane, items)
      return item
    }
    return undefined
  }

  remove(lane: string, item: Item): void {
    const items = this.#lanes.get(lane)
    const index = items?.indexOf(item) ?? -1
    if (!items || index < 0) return
    items.splice(index, 1)
    if (items.length === 0) this.#lanes.delete(lane)
  }
}
