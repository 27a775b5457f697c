/** Works on items at most `width` at a time, in order of arrival; stops taking new ones when `stop` is aborted. */
export async function pooled<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  width: number,
  work: (item: Item) => Promise<void>,
  stop?: AbortSignal,
): Promise<void> {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()
  const worker = async (): Promise<void> => {
    while (!stop?.aborted) {
      const next = await iterator.next()
      if (next.done) return
      await work(next.value)
    }
  }
  await Promise.all(Array.from({ length: width }, worker))
}
