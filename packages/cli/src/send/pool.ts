/**
 * Works on items at most `width` at a time, in order of arrival; stops taking new ones when `stop` is aborted.
 *
 * After an error no further item is taken; what is under way is waited for, and then the error thrown.
 */
export async function pooled<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  width: number,
  work: (item: Item) => Promise<void>,
  stop?: AbortSignal,
): Promise<void> {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()
  const errors: unknown[] = []
  const worker = async (): Promise<void> => {
    while (!stop?.aborted && errors.length === 0) {
      try {
        const next = await iterator.next()
        if (next.done) return
        await work(next.value)
      } catch (error) {
        errors.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: width }, worker))
  if (errors.length > 0) throw errors[0]
}
