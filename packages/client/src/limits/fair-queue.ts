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

  /** The first item that is ready, of the first lane that has one and whose turn it is. */
  take(ready: (item: Item) => boolean = () => true): Item | undefined {
    for (const [lane, items] of this.#lanes) {
      const index = items.findIndex(ready)
      if (index < 0) continue
      const [item] = items.splice(index, 1)
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
