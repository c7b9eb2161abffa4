/** Global Privacy Control (W3C): exactly `true`, nothing merely truthy, and not Do Not Track. */
export function readGpc(): boolean {
  try {
    return (navigator as Navigator & { globalPrivacyControl?: unknown }).globalPrivacyControl === true;
  } catch {
    return false;
  }
}
