/** What a refusal means, by its status and text. */
export interface Refusal {
  readonly status: number
  readonly says: RegExp
  readonly sentence: string
}

/**
 * Refusals that a signature cannot mend.
 *
 * Source: Azure Cosmos DB, "Disable key-based authentication with RBAC", "Use control and data plane RBAC",
 * "Configure IP firewall", "Restrict user access to data operations only".
 */
export const refusals: readonly Refusal[] = [
  {
    status: 401,
    says: /local authorization is disabled|disableLocalAuth/i,
    sentence:
      'The account does not allow keys (disableLocalAuth). Use aadToken: a Microsoft Entra token of an identity that has a role in the account.',
  },
  {
    status: 403,
    says: /does not have required RBAC permissions|cannot be authorized by AAD token|RBAC/i,
    sentence:
      'The identity of the Entra token has no role that allows this. Assign a data plane role of Cosmos DB, such as "Cosmos DB Built-in Data Contributor"; keys are not concerned.',
  },
  {
    status: 403,
    says: /blocked by (?:your )?(?:cosmos db account )?firewall|origin(?:ated|ating)? from (?:ip|client ip)|public internet|virtual network/i,
    sentence:
      "The account's firewall refuses the address that the request came from. Add it to the account's networking rules.",
  },
]

/** The first refusal that fits. */
export function findRefusal(status: number, message: string): Refusal | undefined {
  return refusals.find((refusal) => refusal.status === status && refusal.says.test(message))
}
