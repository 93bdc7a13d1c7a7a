/** The document of the json callback, made comparable. */
export function answersOf(document: unknown, exitCode: number): unknown;
