/** Chunks as one array; a single one as it is. */
export function joinedBytes(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const only = chunks[0]
  if (chunks.length === 1 && only) return only
  const bytes = new Uint8Array(length)
  let position = 0
  for (const chunk of chunks) {
    bytes.set(chunk, position)
    position += chunk.length
  }
  return bytes
}
