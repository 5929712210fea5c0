import { type } from 'arktype';

/** A country, a service and a carrier as API clients send them. */
export const Country = type('/^[a-z]{2}$/').configure({
  message: (context) => `${context.propString} must be an ISO 3166-1 code in lower case, such as gb`,
});
export const Service = type('/^[a-z0-9][a-z0-9-]{0,39}$/').configure({
  message: (context) => `${context.propString} must be a service slug in lower case, such as telegram, or any`,
});
export const Carrier = type('/^[a-z0-9][a-z0-9-]{0,39}$/').configure({
  message: (context) => `${context.propString} must be a carrier slug in lower case, such as vodafone, or any`,
});
