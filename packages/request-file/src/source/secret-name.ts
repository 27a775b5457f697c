// The last word of a name that holds a secret; `token_url`, `key_id` and `monkey` are none.
const secretName =
  /(?:^|[_.-])(?:secret|password|passwd|passphrase|pwd|token|key|credentials?)$|[a-z0-9](?:Secret|Password|Passphrase|Token|Key|Credentials?)$/
const shouted = /^[A-Z0-9_.-]+$/

/** Whether the name of a variable says that it holds a secret. */
export const isSecretName = (name: string): boolean =>
  secretName.test(shouted.test(name) ? name.toLowerCase() : name)
