/** How this installation is reached from outside; set once by a program's main. */
export type Installation = {
  /** https://host[:port] */
  panelUrl: string;
  /** host:port as clients dial them. */
  httpProxyAddress: string;
  socksProxyAddress: string;
};

const holder = globalThis as { causewayInstallation?: Installation };

export function initInstallation(installation: Installation): void {
  holder.causewayInstallation = installation;
}

export function getInstallation(): Installation {
  if (holder.causewayInstallation === undefined)
    throw new Error("initInstallation was not called by this program.");
  return holder.causewayInstallation;
}
