/** Keys and indexes from the definition's root. */
export type Place = readonly (string | number)[];

export interface Diagnostic {
  severity: 'ERROR' | 'WARNING';
  /** AWS's: `SCHEMA_VALIDATION_FAILED`, `MISSING_END_STATE`, … */
  code: string;
  message: string;
  /** As AWS writes it: `/States/Name/Catch[0]/Next`; absent where AWS gives none. */
  location?: string;
  /** Where the fault is (a missing field: its holder); absent for a text that is no JSON. */
  place?: Place;
}

/** Slashes in names stay as they are, as on AWS; `Diagnostic.place` is for finding the node again. */
export function locationOf(place: Place): string {
  if (place.length === 0) return '/';
  return place.map((step) => (typeof step === 'number' ? `[${step}]` : `/${step}`)).join('');
}
