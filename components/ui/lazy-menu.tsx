"use client";
import { type ComponentType, cloneElement, type ReactElement, useState } from "react";

type TriggerProps = {
  onClick?: () => void;
  onPointerEnter?: () => void;
  "aria-haspopup"?: "menu";
  "aria-expanded"?: boolean;
};
export type MenuProps = { trigger: ReactElement; defaultOpen: boolean };

/** A menu that is fetched when it is first asked for: till then the page has only its trigger. */
export function LazyMenu<P extends object>(props: {
  trigger: ReactElement<TriggerProps>;
  load: () => Promise<ComponentType<MenuProps & P>>;
  menuProps: P;
}) {
  const [Menu, setMenu] = useState<ComponentType<MenuProps & P> | null>(null);
  if (Menu) return <Menu trigger={props.trigger} defaultOpen {...props.menuProps} />;
  return cloneElement(props.trigger, {
    "aria-haspopup": "menu",
    "aria-expanded": false,
    onPointerEnter: () => void props.load(),
    onClick: () => void props.load().then((loaded) => setMenu(() => loaded)),
  });
}
