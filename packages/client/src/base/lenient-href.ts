/** A URL that a server wrote, with each `%` that starts no triplet encoded: it stands for itself. */
export function lenientHref(url: URL): string {
  return url.href.replace(/%(?![0-9A-Fa-f]{2})/g, '%25')
}
