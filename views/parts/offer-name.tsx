/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { Country } from './marks.tsx';
import { ServiceMark } from './service-mark.tsx';

/** A service and a country with their marks. */
export function OfferName({ service, name, country }: { service: string; name: string; country: string }): JSX.Element {
  return (
    <p class="offer-name">
      <ServiceMark service={service} name={name} /> <b safe>{name}</b> <Country country={country} />
    </p>
  );
}
