/** Bodies of functions, by what they try. */
export declare const gentle: Readonly<Record<string, string>>
/** Scripts that may end their interpreter, and the codes that are allowed; `null` for none. */
export declare const fierce: Readonly<
  Record<
    string,
    {
      readonly source: string
      readonly codes: readonly (string | null)[]
      readonly timeoutMs?: number
      readonly everywhere?: boolean
    }
  >
>
