const largest = 4_000_000

/**
 * Remembers what a pure function made of a text, within bounds: it starts anew when the texts that it knows
 * hold four million characters. What throws is not remembered.
 */
export function memo<Value, Detail = void>(
  make: (text: string, detail: Detail) => Value,
): (text: string, detail: Detail) => Value {
  const known = new Map<string, Value>()
  let characters = 0
  return (text, detail) => {
    let value = known.get(text)
    if (value === undefined) {
      value = make(text, detail)
      // The entry itself weighs as much as a short text.
      characters += text.length + 100
      if (characters > largest) {
        known.clear()
        characters = text.length + 100
      }
      if (text.length < largest) known.set(text, value)
    }
    return value
  }
}
