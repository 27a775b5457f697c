/** A parameter of `content-disposition`: quotes and line breaks would end it (WHATWG HTML, multipart/form-data encoding). */
export function quoteParameter(value: string): string {
  return value.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}
