
export type char = u32;

/** What a result without a value has in its place. */
export class Unit {}

// What a case that is not there has in its place; it must not be read.
export function absent<T>(): T {
  if (isReference<T>()) return changetype<T>(0);
  return <T>0;
}

export class Option<T> {
  constructor(public isSome: bool, public value: T) {}
}

export function some<T>(value: T): Option<T> {
  return new Option<T>(true, value);
}

export function none<T>(): Option<T> {
  return new Option<T>(false, absent<T>());
}

export class Result<T, E> {
  constructor(public isErr: bool, public ok: T, public err: E) {}
}

export function ok<T, E>(value: T): Result<T, E> {
  return new Result<T, E>(false, value, absent<E>());
}

export function err<T, E>(error: E): Result<T, E> {
  return new Result<T, E>(true, absent<T>(), error);
}
