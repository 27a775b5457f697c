/**
 * The scopes that were asked for and not granted; none when the server does not say what it granted.
 *
 * Source: RFC 6749 section 5.1: a server names the granted scopes when they differ. Some drop them and say nothing
 * more; some vendors separate them by commas.
 */
export function droppedScopes(asked: string | undefined, granted: string | undefined): readonly string[] {
  if (asked === undefined || granted === undefined || granted === '') return []
  const given = new Set(granted.split(/[\s,]+/))
  return asked.split(/[\s,]+/).filter((scope) => scope !== '' && !given.has(scope))
}
