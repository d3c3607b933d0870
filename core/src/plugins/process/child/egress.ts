/** @todo */
export function useEgress(_path: string, _key: string): void {}
