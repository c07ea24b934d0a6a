// The settings page: the sections' tabs on phones, and the search for a time zone.
import "./copying";
import { installZones } from "./zones";

const tabs = document.querySelector<HTMLElement>("[data-tabs]");
const here = tabs?.querySelector<HTMLElement>("[aria-current]");
if (tabs && here) tabs.scrollLeft = here.offsetLeft - (tabs.clientWidth - here.offsetWidth) / 2;

for (const select of document.querySelectorAll<HTMLSelectElement>("select[data-zones]")) installZones(select);
