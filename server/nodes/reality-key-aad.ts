/** What a sealed Reality key is bound to: moved to another row, it does not open. */
export const realityKeyAad = (inboundId: string): string => `inbound.${inboundId}.reality_private_key`;
